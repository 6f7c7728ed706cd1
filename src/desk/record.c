/* SPDX-License-Identifier: MIT */
/*
 * Recording a step: see record.h.  The summary row and the messages are made
 * from the incident as it is with the new entry; only the numbers that the
 * commit gives out are filled in inside the transaction.
 */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "bodies.h"
#include "doc.h"
#include "figures.h"
#include "reword.h"
#include "jumps.h"
#include "summary.h"
#include "target.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/core/sight.h"
#include "toban/notify/notify.h"

/* What a person says about when it happened: a field of these names. */
static const char *const happened_fields[] = { "happened_at", "found_at" };

static stamp
happened_at(const json_t *fields)
{
	stamp at = STAMP_NONE;

	for (size_t i = 0; i < ARRAY_LEN(happened_fields) && at == STAMP_NONE; i++) {
		const char *text = json_string_value(json_object_get(fields, happened_fields[i]));

		if (text && stamp_parse(text, &at)) {
			at = STAMP_NONE;
		}
	}
	return at;
}

const char *
form_version(const struct call *call, const struct form *form)
{
	char hex[HASH_HEX_SIZE];

	hash_hex(&call->procedure->hash, hex);
	return arena_printf(call->arena, "%s@%.12s", form->version, hex);
}

static enum err
make_event(struct call *call, struct record *record)
{
	const struct form *form = record->form;
	char *text = json_dumps(record->body, JSON_COMPACT | JSON_SORT_KEYS);

	record->event = (struct event){
		.id = record->event_id,
		.subject = record->subject,
		.subject_seq = record->before ? record->before->incident.subject_seq + 1 : 1,
		.at = call->now,
		.happened_at = happened_at(json_object_get(record->body, "fields")),
		.actor = record->actor ? record->actor : call->person->id,
		.post = call->post,
		.kind = record->kind,
		.form = form ? form->name : "",
		.form_version = form ? form_version(call, form) : "",
		.body = text ? arena_strdup(call->arena, text) : NULL,
	};
	free(text);
	return record->event.body && record->event.form_version ? ERR_OK : ERR_NOMEM;
}

/* The incident as it is with the new entry; what was read for the judgement is not read again. */
static enum err
fold_after(struct call *call, struct record *record)
{
	struct dossier *after = NULL;
	enum err e;

	if (!record->before) {
		e = dossier_fold(call, &record->event, 1, &after);
		record->after = after;
		return e;
	}
	after = arena_alloc(call->arena, sizeof(*after));
	if (!after) {
		return ERR_NOMEM;
	}
	e = incident_fold_next(call->arena, call->procedure, &record->before->incident,
		&record->event, &after->incident);
	if (e) {
		return e;
	}
	after->next = call->dossiers; /* released with the call */
	call->dossiers = after;
	record->after = after;
	return incident_keep_out(call->arena, call->procedure, call->org, &after->incident);
}

static enum err
make_row(struct call *call, struct record *record)
{
	struct summary_source source = {
		.procedure = call->procedure,
		.org = call->org,
		.incident = &record->after->incident,
	};

	return summary_row(call->arena, &source, &record->row);
}

/* The figures before this step, as far as a step changes them. */
static enum err
figures_before(struct call *call, const struct record *record, struct figure_row *ret_figures)
{
	const struct incident *incident = &record->before->incident;
	const struct flow_state *state =
		flow_find_state(&call->procedure->incident_flow, incident->state);
	struct summary_source source = { call->procedure, call->org, incident };
	struct incident_row row = record->row;

	row.department = incident->department;
	row.category = incident->category;
	row.open = state && state->open;
	return figures_row(call->arena, &source, &row, ret_figures);
}

/*
 * Who may read a case that is open to all is made of these alone; of a restricted one many steps
 * change it: an instruction, a link that opens, a reader who is named.
 */
static bool
same_sight(const struct incident *a, const struct incident *b)
{
	return !a->confidential && !b->confidential && a->kept_out.n == b->kept_out.n;
}

/* Most steps leave the figures as they are: then nothing is written. */
static enum err
make_figures(struct call *call, struct record *record)
{
	const struct incident *incident = &record->after->incident;
	struct summary_source source = { call->procedure, call->org, incident };
	struct figure_row was;
	enum err e = ERR_OK;

	record->n_figures = 0;
	if (incident->drill) {
		return ERR_OK;
	}
	e = figures_row(call->arena, &source, &record->row, &record->figures);
	if (!e && record->before) {
		e = figures_before(call, record, &was);
	}
	if (!e) {
		bool same = record->before && same_sight(&record->before->incident, incident) &&
			!figures_difference(&was, &record->figures);

		record->n_figures = same ? 0 : 1;
	}
	return e;
}

/* --- messages -------------------------------------------------------------------- */

static void
add_message(
	struct call *call, struct record *record, const struct target_row *target, const char *type)
{
	char id[NEW_ID_SIZE];

	random_id(call->now, id);
	record->outbox[record->n_outbox++] = (struct outbox_row){
		.id = arena_printf(call->arena, "msg_%s", id),
		.target = target->name,
		.type = type,
		.subject = record->subject,
		.body = "",
		.urgent = record->urgent || strncmp(type, "crisis.", 7) == 0,
		.created_at = call->now,
		.next_at = call->now + record->hold_ms,
		.state = "waiting",
		.last_answer = "",
		.changed_at = call->now,
	};
}

/* What somebody's own receiver gets: one message, the most urgent of the entry's. */
static const char *
personal_type(const struct record *record)
{
	for (size_t k = 0; k < record->n_messages; k++) {
		if (strncmp(record->messages[k], "crisis.", 7) == 0) {
			return record->messages[k];
		}
	}
	return record->messages[0];
}

/*
 * One message for each active target and each type that it wants; for somebody's own
 * receiver one when that person is among those who are told, and no other.
 */
static enum err
make_messages(struct call *call, struct record *record)
{
	const json_t *told = json_object_get(record->body, "notified");
	struct target_list targets = { NULL, 0 };
	enum err e = ERR_OK;

	if (record->n_messages) {
		e = store_targets(call->store, call->arena, &targets);
	}
	if (e || targets.n == 0) {
		return e;
	}
	record->outbox =
		arena_array(call->arena, targets.n * record->n_messages, sizeof(*record->outbox));
	if (!record->outbox) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < targets.n; i++) {
		const struct target_row *target = &targets.items[i];

		if (target->active && target->person[0] && target_is_among(target, told)) {
			add_message(call, record, target, personal_type(record));
		}
		for (size_t k = 0; target->active && !target->person[0] && k < record->n_messages;
			k++) {
			if (message_wanted(target->events, record->messages[k])) {
				add_message(call, record, target, record->messages[k]);
			}
		}
	}
	return ERR_OK;
}

static enum err
fill_message(struct record *record, struct outbox_row *row)
{
	const struct ledger_head head = {
		.seq = record->event.seq, .row_hash = record->event.row_hash, .at = record->event.at
	};
	const struct message_source source = {
		.procedure = record->call->procedure,
		.org = record->call->org,
		.incident = &record->after->incident,
		.event = &record->event,
		.head = &head,
		.type = row->type,
	};
	char *text = message_body(&source);

	row->body = text ? arena_strdup(record->call->arena, text) : NULL;
	row->withdraw_seq = record->hold_ms ? record->event.seq : 0;
	free(text);
	return row->body && row->id ? ERR_OK : ERR_NOMEM;
}

/* A jump of the clock that was recorded a moment ago counts already: it is asked here. */
static enum err
make_wake(struct record *record)
{
	struct call *call = record->call;
	struct clock_jumps jumps = { NULL, 0 };
	enum err e = jumps_read(call->store, call->arena, &jumps);

	if (!e && jumps.n == 0) {
		return ERR_OK; /* what the row says was made without any */
	}
	record->row.wake_at = summary_wake(&(struct summary_source){
		call->procedure, call->org, &record->after->incident, jumps.items, jumps.n });
	return e;
}

/*
 * Inside the transaction, after sealing: the numbers are known now.  Nothing
 * else that a row or a message holds depends on them.
 */
static enum err
seal(struct store_batch *batch, void *ctx)
{
	struct record *record = ctx;
	enum err e = ERR_OK;

	record->event = batch->events[0];
	record->row.last_seq = record->event.seq;
	if (record->alert) {
		record->alert->put.row.last_seq = batch->events[1].seq;
	}
	e = make_wake(record);
	if (!e && record->erase_seq) {
		e = erasing_seal(&record->erasing);
	}
	for (size_t i = 0; !e && i < record->n_outbox; i++) {
		e = fill_message(record, &record->outbox[i]);
	}
	return e;
}

/* --- what its author goes on with ------------------------------------------------- */

/* The step that records a file, and its field for it; NULL: the procedure has none. */
static const struct flow_step *
evidence_step(const struct procedure *procedure, const char **ret_field)
{
	const struct flow *flow = &procedure->incident_flow;

	for (size_t i = 0; i < flow->n_steps; i++) {
		const struct flow_step *step = &flow->steps[i];
		const struct form *form = procedure_form(procedure, step->form);
		bool records = strcmp(step->effect, "evidence") == 0;

		for (size_t k = 0; records && form && k < form->n_fields; k++) {
			if (form->fields[k].type == FIELD_FILE) {
				*ret_field = form->fields[k].key;
				return step;
			}
		}
	}
	return NULL;
}

static enum err
make_draft(struct call *call, struct record *record, const struct flow_step *step, json_t *fields)
{
	char *body = json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS);

	record->drafts[record->n_drafts] = (struct draft_row){
		.person = call->person->id,
		.form = step->name,
		.subject = record->subject,
		.body = body ? arena_strdup(call->arena, body) : NULL,
		.saved_at = call->now,
	};
	free(body);
	json_decref(fields);
	return record->drafts[record->n_drafts++].body ? ERR_OK : ERR_NOMEM;
}

/* Each file has the name of its entry from now on: whoever tries again records it once. */
static enum err
make_drafts(struct call *call, struct record *record)
{
	const char *field = NULL;
	size_t n = json_array_size(record->attach); /* nearly always 0 */
	const struct flow_step *step = n ? evidence_step(call->procedure, &field) : NULL;
	enum err e = ERR_OK;

	record->n_drafts = 0;
	if (!step) {
		return ERR_OK;
	}
	record->drafts = arena_array(call->arena, n, sizeof(*record->drafts));
	if (!record->drafts) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; !e && i < n; i++) {
		char id[NEW_ID_SIZE];

		random_id(call->now, id);
		e = make_draft(call, record, step,
			json_pack("{s:O, s:s}", field, json_array_get(record->attach, i), "event",
				id));
	}
	return e;
}

/* --- what goes with an erased body ------------------------------------------------- */

static const struct event *
erased_event(const struct record *record)
{
	const struct event_list *events = &record->before->events;

	for (size_t i = 0; i < events->n; i++) {
		if (events->items[i].seq == record->erase_seq) {
			return &events->items[i];
		}
	}
	return NULL;
}

static enum err
make_erasing(struct call *call, struct record *record)
{
	const struct event *event = record->before ? erased_event(record) : NULL;

	return event && event->body
		? erasing_start(
			  call, event, json_object_get(record->body, "kept"), &record->erasing)
		: ERR_NOT_FOUND; /* the step checked that it is there */
}

/* --- the commit ---------------------------------------------------------------------- */

static enum err
prepare(struct call *call, struct record *record)
{
	enum err e = make_event(call, record);

	if (!e) {
		e = fold_after(call, record);
	}
	if (!e) {
		e = make_row(call, record);
	}
	if (!e) {
		e = make_figures(call, record);
	}
	if (!e) {
		record->hold_ms = step_take_back_ms(call->procedure,
			flow_find_step(&call->procedure->incident_flow, record->kind),
			&record->after->incident);
	}
	if (!e) {
		e = make_drafts(call, record);
	}
	if (!e && record->erase_seq) {
		e = make_erasing(call, record);
	}
	return e ? e : make_messages(call, record);
}

/* A COMMIT whose outcome is not known: look whether the step is there. */
static enum err
find_out(struct call *call, struct record *record)
{
	struct event stored;
	enum err e = store_event_by_id(call->store, call->arena, record->event_id, &stored);

	if (!e) {
		record->event = stored;
		return ERR_OK;
	}
	return call_fail_store(call, e == ERR_NOT_FOUND ? ERR_IO : ERR_UNKNOWN, true);
}

static void
finish_erasing(struct desk *desk)
{
	bodies_forget(desk);
	(void)erasing_finish(desk); /* recorded it is; the engine does the rest */
}

void
record_step(struct record *record, const struct call *call, const struct flow_step *step,
	const struct outcome *outcome)
{
	const json_t *fields = json_object_get(outcome->body, "fields");

	record->kind = step->name;
	record->form = procedure_form(call->procedure, step->form);
	record->body = outcome->body;
	record->messages = outcome->messages;
	record->n_messages = outcome->n_messages;
	record->erase_seq = strcmp(step->effect, "erase") == 0
		? json_integer_value(json_object_get(fields, "seq"))
		: 0;
}

/* The entry that is recorded with it: of the alert that becomes the case, or `beside`. */
static enum err
add_second(struct call *call, struct record *record, struct store_batch *batch)
{
	enum err e;

	if (record->beside) {
		batch->events[batch->n_events++] = *record->beside;
		return ERR_OK;
	}
	if (!record->alert) {
		return ERR_OK;
	}
	e = alert_judge(call, record->alert, record->subject);
	if (!e) {
		batch->events[batch->n_events++] = record->alert->event;
		batch->alerts = &record->alert->put;
		batch->n_alerts = 1;
	}
	return e;
}

/* What the store said of the commit. */
static enum err
take_outcome(struct call *call, struct record *record, enum err e)
{
	if (e == ERR_UNKNOWN) {
		e = find_out(call, record);
		if (e) {
			return e;
		}
	}
	if (!e && record->erase_seq) {
		finish_erasing(call->desk);
	}
	if (e == ERR_DENIED && record->withdraw_seq) {
		return e; /* a message went out already: the caller says so */
	}
	return e && e != ERR_CONFLICT && e != ERR_EXISTS ? call_fail_store(call, e, true) : e;
}

enum err
record_commit(struct call *call, struct record *record)
{
	struct event events[2];
	struct store_batch batch = {
		.events = events,
		.incidents = &record->row,
		.n_incidents = 1,
		.withdraw_seq = record->withdraw_seq,
		.erase_seq = record->erase_seq,
		.drop_draft = record->draft.number,
		.drop_body = record->draft.body,
		.seal = seal,
		.seal_ctx = record,
	};
	enum err e;

	record->call = call;
	record->n_outbox = 0;
	e = prepare(call, record);
	e = e ? e : reword_messages(call, record, &batch.reworded, &batch.n_reworded);
	e = !e && call_memory_short(call) ? ERR_NOMEM : e; /* half a record, perhaps, was judged */
	if (e) {
		return call_fail_store(call, e, true);
	}
	events[batch.n_events++] = record->event;
	e = add_second(call, record, &batch);
	if (e) {
		return e;
	}
	batch.figures = &record->figures;
	batch.n_figures = record->n_figures;
	batch.outbox = record->outbox;
	batch.n_outbox = record->n_outbox;
	batch.drafts = record->drafts;
	batch.n_drafts = record->n_drafts;
	batch.forget = record->erase_seq ? &record->erasing.forget : NULL;
	return take_outcome(call, record, store_commit(call->store, &batch));
}
