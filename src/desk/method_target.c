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
#include "toban/core/head.h"
#include "toban/core/promise.h"
#include "toban/core/template.h"
#include "toban/notify/notify.h"
#include "toban/notify/render.h"
#include "toban/notify/rights.h"
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

enum err
target_find(struct call *call, const char *name, struct target_row *ret_target)
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
		"access.break-glass", TYPE_RIGHTS, "handover.given", "alert.new", "desk.test",
		TYPE_HEAD,
		"clock." KIND_REMIND, "clock." KIND_OVERDUE, "clock." KIND_PASS_ON,
		"clock." KIND_RAISE,
		"clock." KIND_NOBODY_REACHED, "clock." KIND_LAPSE };
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

/* A form the receiver wants; the address decides by which way it travels. */
static enum err
check_format(struct call *call, const char *url)
{
	const char *format = arg_text(call, "format");
	const char *const *words = format_words();

	if (!format) {
		return ERR_OK;
	}
	if (strcmp(target_kind(url), "mail") == 0 && strcmp(format, FORMAT_GENERIC) != 0) {
		return call_fail_field(
			call, "D103", "format", _("Mail has one form only; choose a template."));
	}
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], format) == 0) {
			return ERR_OK;
		}
	}
	return call_fail_field(call, "D103", "format",
		_("Choose generic, slack, mattermost, teams or alertmanager."));
}

/* The names of all templates, for who named another. */
static enum err
check_template(struct call *call)
{
	const char *name = arg_text(call, "template");
	struct str names = STR_INIT;
	struct str text = STR_INIT;
	enum err e;

	if (!name || !*name || procedure_template(call->procedure, name)) {
		return ERR_OK;
	}
	for (size_t i = 0; i < call->procedure->n_templates; i++) {
		str_add(&names, i ? ", " : "");
		str_add(&names, call->procedure->templates[i].name);
	}
	str_say(&text, _("There is no such template. There are: {names}."),
		&(struct str_arg){ "names", str_text(&names) }, 1);
	e = call_fail_field(call, "D103", "template", str_text(&text));
	str_release(&names);
	str_release(&text);
	return e;
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
	e = check_format(call, arg_text(call, "url"));
	e = e ? e : check_template(call);
	e = e ? e : check_person(call);
	if (e) {
		return e;
	}
	e = target_find(call, name, &existing);
	if (!e && !existing.stopped) {
		return call_fail_field(call, "D103", "name",
			_("There is a receiver of this name; remove it first."));
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e; /* one that was stopped is replaced */
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

/* What a personal receiver wants is what its person is told. */
static json_t *
doc_events(const struct target_row *row)
{
	return row->person[0] ? json_array() : target_events(row->events);
}

static json_t *
doc_target(const struct target_row *row, const char *url)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:b, s:s, s:s, s:s, s:b}", "name",
		row->name, "kind", row->kind, "url", url, "events", doc_events(row), "active",
		row->active, "allow_http", row->allow_http, "allow_private", row->allow_private,
		"format", row->format, "template", row->template, "person", row->person, "stopped",
		row->stopped);
}

/* --- its secret ------------------------------------------------------------------------- */

/* The file of secrets could not be changed: with its name, when that is why. */
static enum err
fail_secrets(struct call *call)
{
	const char *path;
	enum err fault = secrets_fault(call->desk->parts.secrets, &path);
	struct str text = STR_INIT;
	enum err e;

	if (!fault) {
		return call_fail(call, "D503");
	}
	(void)target_say_fault(fault, path, &text); /* toban doctor says it, says D503 */
	e = call_fail_text(call, "D503", str_text(&text));
	str_release(&text);
	return e;
}

static enum err
store_secret(struct call *call, const char *name, const char *secret)
{
	enum err e = secrets_put(call->desk->parts.secrets, name, secret);

	if (e == ERR_INVALID) {
		return call_fail_field(call, "D102", "secret",
			secret_password(secret)
				? _("A password has 1 to 255 bytes and no control characters.")
				: _("A secret is 'whsec_' and the base64 form of 24 to 64 bytes."));
	}
	return e ? fail_secrets(call) : ERR_OK;
}

/* The service manager holds it: then it is set there and nowhere else. */
static enum err
use_given_secret(struct call *call, const char *name)
{
	const char *secret = secrets_get(call->desk->parts.secrets, name);
	bool mail = strcmp(target_kind(arg_text(call, "url")), "mail") == 0;

	if (arg_text(call, "secret")) {
		return call_fail_field(call, "D103", "secret",
			_("The secret of this name comes from the credential toban.secrets; "
			  "change it there."));
	}
	if (mail != (secret_password(secret) != NULL)) {
		return call_fail_field(call, "D103", "secret",
			_("The credential toban.secrets holds a secret of another kind under "
			  "this name: whsec_... is for webhooks, smtp:... for mail."));
	}
	return ERR_OK;
}

/* A mail server asks for a password when the address names a user, and only then. */
static enum err
put_password(struct call *call, const char *name)
{
	const char *password = arg_text(call, "secret");
	struct mail_place place;
	struct str secret = STR_INIT;
	bool login;
	enum err e = mail_place_read(arg_text(call, "url"), &place);

	if (e) {
		return e;
	}
	login = place.user != NULL;
	mail_place_release(&place);
	if (login != (password != NULL)) {
		return call_fail_field(call, "D103", "secret",
			login ? _("The address names a user: give the password in a file.")
			      : _("The address names no user: there is nobody to log in."));
	}
	if (!login) {
		return ERR_OK;
	}
	str_addf(&secret, "smtp:%s", password);
	e = secret.failed ? ERR_NOMEM : store_secret(call, name, str_text(&secret));
	if (secret.data) {
		explicit_bzero(secret.data, secret.cap);
	}
	str_release(&secret);
	return e;
}

/*
 * The secret goes first: a receiver without a secret could not be signed for,
 * a secret without a receiver harms nobody and is replaced by the next try.
 * What is to be shown, once, is added to `made`: a secret made here, and none that
 * its owner gave.
 */
static enum err
put_secret(struct call *call, const char *name, struct str *made)
{
	const char *given = arg_text(call, "secret");

	if (secrets_is_given(call->desk->parts.secrets, name)) {
		return use_given_secret(call, name);
	}
	if (strcmp(target_kind(arg_text(call, "url")), "mail") == 0) {
		return put_password(call, name);
	}
	if (given) {
		/* A password in a webhook's place would be stored under the wrong name. */
		if (secret_password(given)) {
			return call_fail_field(call, "D102", "secret",
				_("A secret is 'whsec_' and the base64 form of 24 to 64 bytes."));
		}
		return store_secret(call, name, given);
	}
	secret_make(made);
	return made->failed ? ERR_NOMEM : store_secret(call, name, str_text(made));
}

static const char *
text_or(const struct call *call, const char *name, const char *otherwise)
{
	const char *text = arg_text(call, name);

	return text ? text : otherwise;
}

enum err
method_target_add(struct call *call, json_t **ret_result)
{
	struct target_row row = {
		.name = arg_text(call, "name"),
		.kind = target_kind(arg_text(call, "url")),
		.url = arg_text(call, "url"),
		.allow_http = arg_flag(call, "allow_http"),
		.allow_private = arg_flag(call, "allow_private"),
		.active = true,
		.created_at = call->now,
		.format = text_or(call, "format", FORMAT_GENERIC),
		.template = text_or(call, "template", ""),
		.person = text_or(call, "person", ""),
	};
	struct str made = STR_INIT;
	enum err e = check_add(call);

	if (!e) {
		e = events_text(call, &row.events);
	}
	if (!e) {
		e = put_secret(call, row.name, &made);
	}
	if (!e) {
		e = record_target(call, "target-added", &row, target_body(&row));
	}
	if (!e) {
		*ret_result = json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s*}", "name",
			row.name, "kind", row.kind, "url", target_masked(call->arena, row.url),
			"events", doc_events(&row), "format", row.format, "template", row.template,
			"person", row.person, "secret", made.len ? str_text(&made) : NULL);
	}
	if (made.data) {
		explicit_bzero(made.data, made.cap);
	}
	str_release(&made);
	return e;
}

enum err
method_target_list(struct call *call, json_t **ret_result)
{
	struct target_list targets = { NULL, 0 };
	bool whole = arg_flag(call, "addresses");
	json_t *items;
	enum err e;

	/* Whoever has the address of a chat room can write into it. */
	if (whole && !(call->person->roles & ROLE_ADMIN)) {
		return call_fail(call, "D301");
	}
	e = store_targets(call->store, call->arena, &targets);
	if (e) {
		return call_fail_store(call, e, false);
	}
	items = json_array();
	for (size_t i = 0; i < targets.n; i++) {
		const struct target_row *row = &targets.items[i];

		if (row->active) {
			const char *url = whole ? row->url : target_masked(call->arena, row->url);

			json_array_append_new(items, doc_target(row, url));
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
	enum err e = target_find(call, name, &row);

	if (e == ERR_NOT_FOUND) {
		return call_fail(call, "D501");
	}
	if (e) {
		return e;
	}
	row.active = false;
	row.stopped = false;
	e = record_target(call, "target-removed", &row, json_pack("{s:s}", "name", name));
	if (!e && secrets_put(call->desk->parts.secrets, name, NULL)) {
		e = fail_secrets(call);
	}
	if (!e) {
		*ret_result = json_object();
	}
	return e;
}

/* Its owner repaired it: what it answered then counts no longer. */
enum err
method_target_start(struct call *call, json_t **ret_result)
{
	struct target_row row;
	enum err e = target_find(call, arg_text(call, "name"), &row);

	if (e == ERR_NOT_FOUND) {
		return call_fail(call, "D501");
	}
	if (e) {
		return e;
	}
	if (row.stopped) {
		row.stopped = false;
		e = record_target(call, "target-started", &row, target_body(&row));
	}
	if (!e) {
		*ret_result = json_object();
	}
	return e;
}
