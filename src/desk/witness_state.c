/* SPDX-License-Identifier: MIT */
/*
 * The memory of ends that went out: see witness_state.h.
 */
#include "witness_state.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/store/wake.h"
#include "witness.h"

#define TRIES 20

static const char *
text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

/* The members that are read often, of state->json. */
static void
read_members(struct witness_state *state)
{
	const json_t *head = json_object_get(state->json, "head");
	const char *at = text_of(head, "signed_at");

	state->made_at = STAMP_NONE;
	if (*at) {
		(void)stamp_parse(at, &state->made_at); /* stays as it is: none was made */
	}
	state->made_seq = json_integer_value(json_object_get(head, "seq"));
	state->line = text_of(state->json, "line");
	state->pending = json_is_true(json_object_get(state->json, "pending"));
	state->in_syslog = json_is_true(json_object_get(state->json, "in_syslog"));
	state->file_fault = text_of(state->json, "file_fault");
	state->fault = text_of(state->json, "fault");
}

enum err
witness_state_read(struct call *call, struct witness_state *ret_state)
{
	struct witness_state state = { .text = "" };
	enum err e = store_engine_get(call->store, call->arena, WITNESS_STATE, &state.text);
	json_t *json;

	if (e && e != ERR_NOT_FOUND) {
		return e;
	}
	json = json_loads(state.text, 0, NULL);
	if (!json_is_object(json)) {
		json_decref(json);
		json = json_object();
	}
	state.json = call_keep(call, json);
	if (!state.json) {
		return ERR_NOMEM;
	}
	read_members(&state);
	*ret_state = state;
	return ERR_OK;
}

static const char *
dump(struct call *call, const json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	const char *kept = text ? arena_strdup(call->arena, text) : NULL;

	free(text);
	return kept;
}

/* Stores state->json as it is now. */
static enum err
store_state(struct call *call, struct witness_state *state)
{
	const char *text = dump(call, state->json);
	enum err e = text ? store_engine_put(call->store, WITNESS_STATE, text) : ERR_NOMEM;

	if (!e) {
		state->text = text;
		read_members(state);
	}
	return e;
}

/* --- where ends go ------------------------------------------------------------------------ */

static json_t *
config_of(const struct witness_parts *parts)
{
	return json_pack("{s:s?, s:b}", "file", parts->file, "syslog", parts->to_syslog);
}

static enum err
record_config(struct call *call, const json_t *config)
{
	const char *body = dump(call, config);
	enum err e = body ? ERR_CONFLICT : ERR_NOMEM;

	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		struct event_list newest = { NULL, 0 };
		char id[NEW_ID_SIZE];
		struct event event = { .id = id,
			.subject = SUBJECT_DESK,
			.at = call->now,
			.happened_at = STAMP_NONE,
			.actor = ACTOR_DESK,
			.post = "",
			.kind = WITNESS_SET,
			.form = "",
			.form_version = "",
			.body = body };
		struct store_batch batch = { .events = &event, .n_events = 1 };

		random_id(call->now, id);
		e = store_subject_newest(call->store, call->arena, SUBJECT_DESK, 1, &newest);
		event.subject_seq = newest.n ? newest.items[0].subject_seq + 1 : 1;
		e = e ? e : store_commit(call->store, &batch);
	}
	return e;
}

/*
 * An engine beside an open screen is not the service and knows nothing of its file: what it does
 * not do is no change.
 */
enum err
witness_state_configured(struct call *call, struct witness_state *state)
{
	const struct witness_parts *parts = &call->desk->parts.witness;
	const json_t *before = json_object_get(state->json, "config");
	json_t *config = call_keep(call, config_of(parts));
	enum err e;

	if (!config) {
		return ERR_NOMEM;
	}
	if (json_equal(before, config) ||
		(!parts->file && !parts->to_syslog && (!before || !parts->by_service))) {
		return ERR_OK;
	}
	e = record_config(call, config);
	if (e) {
		return e;
	}
	return json_object_set(state->json, "config", config) ? ERR_NOMEM
							      : store_state(call, state);
}

/* --- a new end ------------------------------------------------------------------------------ */

enum err
witness_state_gather(struct call *call, json_t *state)
{
	json_t *took = json_object_get(state, "took");
	const json_t *seq = json_object_get(json_object_get(state, "head"), "seq");
	json_t *messages = json_object_get(state, "messages");
	const char *target;
	json_t *id;
	enum err e = ERR_OK;

	if (!took) {
		took = json_object();
		if (json_object_set_new(state, "took", took)) {
			return ERR_NOMEM;
		}
	}
	json_object_foreach(messages, target, id)
	{
		struct outbox_row row;
		enum err found =
			store_outbox_message(call->store, call->arena, json_string_value(id), &row);

		if (found && found != ERR_NOT_FOUND) {
			e = found;
		}
		if (!found && strcmp(row.state, "sent") == 0 &&
			json_object_set_new(took, target,
				json_pack("{s:I, s:I}", "seq", json_integer_value(seq), "at",
					(json_int_t)row.changed_at))) {
			e = ERR_NOMEM;
		}
	}
	return e;
}

enum err
witness_state_made(struct call *call, const struct witness_state *state, json_t *head,
	const struct outbox_list *outbox, const char **ret_text)
{
	const json_t *config = json_object_get(state->json, "config");
	bool outside = json_is_string(json_object_get(config, "file")) ||
		json_is_true(json_object_get(config, "syslog"));
	json_t *next = call_keep(call, json_deep_copy(state->json));
	json_t *messages = call_keep(call, json_object());
	const char *line = dump(call, head);
	enum err e = next && messages && line ? witness_state_gather(call, next) : ERR_NOMEM;

	for (size_t i = 0; !e && i < outbox->n; i++) {
		e = json_object_set_new(
			    messages, outbox->items[i].target, json_string(outbox->items[i].id))
			? ERR_NOMEM
			: ERR_OK;
	}
	if (e) {
		return e;
	}
	if (json_object_set(next, "head", head) || json_object_set(next, "messages", messages) ||
		json_object_set_new(next, "line", json_string(line)) ||
		json_object_set_new(next, "fault", json_string("")) ||
		json_object_set_new(next, "pending", json_boolean(outside)) ||
		json_object_set_new(next, "in_syslog", json_false())) {
		return ERR_NOMEM;
	}
	*ret_text = dump(call, next);
	return *ret_text ? ERR_OK : ERR_NOMEM;
}

enum err
witness_state_told(struct call *call, struct witness_state *state, const char *fault)
{
	const struct witness_parts *parts = &call->desk->parts.witness;
	json_t *took = json_object_get(state->json, "took");
	json_t *mark = call_keep(call,
		json_pack("{s:I, s:I}", "seq", (json_int_t)state->made_seq, "at",
			(json_int_t)call->now));

	if (!took || !mark || (parts->file && !fault && json_object_set(took, "file", mark)) ||
		(parts->to_syslog && json_object_set(took, "syslog", mark)) ||
		json_object_set_new(state->json, "file_fault", json_string(fault ? fault : "")) ||
		json_object_set_new(state->json, "pending", json_boolean(fault != NULL)) ||
		json_object_set_new(state->json, "in_syslog", json_boolean(fault != NULL))) {
		return ERR_NOMEM;
	}
	return store_state(call, state);
}

enum err
witness_state_fault(struct call *call, struct witness_state *state, const char *fault)
{
	if (strcmp(state->fault, fault) == 0) {
		return ERR_OK;
	}
	return json_object_set_new(state->json, "fault", json_string(fault))
		? ERR_NOMEM
		: store_state(call, state);
}
