/* SPDX-License-Identifier: MIT */
/*
 * Drafts: what a person typed and did not send.  They are no part of the
 * record, belong to one person, and are durable on return.
 */
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "call.h"
#include "doc.h"
#include "draft.h"
#include "method.h"
#include "sight.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

/*
 * Bytes of a draft: the largest form many times over, and a long paste that waits for
 * an answer; the store takes no row of more than 1 MiB.
 */
#define BODY_MOST (960 * 1024)

static json_t *
doc_number(int64_t number)
{
	return json_sprintf("D-%lld", (long long)number);
}

static enum err
fail_draft(struct call *call)
{
	return call_fail_text(call, "D304", _("You have no draft of this number."));
}

/* The caller's draft that the argument names. */
static enum err
find_draft(struct call *call, struct draft_row *ret_draft)
{
	enum err e = draft_find(call, arg_draft(call, "draft"), ret_draft);

	if (e == ERR_NOT_FOUND) {
		return fail_draft(call);
	}
	return e ? call_fail_store(call, e, false) : ERR_OK;
}

/* Two terminals go on with one draft: the later must not wipe out what the earlier typed. */
static enum err
fail_went_on(struct call *call)
{
	return call_fail_text(
		call, "D205", _("Not saved: this draft went on at another screen meanwhile."));
}

/* The draft that is replaced is yours, and the one the caller means; its body and alert go to
 * `saved`. */
static enum err
check_replaced(struct call *call, struct draft_row *saved)
{
	const char *expect = arg_text(call, "expect");
	struct draft_row draft;
	char state[HASH_HEX_SIZE];
	enum err e = find_draft(call, &draft);

	if (e) {
		return e;
	}
	/* A report begun from an alert stays one, also where a screen does not say so. */
	if (!saved->subject[0] && alert_number(draft.subject)) {
		saved->subject = draft.subject;
	}
	if (!expect) {
		return ERR_OK;
	}
	draft_state(draft.body, state);
	if (strcmp(state, expect) != 0) {
		return fail_went_on(call);
	}
	saved->before = draft.body;
	return ERR_OK;
}

/* What is written at a handover and about duty is no form of the procedure. */
static bool
is_of_no_case(const char *form)
{
	static const char *const forms[] = { "handover", "handover-accept", "absence",
		"roster-exception", "way" };

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (strcmp(forms[i], form) == 0) {
			return true;
		}
	}
	return false;
}

/* A draft is of a report, a step of an incident, or nothing at all. */
static enum err
check_save(struct call *call, struct draft_row *saved)
{
	const char *form = arg_text(call, "form");
	const char *subject = arg_text(call, "subject");
	struct dossier *dossier = NULL;
	struct alert_row alert;
	enum err e = ERR_OK;

	if (!is_of_no_case(form) && !procedure_form(call->procedure, form) &&
		!flow_find_step(&call->procedure->incident_flow, form)) {
		return call_fail_field(
			call, "D103", "form", _("The procedure knows no form of this name."));
	}
	if (subject && alert_number(subject) && strcmp(form, "report") == 0) {
		e = alert_find(call, subject, &alert); /* the report that is made of it */
	} else if (subject) {
		e = dossier_open(call, subject, &dossier);
	}
	if (!e && arg_text(call, "draft")) {
		e = check_replaced(call, saved);
	}
	return e;
}

enum err
method_draft_save(struct call *call, json_t **ret_result)
{
	const char *subject = arg_text(call, "subject");
	struct draft_row draft = {
		.number = arg_draft(call, "draft"),
		.person = call->person->id,
		.form = arg_text(call, "form"),
		.subject = subject ? subject : "",
		.saved_at = call->now,
	};
	char state[HASH_HEX_SIZE];
	enum err e = check_save(call, &draft);
	char *body;

	if (e) {
		return e;
	}
	body = json_dumps(arg_value(call, "fields"), JSON_COMPACT | JSON_SORT_KEYS);
	if (!body) {
		return ERR_NOMEM;
	}
	if (strlen(body) > BODY_MOST) {
		free(body);
		return call_fail_field(
			call, "D104", "fields", _("This draft is too large to keep."));
	}
	e = draft_check_room(call, draft.number, draft.number ? 0 : 1, strlen(body));
	if (e) {
		free(body);
		return e;
	}
	draft.body = body;
	e = store_draft_put(call->store, &draft, &draft.number);
	draft_state(body, state);
	free(body);
	if (e == ERR_CONFLICT) {
		return fail_went_on(call);
	}
	if (e) {
		return call_fail_store(call, e, true);
	}
	*ret_result = json_pack("{s:o, s:o, s:s}", "draft", doc_number(draft.number), "saved_at",
		json_of_time(call, call->now), "hash", state);
	return ERR_OK;
}

/*
 * A draft is known by its title, else by what was written.  Not by any text in
 * it: dates and departments stand there before anybody typed.
 */
static json_t *
doc_title(const json_t *fields)
{
	static const char *const telling[] = { "title", "situation", "text", "why", "cause",
		"actions" };

	for (size_t i = 0; i < ARRAY_LEN(telling); i++) {
		json_t *value = json_object_get(fields, telling[i]);

		if (json_is_string(value) && json_string_length(value)) {
			return json_incref(value);
		}
	}
	return json_string("");
}

/* The same, but of a step of which nothing was written yet the title of its case. */
static json_t *
draft_title(struct call *call, const struct draft_row *draft, const json_t *fields)
{
	json_t *title = doc_title(fields);
	struct incident_row row;

	if (json_string_length(title) > 0 || draft->subject[0] == '\0' ||
		store_incident(call->store, call->arena, draft->subject, &row) != ERR_OK ||
		row_sight(call, &row) != ROW_SEEN) {
		return title;
	}
	json_decref(title);
	return json_string(row.title);
}

enum err
method_draft_list(struct call *call, json_t **ret_result)
{
	struct draft_list drafts = { NULL, 0 };
	enum err e = store_drafts(call->store, call->arena, call->person->id, &drafts);
	json_t *items;

	if (e) {
		return call_fail_store(call, e, false);
	}
	items = json_array();
	for (size_t i = 0; i < drafts.n; i++) {
		const struct draft_row *draft = &drafts.items[i];
		json_t *fields = json_loads(draft->body, 0, NULL);

		json_array_append_new(items,
			json_pack("{s:o, s:s, s:s, s:o, s:o}", "draft", doc_number(draft->number),
				"form", draft->form, "subject", draft->subject, "title",
				draft_title(call, draft, fields), "saved_at",
				json_of_time(call, draft->saved_at)));
		json_decref(fields);
	}
	*ret_result = json_pack("{s:o}", "drafts", items);
	return ERR_OK;
}

enum err
method_draft_load(struct call *call, json_t **ret_result)
{
	struct draft_row draft;
	char state[HASH_HEX_SIZE];
	enum err e = find_draft(call, &draft);
	json_t *fields;

	if (e) {
		return e;
	}
	draft_state(draft.body, state);
	fields = json_loads(draft.body, 0, NULL);
	*ret_result = json_pack("{s:o, s:s, s:s, s:o, s:o, s:s}", "draft", doc_number(draft.number),
		"form", draft.form, "subject", draft.subject, "fields",
		fields ? fields : json_object(), "saved_at", json_of_time(call, draft.saved_at),
		"hash", state);
	return ERR_OK;
}

enum err
method_draft_drop(struct call *call, json_t **ret_result)
{
	struct draft_row draft;
	enum err e = find_draft(call, &draft);

	if (e) {
		return e;
	}
	e = store_draft_drop(call->store, call->person->id, draft.number);
	if (e) {
		return call_fail_store(call, e, true);
	}
	*ret_result = json_object();
	return ERR_OK;
}
