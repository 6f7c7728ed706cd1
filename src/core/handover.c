/* SPDX-License-Identifier: MIT */
/*
 * Handovers of a shift: from entries to what stands, and who may do what.
 */
#include "toban/core/handover.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/core/erasure.h"

const char *
handover_state_word(enum handover_state state)
{
	static const char *const words[] = {
		[HANDOVER_PENDING] = "pending",
		[HANDOVER_IS_ACCEPTED] = "accepted",
		[HANDOVER_IS_WITHDRAWN] = "withdrawn",
	};

	return words[state];
}

bool
handover_is_subject(const char *subject)
{
	return strncmp(subject, SUBJECT_HANDOVER, strlen(SUBJECT_HANDOVER)) == 0;
}

/* --- the fold ------------------------------------------------------------------- */

static enum err
read_given(const struct event *event, const json_t *body, struct handover *into)
{
	const json_t *sheet = json_object_get(body, "sheet");

	if (!json_is_object(sheet)) {
		return ERR_CORRUPT;
	}
	into->seq = event->seq;
	into->by = event->actor;
	into->at = event->at;
	into->to = json_string_value(json_object_get(body, "to"));
	into->text = json_string_value(json_object_get(body, "text"));
	into->text = into->text ? into->text : "";
	into->sheet = sheet;
	return ERR_OK;
}

static void
read_end(const struct event *event, const json_t *body, struct handover *into)
{
	const char *text = json_string_value(json_object_get(body, "text"));

	into->state = strcmp(event->kind, HANDOVER_ACCEPTED) == 0 ? HANDOVER_IS_ACCEPTED
								  : HANDOVER_IS_WITHDRAWN;
	into->end_seq = event->seq;
	into->end_by = event->actor;
	into->end_at = event->at;
	into->end_text = text ? text : "";
	into->since = json_object_get(body, "since");
}

/* Newest first: an end is read before its beginning, into the place both share. */
static enum err
fold_one(struct handover_list *list, const struct event *event, const json_t *body)
{
	struct handover *open = &list->items[list->n];
	int64_t names = json_integer_value(json_object_get(body, "seq"));
	enum err e;

	if (strcmp(event->kind, HANDOVER_GIVEN) != 0) {
		if (open->end_seq) {
			return ERR_CORRUPT; /* two ends, no beginning between them */
		}
		read_end(event, body, open);
		open->seq = names;
		return ERR_OK;
	}
	if (open->end_seq ? open->seq != event->seq : list->n > 0) {
		return ERR_CORRUPT; /* the end is of another one, or it has none and is not the last
				     */
	}
	e = read_given(event, body, open);
	if (!e) {
		list->n++;
	}
	return e;
}

enum err
handover_fold(
	struct arena *arena, const struct event *events, size_t n, struct handover_list *ret_list)
{
	struct handover_list list = {
		.items = arena_array(arena, n + 1, sizeof(*list.items)),
		.subject_seq = n ? events[0].subject_seq : 0,
		.store = json_array(),
	};
	enum err e = list.items && list.store ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; !e && i < n; i++) {
		json_t *body = erasure_body(&events[i]);

		e = !body ? ERR_CORRUPT : fold_one(&list, &events[i], body);
		if (body && json_array_append_new(list.store, body) != 0) {
			e = ERR_NOMEM;
		}
	}
	if (e) {
		handover_release(&list);
		return e;
	}
	*ret_list = list;
	return ERR_OK;
}

void
handover_release(struct handover_list *list)
{
	json_decref(list->store);
	list->store = NULL;
}

const struct handover *
handover_pending(const struct handover_list *list)
{
	return list->n && list->items[0].state == HANDOVER_PENDING ? &list->items[0] : NULL;
}

/* --- who may --------------------------------------------------------------------- */

bool
handover_is_member(const struct person *person, const char *department)
{
	return person && person->roles & ROLE_STAFF &&
		!(person->roles & (ROLE_AUDITOR | ROLE_ADMIN)) &&
		strcmp(person->department, department) == 0;
}

bool
handover_readable(const struct person *person, const char *department)
{
	return strcmp(person->department, department) == 0 ||
		person->roles & (ROLE_OFFICE | ROLE_OFFICE_HEAD | ROLE_AUDITOR);
}

enum err
handover_members(struct arena *arena, const struct handover_context *context, const char *without,
	struct word_list *ret_people)
{
	const struct org *org = context->org;
	const char **items = arena_array(arena, org->n_people + 1, sizeof(*items));
	size_t n = 0;

	if (!items) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < org->n_people; i++) {
		const struct person *person = &org->people[i];

		if (handover_is_member(person, context->department) &&
			(!without || strcmp(person->id, without) != 0)) {
			items[n++] = person->id;
		}
	}
	*ret_people = (struct word_list){ .items = items, .n = n };
	return ERR_OK;
}

static void
refuse(struct step_verdict *verdict, const char *code, const char *why)
{
	verdict->allowed = false;
	verdict->code = code;
	verdict->why = why;
}

/* Who takes no part in any shift hears so; others, whose shift it is. */
static void
refuse_outsider(struct step_verdict *verdict, const struct person *person, const char *why)
{
	if (person->roles & ROLE_AUDITOR) {
		refuse(verdict, "D306", _("Auditors read everything and change nothing."));
	} else if (person->roles & ROLE_ADMIN) {
		refuse(verdict, "D307", _("Administrators take no step in cases."));
	} else {
		refuse(verdict, "D301", why);
	}
}

enum err
handover_judge_give(struct arena *arena, const struct handover_context *context,
	const struct person *person, struct step_verdict *ret_verdict)
{
	struct step_verdict verdict = { .allowed = true, .code = "", .why = "" };
	struct word_list others = { NULL, 0 };
	enum err e = handover_members(arena, context, person->id, &others);

	if (e) {
		return e;
	}
	if (!handover_is_member(person, context->department)) {
		refuse_outsider(
			&verdict, person, _("Only people of the department hand over its shift."));
		verdict.who = others;
	} else if (context->pending) {
		refuse(&verdict, "D405",
			_("The shift is handed over already and waits to be accepted."));
	} else if (others.n == 0) {
		refuse(&verdict, "D403",
			_("Nobody else of the department could accept the shift."));
	}
	*ret_verdict = verdict;
	return e;
}

enum err
handover_judge_accept(struct arena *arena, const struct handover_context *context,
	const struct person *person, struct step_verdict *ret_verdict)
{
	struct step_verdict verdict = { .allowed = true, .code = "", .why = "" };
	const struct handover *pending = context->pending;
	enum err e = handover_members(arena, context, pending ? pending->by : NULL, &verdict.who);

	if (!handover_is_member(person, context->department)) {
		refuse_outsider(
			&verdict, person, _("Only people of the department accept its shift."));
	} else if (!pending) {
		refuse(&verdict, "D406", _("No handover waits to be accepted."));
		verdict.who = (struct word_list){ NULL, 0 };
	} else if (strcmp(pending->by, person->id) == 0) {
		refuse(&verdict, "D312", _("You cannot accept it: you handed it over."));
	} else {
		verdict.who = (struct word_list){ NULL, 0 };
	}
	*ret_verdict = verdict;
	return e;
}

enum err
handover_judge_withdraw(struct arena *arena, const struct handover_context *context,
	const struct person *person, struct step_verdict *ret_verdict)
{
	struct step_verdict verdict = { .allowed = true, .code = "", .why = "" };
	const struct handover *pending = context->pending;
	const char **giver;

	if (!pending) {
		refuse(&verdict, "D406", _("No handover waits to be accepted."));
	} else if (strcmp(pending->by, person->id) != 0) {
		refuse(&verdict, "D301", _("Only who handed over takes it back."));
		giver = arena_array(arena, 1, sizeof(*giver));
		if (!giver) {
			return ERR_NOMEM;
		}
		giver[0] = pending->by;
		verdict.who = (struct word_list){ .items = giver, .n = 1 };
	}
	*ret_verdict = verdict;
	return ERR_OK;
}

/* --- two sheets -------------------------------------------------------------------- */

static const json_t *
find_row(const json_t *sheet, const json_t *row)
{
	const json_t *other;
	size_t i;

	json_array_foreach(json_object_get(sheet, "incidents"), i, other)
	{
		if (json_equal(json_object_get(other, "id"), json_object_get(row, "id"))) {
			return other;
		}
	}
	return NULL;
}

json_t *
handover_difference(const json_t *before, const json_t *after)
{
	json_t *added = json_array();
	json_t *gone = json_array();
	json_t *moved = json_array();
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(after, "incidents"), i, row)
	{
		const json_t *old = find_row(before, row);

		if (!old) {
			json_array_append(added, json_object_get(row, "id"));
		} else if (!json_equal(json_object_get(old, "last_step"),
				   json_object_get(row, "last_step"))) {
			json_array_append(moved, json_object_get(row, "id"));
		}
	}
	json_array_foreach(json_object_get(before, "incidents"), i, row)
	{
		if (!find_row(after, row)) {
			json_array_append(gone, json_object_get(row, "id"));
		}
	}
	return json_pack("{s:o, s:o, s:o}", "new", added, "gone", gone, "moved", moved);
}
