/* SPDX-License-Identifier: MIT */
/*
 * Handing over a shift: the sheet, giving it, accepting it, taking it back.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "doc.h"
#include "handover.h"
#include "method.h"
#include "record.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

#define LIST_DEFAULT 20
#define NEWEST 2 /* entries that tell what stands now: a beginning and its end */

/* --- which department -------------------------------------------------------------- */

static enum err
find_department(struct call *call, const char **ret_department)
{
	const char *named = arg_text(call, "department");

	*ret_department = named ? named : call->person->department;
	if (!org_department(call->org, *ret_department)) {
		return call_fail_field(
			call, "D107", "department", _("There is no department of this name."));
	}
	return ERR_OK;
}

/* A refusal ends the call; allowed goes on. */
static enum err
admit(struct call *call, enum err e, const struct step_verdict *verdict)
{
	if (!e && !verdict->allowed) {
		e = call_fail_verdict(call, verdict);
	}
	if (call->error && verdict->who.n == 0) {
		json_object_set_new(call->error, "what_to_do",
			json_string(_("Nothing was recorded. Look at the handover again.")));
	}
	return e;
}

/* For reading: the department's own people, the office, auditors. */
static enum err
open_department(struct call *call, const char **ret_department)
{
	enum err e = find_department(call, ret_department);
	struct step_verdict verdict = { .code = "D301" };

	if (!e && !handover_readable(call->person, *ret_department)) {
		const struct handover_context context = { call->org, *ret_department, NULL };

		e = handover_members(call->arena, &context, NULL, &verdict.who);
		verdict.why = _("The handovers of a department are read by its people, the office "
				"and auditors.");
		return admit(call, e, &verdict);
	}
	return e;
}

/* --- reading ------------------------------------------------------------------------- */

static json_t *
doc_verdict(const struct step_verdict *verdict)
{
	return json_pack("{s:b, s:s, s:s, s:o}", "allowed", verdict->allowed, "code", verdict->code,
		"why", verdict->why, "who", json_of_list(&verdict->who));
}

/* What the caller may do with it now, and why not the rest. */
static enum err
doc_may(struct call *call, const struct handover_context *context, json_t **ret_may)
{
	struct step_verdict give = { false };
	struct step_verdict accept = { false };
	struct step_verdict withdraw = { false };
	enum err e = handover_judge_give(call->arena, context, call->person, &give);

	if (!e) {
		e = handover_judge_accept(call->arena, context, call->person, &accept);
	}
	if (!e) {
		e = handover_judge_withdraw(call->arena, context, call->person, &withdraw);
	}
	if (!e) {
		*ret_may = json_pack("{s:o, s:o, s:o}", "give", doc_verdict(&give), "accept",
			doc_verdict(&accept), "withdraw", doc_verdict(&withdraw));
	}
	return e;
}

/* The people a shift of the department can be given to. */
static json_t *
doc_people(const struct call *call, const char *department)
{
	json_t *people = json_array();

	for (size_t i = 0; i < call->org->n_people; i++) {
		const struct person *person = &call->org->people[i];

		if (handover_is_member(person, department) && person != call->person) {
			json_array_append_new(people, json_string(person->id));
		}
	}
	return people;
}

enum err
method_handover_sheet(struct call *call, json_t **ret_result)
{
	const char *department = NULL;
	struct handover_list list = { NULL };
	struct handover_context context = { .org = call->org };
	json_t *sheet = NULL;
	json_t *may = NULL;
	enum err e = open_department(call, &department);

	if (!e) {
		e = handover_load(call, department, NEWEST, &list);
	}
	if (!e) {
		e = sheet_make(call, department, SHEET_SHOWN, &sheet);
	}
	if (e) {
		return e;
	}
	context.department = department;
	context.pending = handover_pending(&list);
	e = doc_may(call, &context, &may);
	if (!e) {
		*ret_result = json_pack("{s:s, s:o, s:O, s:o, s:o, s:o}", "department", department,
			"at", json_of_time(call, call->now), "sheet", sheet, "handover",
			context.pending ? doc_handover(call, context.pending) : json_null(), "may",
			may, "people", doc_people(call, department));
	}
	return e;
}

/* Of the numbers of cases those that the caller may see, with title and state. */
static json_t *
read_cases(struct call *call, const json_t *ids)
{
	json_t *cases = json_array();
	json_t *id;
	size_t i;

	json_array_foreach(ids, i, id)
	{
		const char *number = json_string_value(id);
		struct incident_row row;

		if (number && store_incident(call->store, call->arena, number, &row) == ERR_OK &&
			row_sight(call, &row) == ROW_SEEN) {
			json_array_append_new(cases,
				json_pack("{s:s, s:s, s:s}", "id", row.id, "title", row.title,
					"state", row.state));
		}
	}
	return cases;
}

static enum err
read_difference(struct call *call, const json_t *difference, json_t **ret_seen)
{
	*ret_seen = json_pack("{s:o, s:o, s:o}", "new",
		read_cases(call, json_object_get(difference, "new")), "gone",
		read_cases(call, json_object_get(difference, "gone")), "moved",
		read_cases(call, json_object_get(difference, "moved")));
	return *ret_seen ? ERR_OK : ERR_NOMEM;
}

/* What changed since it was given (pending), or had changed when it was accepted. */
static enum err
add_since(struct call *call, const struct handover_context *context,
	const struct handover *handover, json_t *doc)
{
	json_t *now = NULL;
	json_t *difference = NULL;
	json_t *seen = NULL;
	enum err e;

	if (handover != context->pending) {
		e = read_difference(call, handover->since, &seen);
		return e ? e : json_object_set_new(doc, "since", seen) ? ERR_NOMEM : ERR_OK;
	}
	e = sheet_make(call, context->department, SHEET_RECORDED, &now);
	if (e) {
		return e;
	}
	difference = call_keep(call, handover_difference(handover->sheet, now));
	e = difference ? read_difference(call, difference, &seen) : ERR_NOMEM;
	if (e) {
		return e;
	}
	json_object_set_new(doc, "since", seen);
	return json_object_set(doc, "hash", json_object_get(now, "hash")) ? ERR_NOMEM : ERR_OK;
}

static const struct handover *
pick(const struct handover_list *list, int64_t seq)
{
	for (size_t i = 0; i < list->n; i++) {
		if (seq == 0 || list->items[i].seq == seq) {
			return &list->items[i];
		}
	}
	return NULL;
}

enum err
method_handover_show(struct call *call, json_t **ret_result)
{
	int64_t seq = arg_count(call, "seq", 0);
	const char *department = NULL;
	struct handover_list list = { NULL };
	struct handover_context context = { .org = call->org };
	const struct handover *handover;
	json_t *sheet = NULL;
	json_t *doc;
	json_t *may = NULL;
	enum err e = open_department(call, &department);

	if (!e) {
		e = handover_load(call, department, seq ? SIZE_MAX : NEWEST, &list);
	}
	handover = e ? NULL : pick(&list, seq);
	if (!e && !handover) {
		return call_fail_text(call, "D304", _("There is no such handover."));
	}
	if (!e) {
		e = sheet_read(call, handover->sheet, &sheet);
	}
	if (e) {
		return e;
	}
	context.department = department;
	context.pending = handover_pending(&list);
	doc = call_keep(call, doc_handover(call, handover));
	e = doc ? add_since(call, &context, handover, doc) : ERR_NOMEM;
	if (!e) {
		e = doc_may(call, &context, &may);
	}
	if (!e) {
		*ret_result = json_pack("{s:s, s:o, s:O, s:O, s:o}", "department", department, "at",
			json_of_time(call, call->now), "handover", doc, "sheet", sheet, "may", may);
	}
	return e;
}

enum err
method_handover_list(struct call *call, json_t **ret_result)
{
	size_t limit = (size_t)arg_count(call, "limit", LIST_DEFAULT);
	const char *department = NULL;
	struct handover_list list = { NULL };
	json_t *items;
	enum err e = open_department(call, &department);

	if (!e) {
		e = handover_load(call, department, 2 * limit, &list);
	}
	if (e) {
		return e;
	}
	items = json_array();
	for (size_t i = 0; i < list.n && i < limit; i++) {
		json_array_append_new(items, doc_handover(call, &list.items[i]));
	}
	*ret_result = json_pack("{s:s, s:o}", "department", department, "handovers", items);
	return ERR_OK;
}

/* --- writing --------------------------------------------------------------------------- */

#define TRIES 20

/* One of the three entries. */
struct change {
	const char *kind;
	const char *department;
	const char *subject;
	char new_id[NEW_ID_SIZE];
	const char *event_id;
	struct event event;
	struct handover_list list;
	struct handover_context context;
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
	*ret_result = change_answer(change, &event);
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

/* ERR_CONFLICT and ERR_EXISTS come without a document. */
static enum err
change_commit(struct call *call, struct change *change)
{
	struct store_batch batch = {
		.events = &change->event,
		.n_events = 1,
		.drop_draft = record_draft(call, arg_draft(call, "draft")),
	};
	enum err e = store_commit(call->store, &batch);
	struct event stored;

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
	enum err e = handover_load(call, change->department, NEWEST, &change->list);

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
	struct change change = { .kind = kind };
	enum err e = find_department(call, &change.department);

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
		*ret_result = change_answer(&change, &change.event);
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

	e = admit(call, e, &verdict);
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
	e = admit(call, e, &verdict);
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
	e = admit(call, e, &verdict);
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
