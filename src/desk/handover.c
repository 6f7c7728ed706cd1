/* SPDX-License-Identifier: MIT */
/*
 * Handovers as the ledger tells them, and their documents.
 */
#include "handover.h"
#include "sight.h"

#include <string.h>

#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum err
handover_load(
	struct call *call, const char *department, size_t limit, struct handover_list *ret_list)
{
	const char *subject = arena_printf(call->arena, "%s%s", SUBJECT_HANDOVER, department);
	struct event_list events = { NULL, 0 };
	enum err e = subject
		? store_subject_newest(call->store, call->arena, subject, limit, &events)
		: ERR_NOMEM;

	if (!e) {
		e = handover_fold(call->arena, events.items, events.n, ret_list);
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	return call_keep(call, ret_list->store) ? ERR_OK : ERR_NOMEM;
}

enum err
handover_department(struct call *call, const char **ret_department)
{
	const char *named = arg_text(call, "department");

	*ret_department = named ? named : call->person->department;
	if (!org_department(call->org, *ret_department)) {
		return call_fail_field(
			call, "D107", "department", _("There is no department of this name."));
	}
	return ERR_OK;
}

enum err
handover_admit(struct call *call, enum err e, const struct step_verdict *verdict)
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

/* Whether the caller may see all the cases of a list of numbers, or of rows with an `id`. */
static enum err
all_seen(struct call *call, const json_t *list, bool *may)
{
	enum err e = ERR_OK;
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const json_t *number = json_is_object(item) ? json_object_get(item, "id") : item;
		const char *id = json_string_value(number);
		struct incident_row row;

		e = *may && !e && id ? store_incident(call->store, call->arena, id, &row) : e;
		if (*may && !e && id) {
			*may = row_sight(call, &row) == ROW_SEEN;
		}
		e = e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	return e;
}

enum err
handover_sight(struct call *call, const struct event *event, bool *ret_may)
{
	static const char *const changes[] = { "new", "gone", "moved" };
	json_t *body = event->body ? json_loads(event->body, 0, NULL) : NULL;
	const json_t *since = json_object_get(body, "since");
	bool may = handover_readable(call->person, event->subject + strlen(SUBJECT_HANDOVER));
	enum err e =
		all_seen(call, json_object_get(json_object_get(body, "sheet"), "incidents"), &may);

	for (size_t i = 0; !e && i < ARRAY_LEN(changes); i++) {
		e = all_seen(call, json_object_get(since, changes[i]), &may);
	}
	json_decref(body);
	*ret_may = may;
	return e;
}

json_t *
doc_handover(const struct call *call, const struct handover *handover)
{
	bool over = handover->end_seq != 0;

	return json_pack("{s:I, s:s, s:s, s:s?, s:s, s:o, s:s?, s:s?, s:o}", "seq",
		(json_int_t)handover->seq, "state", handover_state_word(handover->state), "by",
		handover->by, "to", handover->to, "text", handover->text, "at",
		json_of_time(call, handover->at), "ended_by", over ? handover->end_by : NULL,
		"ended_text", over ? handover->end_text : NULL, "ended_at",
		over ? json_of_time(call, handover->end_at) : json_null());
}

enum err
handover_notice(struct call *call, const char *department, json_t **ret_notice)
{
	struct handover_list list = { NULL };
	const struct handover *pending;
	struct handover_context context = { call->org, department, NULL };
	struct step_verdict verdict = { false };
	enum err e = handover_load(call, department, 1, &list);

	if (e == ERR_CORRUPT) {
		json_decref(call->error); /* the verifier names it; the board must still be seen */
		call->error = NULL;
		*ret_notice = json_null();
		return ERR_OK;
	}
	if (e) {
		return e;
	}
	pending = handover_pending(&list);
	if (!pending) {
		*ret_notice = json_null();
		return ERR_OK;
	}
	context.pending = pending;
	e = handover_judge_accept(call->arena, &context, call->person, &verdict);
	if (e) {
		return e;
	}
	*ret_notice = json_pack("{s:I, s:s, s:s?, s:s, s:o, s:b}", "seq", (json_int_t)pending->seq,
		"by", pending->by, "to", pending->to, "department", department, "at",
		json_of_time(call, pending->at), "mine",
		verdict.allowed && (!pending->to || strcmp(pending->to, call->person->id) == 0));
	return ERR_OK;
}
