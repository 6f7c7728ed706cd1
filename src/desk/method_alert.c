/* SPDX-License-Identifier: MIT */
/*
 * Alerts through the door: reading them, and what a person makes of one.  Making an
 * incident of one is a report like any other: method_report.c.
 */
#include <string.h>

#include "alert.h"
#include "doc.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define LIMIT_DEFAULT 50
#define TRIES 20

/* --- reading -------------------------------------------------------------------------- */

static enum err
check_state(struct call *call, const char *state)
{
	static const char *const words[] = { ALERT_STATE_OPEN, ALERT_STATE_PROMOTED,
		ALERT_STATE_LINKED, ALERT_STATE_DISMISSED };

	for (size_t i = 0; state && i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i], state) == 0) {
			return ERR_OK;
		}
	}
	return state ? call_fail_field(
			       call, "D103", "state", _("Use open, promoted, linked or dismissed."))
		     : ERR_OK;
}

enum err
method_alert_list(struct call *call, json_t **ret_result)
{
	const char *after = arg_text(call, "after");
	const struct alert_filter filter = {
		.state = arg_text(call, "state"),
		.before = after ? alert_number(after) : 0,
		.limit = (size_t)arg_count(call, "limit", LIMIT_DEFAULT),
	};
	struct alert_list list = { NULL, 0, false };
	json_t *rows = call_keep(call, json_array());
	enum err e = check_state(call, filter.state);

	if (!e && after && !filter.before) {
		e = call_fail_field(
			call, "D102", "after", _("This is no 'next' of an earlier answer."));
	}
	if (e) {
		return e;
	}
	e = store_alerts(call->store, call->arena, &filter, &list);
	if (e) {
		return call_fail_store(call, e, false);
	}
	for (size_t i = 0; !e && i < list.n; i++) {
		json_t *row = NULL;

		e = doc_alert(call, &list.items[i], &row);
		json_array_append_new(rows, row);
	}
	if (!e) {
		*ret_result = json_pack("{s:O, s:s?}", "alerts", rows, "next",
			list.more ? alert_id(call->arena, list.items[list.n - 1].num) : NULL);
	}
	return e;
}

/* Its entries, without those that name a case hidden from the caller. */
static enum err
doc_entries(struct call *call, const struct alert_row *row, json_t **ret_doc)
{
	struct event_list events = { NULL, 0 };
	struct event_list shown = { NULL, 0 };
	const char *subject = alert_id(call->arena, row->num);
	enum err e =
		subject ? store_subject(call->store, call->arena, subject, &events) : ERR_NOMEM;

	shown.items = arena_array(call->arena, events.n, sizeof(*shown.items));
	if (!e && !shown.items) {
		e = ERR_NOMEM;
	}
	for (size_t i = 0; !e && i < events.n; i++) {
		bool may = false;

		e = alert_sight(call, &events.items[i], &may);
		if (may) {
			shown.items[shown.n++] = events.items[i];
		}
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_doc = doc_log(call, &shown);
	return ERR_OK;
}

static json_t *
doc_may(struct call *call, const struct alert_row *row, const char *kind)
{
	const char *why = alert_refusal(call, row, kind);
	const char *code = why ? "D405" : "";

	if (!(call->person->roles & ROLE_STAFF)) {
		code = call->person->roles & ROLE_AUDITOR ? "D306" : "D307";
		why = call->person->roles & ROLE_AUDITOR
			? _("Auditors read everything and change nothing.")
			: _("Administrators take no step in cases.");
	}
	return json_pack(
		"{s:b, s:s, s:s}", "allowed", why == NULL, "code", code, "why", why ? why : "");
}

enum err
method_alert_show(struct call *call, json_t **ret_result)
{
	struct alert_row row;
	json_t *doc = NULL;
	json_t *log = NULL;
	json_t *body;
	json_t *more;
	enum err e = alert_find(call, arg_text(call, "id"), &row);

	if (!e) {
		e = doc_entries(call, &row, &log);
	}
	if (!e) {
		(void)call_keep(call, log);
		e = doc_alert(call, &row, &doc);
	}
	if (e) {
		return e;
	}
	body = json_loads(row.body, 0, NULL);
	more = json_pack("{s:s, s:O?, s:O?, s:O?, s:o, s:{s:o, s:o, s:o}, s:O}", "key", row.key,
		"text", json_object_get(body, "text"), "at", json_object_get(body, "at"), "labels",
		json_object_get(body, "labels"), "fields", alert_fields(call, &row), "may",
		"promote", doc_may(call, &row, ALERT_PROMOTED), "link",
		doc_may(call, &row, ALERT_LINKED), "dismiss", doc_may(call, &row, ALERT_DISMISSED),
		"log", log);
	json_decref(body);
	e = more && json_object_update(doc, more) == 0 ? ERR_OK : ERR_NOMEM;
	json_decref(more);
	if (e) {
		json_decref(doc);
		return e;
	}
	*ret_result = doc;
	return ERR_OK;
}

/* --- judging ----------------------------------------------------------------------------- */

static enum err
seal(struct store_batch *batch, void *ctx)
{
	struct alert_judgement *judgement = ctx;

	judgement->event = batch->events[0];
	judgement->put.row.last_seq = batch->events[0].seq;
	return ERR_OK;
}

static enum err
commit(struct call *call, struct alert_judgement *judgement)
{
	struct event event = judgement->event;
	struct store_batch batch = {
		.events = &event,
		.n_events = 1,
		.alerts = &judgement->put,
		.n_alerts = 1,
		.seal = seal,
		.seal_ctx = judgement,
	};
	enum err e = store_commit(call->store, &batch);

	if (e == ERR_UNKNOWN) {
		e = store_event_by_id(call->store, call->arena, judgement->event_id, &event);
		return e ? call_fail_store(call, e == ERR_NOT_FOUND ? ERR_IO : ERR_UNKNOWN, true)
			 : ERR_OK;
	}
	return e && e != ERR_CONFLICT ? call_fail_store(call, e, true) : e;
}

static enum err
judge(struct call *call, const char *kind, const char *incident, json_t **ret_result)
{
	char event_id[NEW_ID_SIZE];
	struct alert_judgement judgement = {
		.num = alert_number(arg_text(call, "id")),
		.kind = kind,
		.event_id = event_id,
		.why = arg_text(call, "why") ? arg_text(call, "why") : "",
	};
	enum err e = ERR_CONFLICT;
	char hex[HASH_HEX_SIZE];

	random_id(call->now, event_id);
	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		e = alert_judge(call, &judgement, incident);
		if (!e) {
			e = commit(call, &judgement);
		}
	}
	if (e) {
		return e == ERR_CONFLICT && !call->error ? call_fail(call, "D410") : e;
	}
	hash_hex(&judgement.event.row_hash, hex);
	*ret_result = json_pack("{s:s, s:s, s:s?, s:I, s:s}", "id", judgement.event.subject,
		"state", judgement.put.row.state, "incident", *incident ? incident : NULL, "seq",
		(json_int_t)judgement.event.seq, "row_hash", hex);
	return ERR_OK;
}

enum err
method_alert_link(struct call *call, json_t **ret_result)
{
	const char *incident = arg_text(call, "incident");
	struct dossier *dossier = NULL;
	const struct flow_state *state;
	enum err e = dossier_open(call, incident, &dossier);

	if (e) {
		return e;
	}
	state = flow_find_state(&call->procedure->incident_flow, dossier->incident.state);
	if (!state || !state->open) {
		return call_fail_text(call, "D401",
			_("This incident is not open any more: make a new one of the alert."));
	}
	return judge(call, ALERT_LINKED, dossier->incident.id, ret_result);
}

enum err
method_alert_dismiss(struct call *call, json_t **ret_result)
{
	return judge(call, ALERT_DISMISSED, "", ret_result);
}
