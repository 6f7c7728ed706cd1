/* SPDX-License-Identifier: MIT */
/*
 * Erasures: each decided where entries of that kind are erased - in the case, or among the
 * erasures of everything else, where it is looked at who decides them - and the note of an erased
 * entry leading to its own.  The walk over the chain believes whatever names the entry.
 */
#include <string.h>

#include "toban/core/erasure.h"
#include "verify.h"

/* Whether the entry `seq` may be erased by this one. */
static enum err
is_decided_here(struct verify *verify, struct arena *arena, const struct event *event, int64_t seq,
	bool *ret_is)
{
	bool of_case = verify_is_of_case(event);
	struct event_list erased = { NULL, 0 };
	enum err e = ERR_OK;

	*ret_is = of_case || strcmp(event->subject, SUBJECT_ERASURE) == 0;
	if (*ret_is && seq > 0) {
		e = store_events(verify->call->store, arena, seq - 1, 1, &erased);
	}
	/* What is not there was taken away: the walk names it. */
	if (!e && erased.n && erased.items[0].seq == seq) {
		*ret_is = of_case ? strcmp(erased.items[0].subject, event->subject) == 0
				  : !verify_is_of_case(&erased.items[0]);
	}
	return e;
}

enum err
verify_erasure(struct verify *verify, struct arena *arena, const struct event *event)
{
	int64_t seq;
	bool decided = true;
	enum err e = ERR_OK;

	if (!event->body && event->kept && erasure_names(event->kept) != event->seq) {
		ledger_report(&verify->problems, event->seq, "missing",
			"the note of the erasure of entry %lld leads to another entry",
			(long long)event->seq);
	}
	seq = strcmp(event->kind, KIND_ERASE) == 0 ? erasure_names(event->body) : 0;
	if (seq) {
		e = is_decided_here(verify, arena, event, seq, &decided);
	}
	if (!e && !decided) {
		ledger_report(&verify->problems, event->seq, "duties",
			"%s: entry %lld, erase by %s, erases entry %lld where nobody decides that",
			event->subject, (long long)event->seq, event->actor, (long long)seq);
	}
	return e;
}
