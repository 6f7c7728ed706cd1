/* SPDX-License-Identifier: MIT */
/*
 * Giving a shift, accepting it, taking it back: judge, record, and judge again
 * when somebody was faster.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "handover.h"
#include "method.h"
#include "record.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/notify/notify.h"

#define TRIES 20

/* One of the three entries. */
struct change {
	struct arena *arena;
	const char *kind;
	const char *department;
	const char *subject;
	char new_id[NEW_ID_SIZE];
	const char *event_id;
	struct event event;
	struct handover_list list;
	struct handover_context context;
	struct message_shift shift; /* what is told; of a given one */
	struct outbox_row *outbox;
	size_t n_outbox;
};

/* Judges and makes the body, a new reference. */
typedef enum err change_make(struct call *call, struct change *change, json_t **ret_body);

static json_t *
change_answer(const struct change *change, const struct event *event)
{
	char hex[HASH_HEX_SIZE];

	hash_hex(&event->row_hash, hex);
	return json_pack("{s:s, s:I, s:s}", "department", change->department, "seq",
		(json_int_t)event->seq, "row_hash", hex);
}

/* What stands under the client's id already; ERR_NOT_FOUND without a document: nothing. */
static enum err
change_repeated(struct call *call, const struct change *change, json_t **ret_result)
{
	struct event event;
	enum err e = store_event_by_id(call->store, call->arena, change->event_id, &event);

	if (e == ERR_NOT_FOUND) {
		return e;
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (strcmp(event.actor, call->person->id) != 0 || strcmp(event.kind, change->kind) != 0 ||
		strcmp(event.subject, change->subject) != 0) {
		return call_fail_field(
			call, "D103", "event", _("This id belongs to another entry."));
	}
	*ret_result = draft_answer(call, change_answer(change, &event));
	json_object_set_new(*ret_result, "repeated", json_true());
	return ERR_OK;
}

static enum err
change_event(struct call *call, struct change *change, json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);

	change->event = (struct event){
		.id = change->event_id,
		.subject = change->subject,
		.subject_seq = change->list.subject_seq + 1,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = change->kind,
		.form = "",
		.form_version = "",
		.body = text ? arena_strdup(call->arena, text) : NULL,
	};
	free(text);
	return change->event.body ? ERR_OK : ERR_NOMEM;
}

/* --- telling others -------------------------------------------------------------------- */

#define TYPE_GIVEN "handover.given"

/* Somebody's own receiver hears of the shift that they are to accept, and of no other. */
static bool
is_told(const struct call *call, const struct target_row *target)
{
	const char *to = arg_text(call, "to");

	if (target->person[0]) {
		return target->active && to && strcmp(target->person, to) == 0;
	}
	return target->active && message_wanted(target->events, TYPE_GIVEN);
}

/* One message for each receiver that wants it; their bodies are made when the entry is sealed. */
static enum err
change_messages(struct call *call, struct change *change)
{
	struct target_list targets = { NULL, 0 };
	enum err e = store_targets(call->store, call->arena, &targets);

	change->n_outbox = 0;
	change->outbox = arena_array(call->arena, targets.n + 1, sizeof(*change->outbox));
	if (e || !change->outbox) {
		return e ? e : ERR_NOMEM;
	}
	for (size_t i = 0; i < targets.n; i++) {
		char id[NEW_ID_SIZE];

		if (!is_told(call, &targets.items[i])) {
			continue;
		}
		random_id(call->now, id);
		change->outbox[change->n_outbox++] = (struct outbox_row){
			.id = arena_printf(call->arena, "msg_%s", id),
			.target = targets.items[i].name,
			.type = TYPE_GIVEN,
			.subject = change->subject,
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

/* Inside the transaction: number and hash are known now. */
static enum err
change_seal(struct store_batch *batch, void *ctx)
{
	struct change *change = ctx;
	const struct event *event = &batch->events[0];
	const struct ledger_head head = {
		.seq = event->seq, .row_hash = event->row_hash, .at = event->at
	};
	const struct message_source source = {
		.org = change->context.org,
		.event = event,
		.head = &head,
		.shift = &change->shift,
		.type = TYPE_GIVEN,
	};

	for (size_t i = 0; i < change->n_outbox; i++) {
		char *text = message_shift_body(&source);

		change->outbox[i].body = text ? arena_strdup(change->arena, text) : NULL;
		free(text);
		if (!change->outbox[i].body || !change->outbox[i].id) {
			return ERR_NOMEM;
		}
	}
	return ERR_OK;
}

/* Of the recorded sheet, which names nothing that is restricted. */
static struct message_shift
shift_of(const struct call *call, const struct change *change, const json_t *sheet)
{
	const json_t *rows = json_object_get(sheet, "incidents");
	struct message_shift shift = { .department = change->department,
		.by = call->person->id,
		.to = arg_text(call, "to"),
		.open = (int)json_array_size(rows) };
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *due = json_string_value(json_object_get(row, "due_at"));
		stamp at;

		shift.late += due && stamp_parse(due, &at) == ERR_OK && at < call->now;
	}
	return shift;
}

/* --- recording ------------------------------------------------------------------------- */

/* ERR_CONFLICT and ERR_EXISTS come without a document. */
static enum err
change_commit(struct call *call, struct change *change)
{
	const struct draft_drop drop = draft_to_drop(call);
	struct store_batch batch = {
		.events = &change->event,
		.n_events = 1,
		.drop_draft = drop.number,
		.drop_body = drop.body,
		.seal = change_seal,
		.seal_ctx = change,
	};
	enum err e =
		strcmp(change->kind, HANDOVER_GIVEN) == 0 ? change_messages(call, change) : ERR_OK;
	struct event stored;

	if (e) {
		return call_fail_store(call, e, true);
	}
	batch.outbox = change->outbox;
	batch.n_outbox = change->n_outbox;
	e = store_commit(call->store, &batch);

	if (e == ERR_UNKNOWN) {
		e = store_event_by_id(call->store, call->arena, change->event_id, &stored);
		if (!e) {
			change->event = stored;
			return ERR_OK;
		}
		return call_fail_store(call, e == ERR_NOT_FOUND ? ERR_IO : ERR_UNKNOWN, true);
	}
	return e && e != ERR_CONFLICT && e != ERR_EXISTS ? call_fail_store(call, e, true) : e;
}

static enum err
change_try(struct call *call, struct change *change, change_make *make)
{
	json_t *body = NULL;
	enum err e = handover_load(call, change->department, HANDOVER_NEWEST, &change->list);

	if (e) {
		return e;
	}
	change->context = (struct handover_context){ call->org, change->department,
		handover_pending(&change->list) };
	e = make(call, change, &body);
	if (!e) {
		e = call_keep(call, body) ? change_event(call, change, body) : ERR_NOMEM;
	}
	return e ? e : change_commit(call, change);
}

static enum err
change_run(struct call *call, const char *kind, change_make *make, json_t **ret_result)
{
	struct change change = { .arena = call->arena, .kind = kind };
	enum err e = handover_department(call, &change.department);

	if (e) {
		return e;
	}
	random_id(call->now, change.new_id);
	change.event_id = arg_text(call, "event");
	change.event_id = change.event_id ? change.event_id : change.new_id;
	change.subject = arena_printf(call->arena, "%s%s", SUBJECT_HANDOVER, change.department);
	if (!change.subject) {
		return ERR_NOMEM;
	}
	e = change_repeated(call, &change, ret_result);
	if (e != ERR_NOT_FOUND) {
		return e;
	}
	e = ERR_CONFLICT;
	for (int tries = 0; e == ERR_CONFLICT && !call->error && tries < TRIES; tries++) {
		e = change_try(call, &change, make);
	}
	if (e == ERR_CONFLICT && !call->error) {
		return call_fail(call, "D410");
	}
	if (e == ERR_EXISTS) {
		return change_repeated(call, &change, ret_result);
	}
	if (!e) {
		*ret_result = draft_answer(call, change_answer(&change, &change.event));
	}
	return e;
}

static const char *
remark(const struct call *call)
{
	const char *text = arg_text(call, "text");

	return text ? text : "";
}

static enum err
make_given(struct call *call, struct change *change, json_t **ret_body)
{
	const char *to = arg_text(call, "to");
	struct step_verdict verdict = { false };
	json_t *sheet = NULL;
	enum err e = handover_judge_give(call->arena, &change->context, call->person, &verdict);

	e = handover_admit(call, e, &verdict);
	if (e) {
		return e;
	}
	if (to &&
		(strcmp(to, call->person->id) == 0 ||
			!handover_is_member(org_person(call->org, to), change->department))) {
		return call_fail_field(
			call, "D107", "to", _("Choose somebody else of the department."));
	}
	e = sheet_make(call, change->department, SHEET_RECORDED, &sheet);
	if (!e) {
		change->shift = shift_of(call, change, sheet);
		*ret_body = json_pack("{s:s, s:s?, s:s, s:O}", "department", change->department,
			"to", to, "text", remark(call), "sheet", sheet);
	}
	return e;
}

/* What the caller looked at is what stands: the handover, and the cases behind it. */
static enum err
check_shown(struct call *call, const struct handover *pending, const json_t *now)
{
	const char *hash = arg_text(call, "hash");
	const char *named = arg_text(call, "text");

	if (hash && strcmp(hash, json_string_value(json_object_get(now, "hash"))) != 0) {
		return call_fail_text(call, "D205",
			_("Not recorded: the situation changed since it was shown to you."));
	}
	if (pending->to && strcmp(pending->to, call->person->id) != 0 && (!named || !*named)) {
		return call_fail_field(
			call, "D101", "text", _("Somebody else was named: say why you take over."));
	}
	return ERR_OK;
}

static enum err
make_accepted(struct call *call, struct change *change, json_t **ret_body)
{
	const struct handover *pending = change->context.pending;
	struct step_verdict verdict = { false };
	json_t *now = NULL;
	enum err e;

	if (pending && pending->seq != arg_count(call, "seq", 0)) {
		change->context.pending = NULL; /* the one that was shown is over */
	}
	e = handover_judge_accept(call->arena, &change->context, call->person, &verdict);
	e = handover_admit(call, e, &verdict);
	if (!e) {
		e = sheet_make(call, change->department, SHEET_RECORDED, &now);
	}
	if (!e) {
		e = check_shown(call, pending, now);
	}
	if (!e) {
		*ret_body = json_pack("{s:I, s:s, s:o}", "seq", (json_int_t)pending->seq, "text",
			remark(call), "since", handover_difference(pending->sheet, now));
	}
	return e;
}

static enum err
make_withdrawn(struct call *call, struct change *change, json_t **ret_body)
{
	const struct handover *pending = change->context.pending;
	struct step_verdict verdict = { false };
	enum err e;

	if (pending && pending->seq != arg_count(call, "seq", 0)) {
		change->context.pending = NULL;
	}
	e = handover_judge_withdraw(call->arena, &change->context, call->person, &verdict);
	e = handover_admit(call, e, &verdict);
	if (!e) {
		*ret_body = json_pack(
			"{s:I, s:s}", "seq", (json_int_t)pending->seq, "text", remark(call));
	}
	return e;
}

enum err
method_handover_give(struct call *call, json_t **ret_result)
{
	return change_run(call, HANDOVER_GIVEN, make_given, ret_result);
}

enum err
method_handover_accept(struct call *call, json_t **ret_result)
{
	return change_run(call, HANDOVER_ACCEPTED, make_accepted, ret_result);
}

enum err
method_handover_withdraw(struct call *call, json_t **ret_result)
{
	return change_run(call, HANDOVER_WITHDRAWN, make_withdrawn, ret_result);
}
