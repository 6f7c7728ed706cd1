/* SPDX-License-Identifier: MIT */
/*
 * What the caller sees of the cases of a list: see sight.h.
 */
#include "sight.h"

#include "summary.h"

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
