/* SPDX-License-Identifier: MIT */
/*
 * Recording who sat down where: see sitting.h.
 */
#include "sitting.h"

#include "access.h"

#define TRIES 20 /* somebody may be faster, again and again, but not for ever */

enum err
sitting_record(struct call *call, const struct sitting *sitting)
{
	struct event event;
	enum err e = access_event(call, sitting->kind, sitting->body, &event);

	if (e) {
		return e;
	}
	event.actor = sitting->actor ? sitting->actor : ACTOR_DESK;
	e = ERR_CONFLICT;
	for (int i = 0; i < TRIES && e == ERR_CONFLICT; i++) {
		struct event once = event;
		struct store_batch batch = {
			.events = &once, .n_events = 1, .pins = sitting->pins
		};

		e = access_turn(call, &once);
		e = e ? e : store_commit(call->store, &batch);
	}
	if (e == ERR_UNKNOWN) {
		struct event stored;

		e = store_event_by_id(call->store, call->arena, event.id, &stored);
		e = e == ERR_NOT_FOUND ? ERR_IO : e ? ERR_UNKNOWN : ERR_OK;
	}
	return e ? call_fail_store(call, e == ERR_CONFLICT ? ERR_BUSY : e, true) : ERR_OK;
}
