/* SPDX-License-Identifier: MIT */
/*
 * Receivers of messages and what is on its way to them.  Adding and removing
 * a receiver is an entry of the ledger; its secret is in a file of its own and
 * nowhere else.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "doc.h"
#include "method.h"
#include "target.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/notify/notify.h"
#include "toban/notify/secret.h"

#define NAME_MOST 40
#define TRIES 20

/* --- checks ---------------------------------------------------------------------------- */

static bool
is_kebab(const char *name)
{
	size_t len = strlen(name);

	return len <= NAME_MOST && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len &&
		name[0] != '-' && name[len - 1] != '-' && !strstr(name, "--");
}

static enum err
find_target(struct call *call, const char *name, struct target_row *ret_target)
{
	struct target_list targets = { NULL, 0 };
	enum err e = store_targets(call->store, call->arena, &targets);

	if (e) {
		return call_fail_store(call, e, false);
	}
	for (size_t i = 0; i < targets.n; i++) {
		if (targets.items[i].active && strcmp(targets.items[i].name, name) == 0) {
			*ret_target = targets.items[i];
			return ERR_OK;
		}
	}
	return ERR_NOT_FOUND;
}

/*
 * Whether some message would ever be sent for this word: a receiver that waits
 * for a misspelt type would stay silent, and nobody would learn of it.
 */
static bool
is_event_word(const struct call *call, const char *word)
{
	static const char *const types[] = { "crisis.escalated", "crisis.withdrawn",
		"handover.given", "alert.new", "desk.test" };
	const struct flow *flow = &call->procedure->incident_flow;
	bool wanted = false;

	if (strchr(word, ' ')) {
		return false; /* the row's own separator */
	}
	for (size_t i = 0; !wanted && i < ARRAY_LEN(types); i++) {
		wanted = message_wanted(word, types[i]);
	}
	for (size_t i = 0; !wanted && i < flow->n_steps; i++) {
		const char *type = arena_printf(call->arena, "incident.%s", flow->steps[i].name);

		wanted = type && message_wanted(word, type);
	}
	return wanted;
}

/* The event words as the row keeps them: "crisis incident.report". */
static enum err
events_text(struct call *call, const char **ret_text)
{
	const json_t *events = arg_value(call, "events");
	struct str text = STR_INIT;
	const json_t *word;
	size_t i;

	json_array_foreach(events, i, word)
	{
		if (!is_event_word(call, json_string_value(word))) {
			str_release(&text);
			return call_fail_field(call, "D103", "events",
				_("Name events as in crisis, incident.report, incident.* or *."));
		}
		str_add(&text, i ? " " : "");
		str_add(&text, json_string_value(word));
	}
	if (text.len == 0) {
		str_add(&text, "crisis");
	}
	*ret_text = text.failed ? NULL : arena_strdup(call->arena, str_text(&text));
	str_release(&text);
	return *ret_text ? ERR_OK : ERR_NOMEM;
}

/* A receiver of somebody's own gets what that person is told: they must be here. */
static enum err
check_person(struct call *call)
{
	const char *id = arg_text(call, "person");

	if (!id || org_person(call->org, id)) {
		return ERR_OK;
	}
	return call_fail_field(call, "D107", "person", _("Name a registered person."));
}

static enum err
check_add(struct call *call)
{
	const char *name = arg_text(call, "name");
	struct target_row existing;
	struct str why = STR_INIT;
	enum err e = ERR_OK;

	if (!is_kebab(name)) {
		return call_fail_field(call, "D105", "name",
			_("Use small letters, digits and single hyphens, at most 40."));
	}
	if (target_check_url(arg_text(call, "url"), arg_flag(call, "allow_http"), &why)) {
		e = call_fail_field(call, "D102", "url", str_text(&why));
	}
	str_release(&why);
	if (e) {
		return e;
	}
	e = check_person(call);
	if (e) {
		return e;
	}
	e = find_target(call, name, &existing);
	if (!e) {
		return call_fail_field(call, "D103", "name",
			_("There is a receiver of this name; remove it first."));
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* --- recording --------------------------------------------------------------------------- */

/* Appends an entry of the subject "desk" together with the row it speaks of. */
static enum err
record_target(struct call *call, const char *kind, const struct target_row *row, json_t *body)
{
	char *text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	char id[NEW_ID_SIZE];
	struct event event = {
		.id = id,
		.subject = SUBJECT_DESK,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = kind,
		.form = "",
		.form_version = "",
		.body = text,
	};
	struct store_batch batch = {
		.events = &event, .n_events = 1, .targets = row, .n_targets = 1
	};
	enum err e = text ? ERR_CONFLICT : ERR_NOMEM;

	random_id(call->now, id);
	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		struct event_list before = { NULL, 0 };

		e = store_subject(call->store, call->arena, SUBJECT_DESK, &before);
		event.subject_seq = (int64_t)before.n + 1;
		e = e ? e : store_commit(call->store, &batch);
	}
	free(text);
	json_decref(body);
	return e ? call_fail_store(call, e == ERR_CONFLICT ? ERR_BUSY : e, true) : ERR_OK;
}

static json_t *
doc_target(const struct target_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:b, s:s, s:s, s:s}", "name", row->name,
		"kind", row->kind, "url", row->url, "events", target_events(row->events), "active",
		row->active, "allow_http", row->allow_http, "allow_private", row->allow_private,
		"format", row->format, "template", row->template, "person", row->person);
}

/*
 * The secret goes first: a receiver without a secret could not be signed for,
 * a secret without a receiver harms nobody and is replaced by the next try.
 */
static enum err
put_secret(struct call *call, const char *name, const char *secret)
{
	enum err e = secrets_put(call->desk->parts.secrets, name, secret);

	if (e == ERR_INVALID) {
		return call_fail_field(call, "D102", "secret",
			_("A secret is 'whsec_' and the base64 form of 24 to 64 bytes."));
	}
	return e ? call_fail(call, "D503") : ERR_OK;
}

enum err
method_target_add(struct call *call, json_t **ret_result)
{
	struct target_row row = {
		.name = arg_text(call, "name"),
		.kind = "webhook",
		.url = arg_text(call, "url"),
		.allow_http = arg_flag(call, "allow_http"),
		.allow_private = arg_flag(call, "allow_private"),
		.active = true,
		.created_at = call->now,
		.format = FORMAT_GENERIC,
		.template = "",
		.person = arg_text(call, "person") ? arg_text(call, "person") : "",
	};
	const char *given = arg_text(call, "secret");
	struct str secret = STR_INIT;
	enum err e = check_add(call);

	if (!e) {
		e = events_text(call, &row.events);
	}
	if (!e && given) {
		str_add(&secret, given);
	} else if (!e) {
		secret_make(&secret);
	}
	if (!e) {
		e = secret.failed ? ERR_NOMEM : put_secret(call, row.name, str_text(&secret));
	}
	if (!e) {
		e = record_target(call, "target-added", &row, target_body(&row));
	}
	if (!e) {
		*ret_result = json_pack("{s:s, s:s, s:o, s:s}", "name", row.name, "url", row.url,
			"events", target_events(row.events), "secret", str_text(&secret));
	}
	str_release(&secret);
	return e;
}

enum err
method_target_list(struct call *call, json_t **ret_result)
{
	struct target_list targets = { NULL, 0 };
	enum err e = store_targets(call->store, call->arena, &targets);
	json_t *items;

	if (e) {
		return call_fail_store(call, e, false);
	}
	items = json_array();
	for (size_t i = 0; i < targets.n; i++) {
		if (targets.items[i].active) {
			json_array_append_new(items, doc_target(&targets.items[i]));
		}
	}
	*ret_result = json_pack("{s:o}", "targets", items);
	return ERR_OK;
}

/* The row stays, inactive: messages in the outbox still name it. */
enum err
method_target_remove(struct call *call, json_t **ret_result)
{
	const char *name = arg_text(call, "name");
	struct target_row row;
	enum err e = find_target(call, name, &row);

	if (e == ERR_NOT_FOUND) {
		return call_fail(call, "D501");
	}
	if (e) {
		return e;
	}
	row.active = false;
	e = record_target(call, "target-removed", &row, json_pack("{s:s}", "name", name));
	if (!e && secrets_put(call->desk->parts.secrets, name, NULL)) {
		e = call_fail(call, "D503");
	}
	if (!e) {
		*ret_result = json_object();
	}
	return e;
}

/* --- a test message -------------------------------------------------------------------------- */

enum err
method_target_test(struct call *call, json_t **ret_result)
{
	struct target_row target;
	struct ledger_head head;
	char id[NEW_ID_SIZE];
	const struct event event = { .id = id,
		.subject = SUBJECT_DESK,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = "desk.test",
		.form = "",
		.form_version = "",
		.body = "{}" };
	const struct message_source source = { .procedure = call->procedure,
		.org = call->org,
		.event = &event,
		.head = &head,
		.type = "desk.test" };
	struct outbox_row row = { .type = source.type,
		.subject = "",
		.created_at = call->now,
		.next_at = call->now,
		.state = "waiting",
		.last_answer = "",
		.changed_at = call->now };
	struct store_batch batch = { .outbox = &row, .n_outbox = 1 };
	char *body;
	enum err e = find_target(call, arg_text(call, "name"), &target);

	if (e == ERR_NOT_FOUND) {
		return call_fail(call, "D501");
	}
	if (!e) {
		e = store_head(call->store, &head);
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	random_id(call->now, id);
	row.id = arena_printf(call->arena, "msg_%s", id);
	row.target = target.name;
	body = message_body(&source);
	row.body = body;
	e = body && row.id ? store_commit(call->store, &batch) : ERR_NOMEM;
	free(body);
	if (e) {
		return call_fail_store(call, e, true);
	}
	*ret_result = json_pack("{s:s}", "id", row.id);
	return ERR_OK;
}
