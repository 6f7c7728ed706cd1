/* SPDX-License-Identifier: MIT */
/*
 * The life of one call: what it borrows from the desk and what it gives back.
 */
#include "call.h"

#include <string.h>

#include "seat.h"
#include "toban/base/memory.h"

enum err
call_start(struct call *call, struct seat *seat, const json_t *args)
{
	struct desk *desk = seat->desk;
	size_t refusals = memory_refusals();

	memory_put_aside(); /* what the last call may have used up */
	desk_org_follow(desk);
	*call = (struct call){
		.desk = desk,
		.store = desk->parts.store,
		.procedure = desk->parts.procedure,
		.org = desk->org,
		.seat = seat,
		.person = seat->person,
		.post = seat->post ? seat->post->id : "",
		.login = seat->login ? seat->login : "",
		.arena = arena_new(),
		.now = clock_now(&desk->parts.clock),
		.args = args,
		.refusals = refusals,
		.kept = json_array(),
	};
	return call->arena && call->kept ? ERR_OK : ERR_NOMEM;
}

bool
call_memory_short(const struct call *call)
{
	return memory_refusals() != call->refusals;
}

void
call_end(struct call *call)
{
	for (struct dossier *d = call->dossiers; d; d = d->next) {
		incident_release(&d->incident);
	}
	json_decref(call->kept);
	arena_free(call->arena);
}

json_t *
call_keep(struct call *call, json_t *document)
{
	if (document && json_array_append_new(call->kept, document) != 0) {
		return NULL; /* jansson gave the reference back already */
	}
	return document;
}

struct step_context
call_context(struct call *call, const struct incident *incident)
{
	return (struct step_context){
		.procedure = call->procedure,
		.org = call->org,
		.incident = incident,
		.person = call->person,
		.now = call->now,
		.duty = call_duty(call),
	};
}

struct form_context
call_form_context(const struct call *call, const struct incident *incident)
{
	return (struct form_context){
		.procedure = call->procedure,
		.org = call->org,
		.incident = incident,
		.now = call->now,
		.offset_min = call->org->offset_min,
	};
}

/* The hash of the first entry is no other desk's; it is read once. */
enum err
call_founded(struct call *call, const char **ret_founded)
{
	struct desk *desk = call->desk;
	struct event_list first = { NULL, 0 };
	enum err e = ERR_OK;

	if (!desk->founded[0]) {
		e = store_events(call->store, call->arena, 0, 1, &first);
	}
	if (first.n == 1) {
		hash_hex(&first.items[0].row_hash, desk->founded);
	}
	if (!e) {
		*ret_founded = desk->founded;
	}
	return e;
}
