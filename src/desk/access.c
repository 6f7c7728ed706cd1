/* SPDX-License-Identifier: MIT */
/*
 * Entries of the subject "access": see access.h.
 */
#include "access.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/hash.h"
#include "toban/base/log.h"

#define TRIES 20

enum err
access_event(struct call *call, const char *kind, json_t *body, struct event *ret_event)
{
	char *id = arena_alloc(call->arena, NEW_ID_SIZE);
	char *text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	const char *copy = text ? arena_strdup(call->arena, text) : NULL;

	free(text);
	json_decref(body);
	if (!id || !copy) {
		return ERR_NOMEM;
	}
	random_id(call->now, id);
	*ret_event = (struct event){
		.id = id,
		.subject = SUBJECT_ACCESS,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person ? call->person->id : ACTOR_DESK,
		.post = call->post ? call->post : "",
		.kind = kind,
		.form = "",
		.form_version = "",
		.body = copy,
	};
	return ERR_OK;
}

enum err
access_turn(struct call *call, struct event *event)
{
	struct event_list newest = { NULL, 0 };
	enum err e = store_subject_newest(call->store, call->arena, event->subject, 1, &newest);

	if (!e) {
		event->subject_seq = (newest.n ? newest.items[0].subject_seq : 0) + 1;
	}
	return e;
}

enum err
access_commit(struct call *call, struct event *event)
{
	enum err e = ERR_CONFLICT;

	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		struct event once = *event;
		struct store_batch batch = { .events = &once, .n_events = 1 };

		e = access_turn(call, &once);
		e = e ? e : store_commit(call->store, &batch);
	}
	if (e == ERR_UNKNOWN) {
		struct event stored;

		e = store_event_by_id(call->store, call->arena, event->id, &stored);
	}
	if (e) {
		log_line(LOG_ERROR, "an entry about access was not written: %s", err_name(e));
	}
	return e;
}

enum err
access_record(struct call *call, const char *kind, json_t *body)
{
	struct event event;
	enum err e = access_event(call, kind, body, &event);

	return e ? e : access_commit(call, &event);
}

/* --- who reads them -------------------------------------------------------------------- */

/* The case an entry names; NULL: none. */
static const char *
case_of(struct call *call, const struct event *event)
{
	json_t *body = event->body ? json_loads(event->body, 0, NULL) : NULL;

	return json_string_value(json_object_get(call_keep(call, body), "incident"));
}

enum err
access_sight(struct call *call, const struct event *event, enum row_sight *ret_sight)
{
	const unsigned watch = ROLE_AUDITOR | ROLE_OFFICE_HEAD | ROLE_ADMIN;
	const char *id;

	*ret_sight = ROW_HIDDEN;
	if (!call->person || !(call->person->roles & watch)) {
		return ERR_OK;
	}
	id = case_of(call, event);
	*ret_sight = ROW_SEEN;
	return id ? case_sight(call, id, ret_sight) : ERR_OK;
}
