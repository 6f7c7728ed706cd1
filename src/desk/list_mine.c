/* SPDX-License-Identifier: MIT */
/*
 * What waits for somebody, with what waits for whoever they stand in for: rows do not
 * know who is away, for they would change with the time of day.
 */
#include <stdlib.h>
#include <string.h>

#include "duty.h"

/* The order of store_incidents(): due first, none last, then the newest number. */
static int
compare_rows(const void *a, const void *b)
{
	const struct incident_row *x = a;
	const struct incident_row *y = b;

	if (x->due_at != y->due_at) {
		if (x->due_at == STAMP_NONE || y->due_at == STAMP_NONE) {
			return x->due_at == STAMP_NONE ? 1 : -1;
		}
		return x->due_at < y->due_at ? -1 : 1;
	}
	return strcmp(y->id, x->id);
}

/* Appends the rows that wait for somebody else, by the same filter. */
static enum err
add_for(struct call *call, const struct incident_filter *filter, const struct person *absent,
	struct incident_list *list)
{
	struct incident_filter theirs = *filter;
	struct incident_list more = { NULL, 0, false };
	struct incident_row *items;
	enum err e;

	theirs.waits_for = absent->id;
	theirs.finder_or_waits = false;
	theirs.or_awaits = filter->or_awaits ? absent->id : NULL;
	e = store_incidents(call->store, call->arena, &theirs, &more);
	items = e ? NULL : arena_array(call->arena, list->n + more.n + 1, sizeof(*items));
	if (!items) {
		return e ? e : ERR_NOMEM;
	}
	for (size_t i = 0; i < list->n; i++) {
		items[i] = list->items[i];
	}
	for (size_t i = 0; i < more.n; i++) {
		items[list->n + i] = more.items[i];
	}
	*list = (struct incident_list){ items, list->n + more.n, list->more || more.more };
	return ERR_OK;
}

/* In order, each once, no more than were asked for. */
static void
settle(struct incident_list *list, size_t limit)
{
	size_t n = 0;

	if (list->n) {
		qsort(list->items, list->n, sizeof(*list->items), compare_rows);
	}
	for (size_t i = 0; i < list->n; i++) {
		if (i == 0 || strcmp(list->items[i].id, list->items[n - 1].id) != 0) {
			list->items[n++] = list->items[i];
		}
	}
	list->more = list->more || n > limit;
	list->n = n > limit ? limit : n;
}

enum err
list_mine(struct call *call, const struct incident_filter *filter, struct incident_list *ret_list,
	bool *ret_acts)
{
	const struct duty_query query = duty_query_at(call, call->now);
	bool acts = false;
	enum err e = store_incidents(call->store, call->arena, filter, ret_list);

	for (size_t i = 0; !e && filter->waits_for && i < call->org->n_people; i++) {
		const struct person *absent = &call->org->people[i];

		if (duty_acts_for(&query, call->person, absent)) {
			acts = true;
			e = add_for(call, filter, absent, ret_list);
		}
	}
	if (!e && acts) {
		settle(ret_list, filter->limit);
	}
	*ret_acts = acts;
	return e;
}
