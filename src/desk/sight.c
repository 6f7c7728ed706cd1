/* SPDX-License-Identifier: MIT */
/*
 * What the caller sees of the cases of a list: see sight.h.
 */
#include "sight.h"

#include "summary.h"
#include "toban/store/sight.h"

const struct word_list *
call_reads_for(struct call *call)
{
	const struct org *org = call->org;
	const struct duty_query query = { .org = org, .duty = call_duty(call), .at = call->now };
	const char **ids = NULL;
	size_t n = 0;

	if (call->reads_for_known || !call->person || query.duty->n_absences == 0) {
		return &call->reads_for;
	}
	ids = arena_array(call->arena, org->n_people, sizeof(*ids));
	for (size_t i = 0; ids && i < org->n_people; i++) {
		if (sight_is_lent(&query, call->person, &org->people[i])) {
			ids[n++] = org->people[i].id;
		}
	}
	/* Without memory they see less, not more. */
	call->reads_for = (struct word_list){ ids, n };
	call->reads_for_known = true;
	return &call->reads_for;
}

enum row_sight
lists_sight(struct call *call, const char *readers, const char *hidden_from)
{
	const struct word_list *others = call_reads_for(call);

	if (row_names(hidden_from, call->person->id)) {
		return ROW_HIDDEN;
	}
	if (readers[0] == '\0' || row_names(readers, call->person->id)) {
		return ROW_SEEN;
	}
	for (size_t i = 0; i < others->n; i++) {
		if (row_names(readers, others->items[i])) {
			return ROW_SEEN;
		}
	}
	return ROW_RESTRICTED;
}

enum row_sight
row_sight(struct call *call, const struct incident_row *row)
{
	return lists_sight(call, row->readers, row->hidden_from);
}

enum err
case_sight(struct call *call, const char *id, enum row_sight *ret_sight)
{
	struct store_sight row;
	enum err e = store_sight(call->store, call->arena, id, &row);

	if (e == ERR_NOT_FOUND) {
		*ret_sight = ROW_SEEN;
		return ERR_OK;
	}
	if (!e && call->person) {
		*ret_sight = lists_sight(call, row.readers, row.hidden_from);
	} else if (!e) {
		*ret_sight = row.readers[0] || row.hidden_from[0] ? ROW_HIDDEN : ROW_SEEN;
	}
	return e;
}

enum err
text_names_unseen(struct call *call, const char *text, bool *ret_names)
{
	static const char number[] = "0123456789-D";
	enum err e = ERR_OK;
	bool names = false;

	for (const char *at = text + strcspn(text, number); !e && !names && *at;
		at += strcspn(at, number)) {
		size_t len = strspn(at, number);
		const char *id = arena_strndup(call->arena, at, len);
		enum row_sight sight = ROW_SEEN;

		e = id ? case_sight(call, id, &sight) : ERR_NOMEM;
		names = sight != ROW_SEEN;
		at += len;
	}
	if (!e) {
		*ret_names = names;
	}
	return e;
}

enum err
restricted_count(struct call *call, int64_t *ret_n)
{
	struct count_want want = { .reader = call->person->id,
		.reads_for = call_reads_for(call),
		.department = call->person->department,
		.now = call->now };
	struct board_counts counts;
	enum err e = store_counts(call->store, &want, &counts);

	if (!e) {
		*ret_n = counts.restricted;
	}
	return e;
}
