/* SPDX-License-Identifier: MIT */
/*
 * The entries about who is there: each must say something, or the chain was made
 * without it.
 */
#include "toban/core/duty.h"
#include "verify.h"

enum err
verify_people(struct verify *verify)
{
	struct arena *arena = arena_new();
	struct event_list events = { NULL, 0 };
	struct duty duty;
	enum err e = arena ? store_subject(verify->call->store, arena, SUBJECT_DUTY, &events)
			   : ERR_NOMEM;

	if (!e) {
		e = duty_fold(arena, events.items, events.n, &duty);
	}
	if (!e && duty.faulty_seq) {
		ledger_report(&verify->problems, duty.faulty_seq, "unreadable",
			"entry %lld says nothing about who is there", (long long)duty.faulty_seq);
	}
	arena_free(arena);
	return e;
}
