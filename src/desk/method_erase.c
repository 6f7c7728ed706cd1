/* SPDX-License-Identifier: MIT */
/*
 * Erasing a body on a legal ground.  Of a case it is a step like any other, judged and
 * recorded as such; of an alert, a handover or an absence it is done here.  Who decides is
 * the same person in both: the office head, who answers for what the record may hold.
 */
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "doc.h"
#include "duty.h"
#include "erase.h"
#include "method.h"
#include "record.h"
#include "sight.h"
#include "signing.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define TRIES 20

struct erasure {
	struct call *call;
	int64_t seq;
	const char *event_id;
	struct event event; /* whose body goes */
	json_t *kept;
	struct event entry; /* that says so */
	struct erasing erasing;
	struct signing signing;
	struct alert_put alert;
	bool has_alert;
};

/* --- who may, and what ------------------------------------------------------------------ */

static enum err
admit(struct call *call)
{
	struct step_verdict verdict = { .code = "D301",
		.why = _("Erasing is decided by the office head (CISO).") };
	const char **who = arena_array(call->arena, call->org->n_people + 1, sizeof(*who));

	if (call->person->roles & ROLE_OFFICE_HEAD) {
		return ERR_OK;
	}
	if (call->person->roles & (ROLE_AUDITOR | ROLE_ADMIN)) {
		return call_fail(call, call->person->roles & ROLE_AUDITOR ? "D306" : "D307");
	}
	for (size_t i = 0; who && i < call->org->n_people; i++) {
		if (call->org->people[i].roles & ROLE_OFFICE_HEAD) {
			who[verdict.who.n++] = call->org->people[i].id;
		}
	}
	verdict.who.items = who;
	return who ? call_fail_verdict(call, &verdict) : ERR_NOMEM;
}

static enum err
fail_entry(struct call *call)
{
	return call_fail_text(call, "D304", _("The record has no entry of that number."));
}

/* One of a case that the caller may not read is told like none: not by the number of the case. */
static enum err
find_entry(struct erasure *erasure)
{
	struct call *call = erasure->call;
	struct event_list events = { NULL, 0 };
	enum row_sight sight = ROW_SEEN;
	enum err e = erasure->seq > 0
		? store_events(call->store, call->arena, erasure->seq - 1, 1, &events)
		: ERR_OK;

	if (e) {
		return call_fail_store(call, e, false);
	}
	if (events.n == 0 || events.items[0].seq != erasure->seq) {
		return fail_entry(call);
	}
	erasure->event = events.items[0];
	e = case_sight(call, erasure->event.subject, &sight);
	if (e) {
		return call_fail_store(call, e, false);
	}
	return sight == ROW_SEEN ? ERR_OK : fail_entry(call);
}

/* What is still in use would be written again, or would be missed. */
static enum err
check_use(struct erasure *erasure)
{
	struct call *call = erasure->call;
	int64_t num = alert_number(erasure->event.subject);
	const struct duty *duty = call_duty(call);
	json_t *body = call_keep(call, erasure_body(&erasure->event));
	const char *value = json_string_value(json_object_get(body, "value"));
	struct alert_row row;
	enum err e = num ? store_alert(call->store, call->arena, num, &row) : ERR_OK;

	if (e && e != ERR_NOT_FOUND) {
		return call_fail_store(call, e, false);
	}
	if (num && !e && strcmp(row.state, ALERT_STATE_OPEN) == 0) {
		return call_fail_text(call, "D362",
			_("Nobody has judged this alert yet: when it is reported again, its text "
			  "would be recorded anew. Judge it first."));
	}
	for (size_t i = 0;
		value && strcmp(erasure->event.subject, SUBJECT_DUTY) == 0 && i < duty->n_ways;
		i++) {
		if (strcmp(duty->ways[i].value, value) == 0) {
			return call_fail_text(call, "D362",
				_("Somebody is still reached this way. Remove the way first."));
		}
	}
	return ERR_OK;
}

static enum err
keep(struct erasure *erasure)
{
	static const char *const codes[] = {
		[ERASABLE_RIGHTS] = "D360",
		[ERASABLE_NOTHING] = "D361",
		[ERASABLE_GONE] = "D363",
		[ERASABLE_IN_CASE] = "D361",
	};
	enum erasable answer = erasure_keep(&erasure->event, &erasure->kept);

	if (answer != ERASABLE) {
		return call_fail(erasure->call, codes[answer]);
	}
	return call_keep(erasure->call, erasure->kept) ? check_use(erasure) : ERR_NOMEM;
}

/* --- recording ----------------------------------------------------------------------------- */

/* The body with the proof of who decided it; a refusal has its document. */
static enum err
make_body(struct erasure *erasure, const struct event *newest, const char **ret_body)
{
	struct call *call = erasure->call;
	json_t *body = call_keep(call,
		json_pack("{s:{s:I, s:s}, s:s, s:O}", "fields", "seq", (json_int_t)erasure->seq,
			"why", arg_text(call, "why"), "subject", erasure->event.subject, "kept",
			erasure->kept));
	struct signed_entry entry = { .subject = SUBJECT_ERASURE,
		.kind = KIND_ERASE,
		.state = "",
		.acting_for = "",
		.fields = json_object_get(body, "fields") };
	char *text;
	enum err e;

	if (!body) {
		return ERR_NOMEM;
	}
	if (newest) {
		entry.stands_on = newest->seq;
		entry.stands_on_hash = newest->row_hash;
	}
	e = signing_apply(call, &erasure->signing, &entry, body);
	if (e) {
		return e;
	}
	text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	*ret_body = text ? arena_strdup(call->arena, text) : NULL;
	free(text);
	return *ret_body ? ERR_OK : ERR_NOMEM;
}

static enum err
make_entry(struct erasure *erasure)
{
	struct call *call = erasure->call;
	const struct form *form = procedure_form(call->procedure, KIND_ERASE);
	struct event_list newest = { NULL, 0 };
	const char *body = NULL;
	enum err e = store_subject_newest(call->store, call->arena, SUBJECT_ERASURE, 1, &newest);

	e = e ? e : make_body(erasure, newest.n ? &newest.items[0] : NULL, &body);
	erasure->entry = (struct event){
		.id = erasure->event_id,
		.subject = SUBJECT_ERASURE,
		.subject_seq = newest.n ? newest.items[0].subject_seq + 1 : 1,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = KIND_ERASE,
		.form = form ? form->name : "",
		.form_version = form ? form_version(call, form) : "",
		.body = body,
	};
	return e ? e : erasure->entry.body && erasure->entry.form_version ? ERR_OK : ERR_NOMEM;
}

/* The alert's row as its entries tell it without the words. */
static enum err
make_alert(struct erasure *erasure)
{
	struct call *call = erasure->call;
	int64_t num = alert_number(erasure->event.subject);
	struct event_list events = { NULL, 0 };
	struct alert_row *row = &erasure->alert.row;
	struct alert told;
	enum err e;

	erasure->has_alert = num != 0;
	if (!num) {
		return ERR_OK;
	}
	e = store_alert(call->store, call->arena, num, row);
	if (!e) {
		erasure->alert.was_seq = row->last_seq;
		erasure->alert.was_times = row->times;
		e = store_subject(call->store, call->arena, erasure->event.subject, &events);
	}
	for (size_t i = 0; !e && i < events.n; i++) {
		if (events.items[i].seq == erasure->seq) {
			events.items[i].body = NULL;
			events.items[i].kept = erasure->entry.body;
		}
	}
	e = e ? e : alert_fold(call->arena, events.items, events.n, &told);
	if (!e) {
		row->key = told.key;
		row->title = told.title;
		row->body = told.body;
	}
	return e;
}

static enum err
seal(struct store_batch *batch, void *ctx)
{
	struct erasure *erasure = ctx;

	erasure->entry = batch->events[0];
	return erasing_seal(&erasure->erasing);
}

/* ERR_CONFLICT and ERR_EXISTS come without a document. */
static enum err
commit(struct erasure *erasure)
{
	struct call *call = erasure->call;
	struct event event;
	struct store_batch batch = {
		.events = &event,
		.n_events = 1,
		.alerts = &erasure->alert,
		.erase_seq = erasure->seq,
		.forget = &erasure->erasing.forget,
		.seal = seal,
		.seal_ctx = erasure,
	};
	enum err e = make_entry(erasure);

	e = e ? e : make_alert(erasure);
	if (e) {
		return call->error ? e : call_fail_store(call, e, true);
	}
	event = erasure->entry;
	batch.n_alerts = erasure->has_alert ? 1 : 0;
	e = store_commit(call->store, &batch);
	if (e == ERR_UNKNOWN) {
		e = store_event_by_id(call->store, call->arena, erasure->event_id, &erasure->entry);
		return e ? call_fail_store(call, e == ERR_NOT_FOUND ? ERR_IO : ERR_UNKNOWN, true)
			 : ERR_OK;
	}
	return e && e != ERR_CONFLICT && e != ERR_EXISTS ? call_fail_store(call, e, true) : e;
}

/* --- the answer ------------------------------------------------------------------------------ */

static json_t *
answer_of(const struct event *entry, int64_t erased)
{
	char hex[HASH_HEX_SIZE];

	hash_hex(&entry->row_hash, hex);
	return json_pack("{s:I, s:I, s:s}", "erased", (json_int_t)erased, "seq",
		(json_int_t)entry->seq, "row_hash", hex);
}

/* What stands under the client's id already; ERR_NOT_FOUND without a document: nothing. */
static enum err
repeated(struct erasure *erasure, json_t **ret_result)
{
	struct call *call = erasure->call;
	struct event event;
	const char *id = erasure->signing.given ? erasure->signing.given : erasure->event_id;
	enum err e = store_event_by_id(call->store, call->arena, id, &event);

	if (e == ERR_NOT_FOUND) {
		return e;
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (strcmp(event.actor, call->person->id) != 0 || strcmp(event.kind, KIND_ERASE) != 0 ||
		strcmp(event.subject, SUBJECT_ERASURE) != 0) {
		return call_fail_field(
			call, "D103", "event", _("This id belongs to another entry."));
	}
	*ret_result = answer_of(&event, erasure->seq);
	json_object_set_new(*ret_result, "repeated", json_true());
	return ERR_OK;
}

static enum err
erase_here(struct erasure *erasure, json_t **ret_result)
{
	struct call *call = erasure->call;
	enum err e = repeated(erasure, ret_result);

	if (e != ERR_NOT_FOUND) {
		return e;
	}
	e = keep(erasure);
	if (!e) {
		e = erasing_start(call, &erasure->event, erasure->kept, &erasure->erasing);
		e = e ? call_fail_store(call, e, false) : ERR_CONFLICT;
	}
	for (int tries = 0; e == ERR_CONFLICT && !call->error && tries < TRIES; tries++) {
		e = commit(erasure);
	}
	if (e == ERR_CONFLICT && !call->error) {
		return call_fail(call, "D410");
	}
	if (e == ERR_EXISTS) {
		return repeated(erasure, ret_result);
	}
	if (e) {
		return e;
	}
	duty_cache_free(call->desk->duty);
	call->desk->duty = NULL;
	(void)erasing_finish(call->desk); /* recorded it is; the engine does the rest */
	*ret_result = answer_of(&erasure->entry, erasure->seq);
	return erasing_answer(&erasure->erasing, &erasure->event, *ret_result);
}

/* The step of the procedure that erases; NULL: it has none. */
static const struct flow_step *
erase_step(const struct procedure *procedure)
{
	const struct flow *flow = &procedure->incident_flow;

	for (size_t i = 0; i < flow->n_steps; i++) {
		if (strcmp(flow->steps[i].effect, "erase") == 0) {
			return &flow->steps[i];
		}
	}
	return NULL;
}

/* In a case: the same as taking its step. */
static enum err
erase_in_case(struct erasure *erasure, json_t **ret_result)
{
	struct call *call = erasure->call;
	const json_t *args = call->args;
	const struct flow_step *step = erase_step(call->procedure);
	json_t *act;
	enum err e;

	if (!step) {
		return call_fail(call, "D361");
	}
	act = call_keep(call,
		json_pack("{s:s, s:s, s:{s:I, s:s}, s:O*, s:O*, s:O*}", "id",
			erasure->event.subject, "step", step->name, "fields", "seq",
			(json_int_t)erasure->seq, "why", arg_text(call, "why"), "event",
			json_object_get(args, "event"), "signature",
			json_object_get(args, "signature"), "sign", json_object_get(args, "sign")));
	if (!act) {
		return ERR_NOMEM;
	}
	call->args = act;
	e = method_incident_act(call, ret_result);
	call->args = args;
	return e;
}

enum err
method_ledger_erase(struct call *call, json_t **ret_result)
{
	struct erasure erasure = { .call = call, .seq = arg_count(call, "seq", 0) };
	struct incident_row row;
	enum err e = admit(call);

	if (!e) {
		e = find_entry(&erasure);
	}
	if (e) {
		return e;
	}
	e = signing_start(call, true, &erasure.signing);
	if (e) {
		return e;
	}
	erasure.event_id = erasure.signing.event_id;
	e = store_incident(call->store, call->arena, erasure.event.subject, &row);
	if (e && e != ERR_NOT_FOUND) {
		return call_fail_store(call, e, false);
	}
	return e ? erase_here(&erasure, ret_result) : erase_in_case(&erasure, ret_result);
}
