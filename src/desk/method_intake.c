/* SPDX-License-Identifier: MIT */
/*
 * Taking a notification in: each alert of it becomes a new one, or is folded into the
 * one that stands for the same thing.  All of a notification is recorded or none.
 */
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "doc.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/notify/notify.h"

/* Many programs take in at once in a storm, and each conflict is one of them done. */
#define TRIES 200

#define TYPE_NEW "alert.new"

/* One alert that the notification touches. */
struct change {
	struct alert_put put;
	int64_t subject_seq; /* of its newest entry, those of this batch included; -1: unread */
	size_t event;        /* index + 1 of its newest entry in this batch; 0: none */
	bool fresh;
};

struct intake {
	struct call *call;
	const struct alert_notes *notes;
	struct change *changes;
	size_t n_changes;
	struct event *events;
	size_t n_events;
	struct alert_put *puts; /* of the changes, for the batch */
	struct outbox_row *outbox;
	size_t n_outbox;
	int64_t last_num;
	int64_t open;     /* alerts nobody judged, those of this batch included */
	int64_t overflow; /* notes that were folded for want of room */
	struct message_alerts message;
};

/* --- which alert a note belongs to --------------------------------------------------- */

/* Whether the case an alert belongs to is still being worked on. */
static enum err
case_is_open(struct call *call, const struct alert_row *row, bool *ret_open)
{
	struct incident_row incident;
	enum err e = *row->incident
		? store_incident(call->store, call->arena, row->incident, &incident)
		: ERR_NOT_FOUND;

	*ret_open = !e && incident.open;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/*
 * Folded into what is not judged, or belongs to an open case; that something is over
 * always is, and so is the very firing that was judged.  Else it is news.
 */
static enum err
belongs(struct call *call, const struct alert_row *row, const struct alert_note *note,
	bool *ret_belongs)
{
	*ret_belongs = strcmp(row->state, ALERT_STATE_OPEN) == 0 || !note->firing ||
		alert_is_same_firing(row->body, note);
	return *ret_belongs ? ERR_OK : case_is_open(call, row, ret_belongs);
}

static struct change *
find_change(const struct intake *intake, const struct alert_note *note)
{
	for (size_t i = intake->n_changes; i-- > 0;) {
		const struct alert_row *row = &intake->changes[i].put.row;

		if (strcmp(row->source, note->source) == 0 && strcmp(row->key, note->key) == 0) {
			return &intake->changes[i];
		}
	}
	return NULL;
}

/* The newest alert about the same, as it is with this batch; *ret_change NULL: none. */
static enum err
find_alert(struct intake *intake, const struct alert_note *note, struct change **ret_change)
{
	struct call *call = intake->call;
	struct change *change = find_change(intake, note);
	struct alert_row row;
	enum err e = ERR_OK;

	if (!change) {
		e = store_alert_of_key(call->store, call->arena, note->source, note->key, &row);
	}
	if (!change && !e) {
		change = &intake->changes[intake->n_changes++];
		*change = (struct change){ .put = { row, row.last_seq, row.times },
			.subject_seq = -1 };
	}
	*ret_change = change;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* --- entries ------------------------------------------------------------------------------ */

static enum err
add_event(struct intake *intake, struct change *change, const char *kind, const char *body)
{
	struct call *call = intake->call;
	const char *subject = alert_id(call->arena, change->put.row.num);
	char *id = arena_alloc(call->arena, NEW_ID_SIZE);
	struct event_list newest = { NULL, 0 };
	enum err e = subject && id ? ERR_OK : ERR_NOMEM;

	if (!e && change->subject_seq < 0) {
		e = store_subject_newest(call->store, call->arena, subject, 1, &newest);
		change->subject_seq = newest.n ? newest.items[0].subject_seq : 0;
	}
	if (e) {
		return e;
	}
	random_id(call->now, id);
	intake->events[intake->n_events++] = (struct event){
		.id = id,
		.subject = subject,
		.subject_seq = ++change->subject_seq,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = kind,
		.form = "",
		.form_version = "",
		.body = body,
	};
	change->event = intake->n_events;
	return ERR_OK;
}

static const char *
note_text(struct call *call, const struct alert_note *note, int64_t times)
{
	json_t *body = alert_note_body(note, times);
	char *text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	const char *kept = text ? arena_strdup(call->arena, text) : NULL;

	free(text);
	json_decref(body);
	return kept;
}

static enum err
add_new(struct intake *intake, const struct alert_note *note)
{
	struct call *call = intake->call;
	struct change *change = &intake->changes[intake->n_changes++];
	const char *body = note_text(call, note, 1);

	if (!body) {
		return ERR_NOMEM;
	}
	*change = (struct change){ .fresh = true };
	change->put.row = (struct alert_row){
		.num = ++intake->last_num,
		.source = note->source,
		.key = note->key,
		.title = note->title,
		.body = body,
		.state = ALERT_STATE_OPEN,
		.incident = "",
		.firing = note->firing,
		.times = 1,
		.first_at = call->now,
		.last_at = call->now,
	};
	intake->open++;
	return add_event(intake, change, ALERT_FIRST, body);
}

static enum err
fold_in(struct intake *intake, struct change *change, const struct alert_note *note)
{
	struct call *call = intake->call;
	struct alert_row *row = &change->put.row;
	const struct alert before = { .firing = row->firing, .last_at = row->last_at };
	enum err e = ERR_OK;

	row->times++;
	if (alert_is_recorded(&before, note->firing, row->times, call->now)) {
		const char *body = note_text(call, note, row->times);

		e = body ? add_event(intake, change, ALERT_AGAIN, body) : ERR_NOMEM;
		row->body = body;
		row->title = note->title;
	}
	row->firing = note->firing;
	row->last_at = call->now;
	return e;
}

/* The one that stands for all that come while too many wait to be judged. */
static struct alert_note
overflow_note(const struct alert_note *note)
{
	struct alert_note over = *note;

	over.key = ALERT_KEY_OVERFLOW;
	over.text = note->title;
	over.title = "More alerts than are kept apart / 個別に扱える件数を超えたアラート";
	over.occurrence = "";
	over.firing = true;
	over.place = "";
	over.asset = "";
	return over;
}

static enum err
take_note(struct intake *intake, const struct alert_note *note)
{
	struct change *change = NULL;
	bool is_its = false;
	enum err e = find_alert(intake, note, &change);

	if (!e && change) {
		e = belongs(intake->call, &change->put.row, note, &is_its);
	}
	if (e) {
		return e;
	}
	if (is_its) {
		return fold_in(intake, change, note);
	}
	if (intake->open >= ALERT_OPEN_MOST && strcmp(note->key, ALERT_KEY_OVERFLOW) != 0) {
		const struct alert_note over = overflow_note(note);

		intake->overflow++;
		return take_note(intake, &over);
	}
	return add_new(intake, note);
}

/* --- telling others --------------------------------------------------------------------- */

static enum err
make_messages(struct intake *intake)
{
	struct call *call = intake->call;
	struct target_list targets = { NULL, 0 };
	enum err e =
		intake->message.n_new ? store_targets(call->store, call->arena, &targets) : ERR_OK;

	intake->n_outbox = 0;
	intake->outbox = arena_array(call->arena, targets.n, sizeof(*intake->outbox));
	if (e || !intake->outbox) {
		return e ? e : ERR_NOMEM;
	}
	for (size_t i = 0; i < targets.n; i++) {
		char id[NEW_ID_SIZE];

		/* A person's own receiver gets what that person is told; of an alert, nobody is. */
		if (!targets.items[i].active || targets.items[i].person[0] ||
			!message_wanted(targets.items[i].events, TYPE_NEW)) {
			continue;
		}
		random_id(call->now, id);
		intake->outbox[intake->n_outbox++] = (struct outbox_row){
			.id = arena_printf(call->arena, "msg_%s", id),
			.target = targets.items[i].name,
			.type = TYPE_NEW,
			.subject = alert_id(call->arena, intake->message.rows[0].num),
			.body = "",
			.created_at = call->now,
			.next_at = call->now,
			.state = "waiting",
			.last_answer = "",
			.changed_at = call->now,
		};
	}
	return ERR_OK;
}

/* Inside the transaction: the numbers of the entries are known now. */
static enum err
seal(struct store_batch *batch, void *ctx)
{
	struct intake *intake = ctx;

	for (size_t i = 0; i < intake->n_changes; i++) {
		struct change *change = &intake->changes[i];

		if (change->event) {
			change->put.row.last_seq = batch->events[change->event - 1].seq;
		}
		intake->puts[i] = change->put;
	}
	for (size_t i = 0; i < intake->n_outbox; i++) {
		char *text =
			message_alerts_body(&intake->message, &batch->events[batch->n_events - 1]);

		intake->outbox[i].body = text ? arena_strdup(intake->call->arena, text) : NULL;
		free(text);
		if (!intake->outbox[i].body || !intake->outbox[i].id) {
			return ERR_NOMEM;
		}
	}
	return ERR_OK;
}

/* --- the batch ------------------------------------------------------------------------------ */

static enum err
intake_start(struct intake *intake)
{
	struct call *call = intake->call;
	struct alert_counts counts;
	/* A note may look one up and then make another: two for each. */
	size_t most = 2 * intake->notes->n;
	enum err e = store_alert_counts(call->store, &counts);

	if (!e) {
		e = store_last_number(call->store, SUBJECT_ALERT, &intake->last_num);
	}
	if (e) {
		return e;
	}
	intake->open = counts.open;
	intake->overflow = 0;
	intake->n_changes = 0;
	intake->n_events = 0;
	if (!intake->changes) {
		intake->changes = arena_array(call->arena, 2 * most, sizeof(*intake->changes));
		intake->events = arena_array(call->arena, most, sizeof(*intake->events));
		intake->puts = arena_array(call->arena, 2 * most, sizeof(*intake->puts));
	}
	return intake->changes && intake->events && intake->puts ? ERR_OK : ERR_NOMEM;
}

/* What was looked up and not touched is not written. */
static void
drop_untouched(struct intake *intake)
{
	size_t n = 0;

	for (size_t i = 0; i < intake->n_changes; i++) {
		const struct alert_put *put = &intake->changes[i].put;

		if (intake->changes[i].fresh || put->row.times != put->was_times) {
			intake->changes[n++] = intake->changes[i];
		}
	}
	intake->n_changes = n;
}

static enum err
list_new(struct intake *intake)
{
	struct message_alerts *message = &intake->message;
	struct alert_row *rows = arena_array(intake->call->arena, intake->n_changes, sizeof(*rows));

	*message = (struct message_alerts){ .rows = rows,
		.offset_min = intake->call->org->offset_min,
		.trial = intake->call->org->trial };
	for (size_t i = 0; rows && i < intake->n_changes; i++) {
		if (intake->changes[i].fresh) {
			rows[message->n_new++] = intake->changes[i].put.row;
		}
	}
	return rows ? ERR_OK : ERR_NOMEM;
}

static enum err
intake_try(struct intake *intake)
{
	struct store_batch batch = { .seal = seal, .seal_ctx = intake };
	enum err e = intake_start(intake);

	for (size_t i = 0; !e && i < intake->notes->n; i++) {
		e = take_note(intake, &intake->notes->items[i]);
	}
	if (!e) {
		drop_untouched(intake);
		e = list_new(intake);
	}
	if (!e) {
		e = make_messages(intake);
	}
	if (e) {
		return call_fail_store(intake->call, e, true);
	}
	batch.events = intake->events;
	batch.n_events = intake->n_events;
	batch.alerts = intake->puts;
	batch.n_alerts = intake->n_changes;
	batch.outbox = intake->outbox;
	batch.n_outbox = intake->n_outbox;
	e = store_commit(intake->call->store, &batch);
	return e && e != ERR_CONFLICT ? call_fail_store(intake->call, e, true) : e;
}

static json_t *
intake_answer(const struct intake *intake)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < intake->n_changes; i++) {
		const struct alert_row *row = &intake->changes[i].put.row;

		json_array_append_new(rows,
			json_pack("{s:s, s:b, s:s, s:b, s:I}", "id",
				alert_id(intake->call->arena, row->num), "new",
				intake->changes[i].fresh, "state", row->state, "firing",
				row->firing, "times", (json_int_t)row->times));
	}
	return json_pack("{s:o, s:I, s:I, s:I}", "alerts", rows, "received",
		(json_int_t)intake->notes->n, "truncated", (json_int_t)intake->notes->truncated,
		"overflow", (json_int_t)intake->overflow);
}

/* The notes of the argument, every fault of it named. */
static enum err
read_notes(struct call *call, struct alert_notes *ret_notes)
{
	struct diagnostics diagnostics = { .arena = call->arena };
	const struct alert_source source = {
		.format = arg_text(call, "source"),
		.document = arg_value(call, "document"),
		.offset_min = call->org->offset_min,
	};
	enum err e;

	if (!alert_format_known(source.format)) {
		return call_fail_field(
			call, "D103", "source", _("Use alertmanager, zabbix or json."));
	}
	e = alert_read(call->arena, &source, &diagnostics, ret_notes);
	return e == ERR_INVALID ? call_fail_fields(call, &diagnostics) : e;
}

enum err
method_alert_intake(struct call *call, json_t **ret_result)
{
	struct alert_notes notes = { NULL };
	struct intake intake = { .call = call, .notes = &notes };
	enum err e = read_notes(call, &notes);

	if (e) {
		return e;
	}
	e = ERR_CONFLICT;
	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		e = intake_try(&intake);
	}
	if (e == ERR_CONFLICT && !call->error) {
		e = call_fail(call, "D410");
	}
	if (!e) {
		*ret_result = intake_answer(&intake);
	}
	alert_notes_release(&notes);
	return e;
}
