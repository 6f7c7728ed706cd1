/* SPDX-License-Identifier: MIT */
/*
 * The sheet of a shift, and the handovers there were.
 */
#include <string.h>

#include "call.h"
#include "doc.h"
#include "handover.h"
#include "method.h"
#include "sight.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define LIST_DEFAULT 20

/* --- reading ------------------------------------------------------------------------- */

/* For reading: the department's own people, the office, auditors. */
static enum err
open_department(struct call *call, const char **ret_department)
{
	enum err e = handover_department(call, ret_department);
	struct step_verdict verdict = { .code = "D301" };

	if (!e && !handover_readable(call->person, *ret_department)) {
		const struct handover_context context = { call->org, *ret_department, NULL };

		e = handover_members(call->arena, &context, NULL, &verdict.who);
		verdict.why = _("The handovers of a department are read by its people, the office "
				"and auditors.");
		return handover_admit(call, e, &verdict);
	}
	return e;
}

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
		e = handover_load(call, department, HANDOVER_NEWEST, &list);
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
		e = handover_load(call, department, seq ? SIZE_MAX : HANDOVER_NEWEST, &list);
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
