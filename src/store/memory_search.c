/* SPDX-License-Identifier: MIT */
/*
 * Search in memory: every case is looked at, the newest reported first.
 */
#include "filter.h"
#include "memory.h"

#include <string.h>

/* Takes one more row over; false when nothing more need be looked at. */
static bool
take(const struct search_want *want, const struct incident_row *row, struct search_found *found)
{
	size_t most = want->count > want->limit ? want->count : want->limit;

	if (found->n < want->limit) {
		found->items[found->n++] = *row;
	} else {
		found->more = true;
	}
	if (found->found == most) {
		found->all = false;
		return false;
	}
	found->found++;
	return true;
}

enum err
memory_store_search(struct store *base, struct arena *arena, const struct search_want *want,
	struct search_found *ret_found)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct event *events = store->events.items;
	size_t room = want->limit < store->incidents.n ? want->limit : store->incidents.n;
	struct search_found found = { .all = true };
	bool on = want->before_id == NULL;

	found.items = arena_array(arena, room, sizeof(*found.items));
	if (found.items == NULL) {
		return ERR_NOMEM;
	}
	if (!on && memory_find_incident(store, want->before_id) == NULL) {
		return ERR_NOT_FOUND;
	}
	for (size_t i = store->events.n; i-- > 0;) {
		const struct incident_row *row;

		if (events[i].subject_seq != 1) {
			continue;
		}
		row = memory_find_incident(store, events[i].subject);
		if (on && row != NULL && filter_found(want, row) && !take(want, row, &found)) {
			break;
		}
		on = on || strcmp(events[i].subject, want->before_id) == 0;
	}
	*ret_found = found;
	return ERR_OK;
}

enum err
memory_store_search_index(struct store *base, size_t limit, int64_t *ret_behind)
{
	(void)base;
	(void)limit;
	*ret_behind = 0;
	return ERR_OK;
}

enum err
memory_store_subject_has_form(
	struct store *base, const char *subject, const char *forms, bool *ret_has)
{
	const struct memory_store *store = (const struct memory_store *)base;
	const struct event *events = store->events.items;
	bool has = false;

	for (size_t i = 0; i < store->events.n && !has; i++) {
		has = strcmp(events[i].subject, subject) == 0 && events[i].form[0] &&
			filter_has(forms, events[i].form);
	}
	*ret_has = has;
	return ERR_OK;
}
