/* SPDX-License-Identifier: MIT */
/*
 * Handovers, looked up again in the entries themselves: each end follows its
 * beginning, nobody accepted their own, nobody took back another's.
 */
#include <string.h>

#include "toban/base/attr.h"
#include "toban/core/handover.h"
#include "verify.h"

static void
check_end(struct verify *verify, const struct event *given, const struct event *end)
{
	bool accepted = strcmp(end->kind, HANDOVER_ACCEPTED) == 0;
	bool same = strcmp(given->actor, end->actor) == 0;

	if (accepted == same) {
		ledger_report(&verify->problems, end->seq, "duties",
			"%s: entry %lld, %s by %s, who had%s handed over", end->subject,
			(long long)end->seq, end->kind, end->actor, same ? "" : " not");
	}
}

static enum err
check_department(struct verify *verify, struct arena *arena, const char *subject)
{
	struct event_list events = { NULL, 0 };
	struct handover_list list = { NULL };
	enum err e = store_subject_newest(verify->call->store, arena, subject, SIZE_MAX, &events);

	if (e) {
		return e;
	}
	e = handover_fold(arena, events.items, events.n, &list);
	handover_release(&list);
	if (e == ERR_CORRUPT) {
		ledger_report(&verify->problems, events.items[0].seq, "unreadable",
			"%s: the entries tell no handovers", subject);
		return ERR_OK;
	}
	for (size_t i = 1; !e && i < events.n; i++) {
		if (strcmp(events.items[i].kind, HANDOVER_GIVEN) == 0 &&
			strcmp(events.items[i - 1].kind, HANDOVER_GIVEN) != 0) {
			check_end(verify, &events.items[i], &events.items[i - 1]);
		}
	}
	return e;
}

enum err
verify_handovers(struct verify *verify)
{
	const struct org *org = verify->call->org;
	struct arena *arena = arena_new();
	enum err e = arena ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; !e && i < org->n_departments; i++) {
		const char *subject;

		arena_clear(arena);
		subject = arena_printf(arena, "%s%s", SUBJECT_HANDOVER, org->departments[i].id);
		e = subject ? check_department(verify, arena, subject) : ERR_NOMEM;
	}
	arena_free(arena);
	return e;
}
