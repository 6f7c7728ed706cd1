/* SPDX-License-Identifier: MIT */
/*
 * Which incidents the desk must look at by itself, and what its engine
 * remembers, in memory.
 */
#include <string.h>

#include "memory.h"

/* Puts the row among those found, the longest due first; the last one falls off a full list. */
static void
insert_wake(struct wake_list *list, size_t limit, const struct incident_row *row)
{
	size_t at = list->n < limit ? list->n++ : limit;

	/* Rows come by id: of one moment the first stays the first. */
	while (at > 0 && list->items[at - 1].at > row->wake_at) {
		if (at < limit) {
			list->items[at] = list->items[at - 1];
		}
		at--;
	}
	if (at < limit) {
		list->items[at] = (struct wake){ row->id, row->wake_at };
	}
}

enum err
memory_store_due_incidents(struct store *base, struct arena *arena, stamp now, size_t limit,
	struct wake_list *ret_list)
{
	const struct memory_store *store = (const struct memory_store *)base;
	const struct incident_row *rows = store->incidents.items;
	struct wake_list list = { arena_array(arena, limit, sizeof(*list.items)), 0 };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < store->incidents.n; i++) {
		if (rows[i].wake_at != STAMP_NONE && rows[i].wake_at <= now) {
			insert_wake(&list, limit, &rows[i]);
		}
	}
	for (size_t i = 0; i < list.n; i++) {
		list.items[i].id = arena_strdup(arena, list.items[i].id);
		if (list.items[i].id == NULL) {
			return ERR_NOMEM;
		}
	}
	*ret_list = list;
	return ERR_OK;
}

enum err
memory_store_next_wake(struct store *base, stamp *ret_wake)
{
	const struct memory_store *store = (const struct memory_store *)base;
	const struct incident_row *rows = store->incidents.items;
	stamp wake = STAMP_NONE;

	for (size_t i = 0; i < store->incidents.n; i++) {
		if (rows[i].wake_at != STAMP_NONE &&
			(wake == STAMP_NONE || rows[i].wake_at < wake)) {
			wake = rows[i].wake_at;
		}
	}
	*ret_wake = wake;
	return ERR_OK;
}

static struct memory_value *
find_value(const struct memory_store *store, const char *name)
{
	struct memory_value *items = store->values.items;

	for (size_t i = 0; i < store->values.n; i++) {
		if (strcmp(items[i].name, name) == 0) {
			return &items[i];
		}
	}
	return NULL;
}

enum err
memory_store_engine_get(
	struct store *base, struct arena *arena, const char *name, const char **ret_value)
{
	const struct memory_value *found = find_value((struct memory_store *)base, name);
	const char *copy = found != NULL ? arena_strdup(arena, found->value) : NULL;

	if (found == NULL) {
		return ERR_NOT_FOUND;
	}
	if (copy == NULL) {
		return ERR_NOMEM;
	}
	*ret_value = copy;
	return ERR_OK;
}

enum err
memory_store_engine_put(struct store *base, const char *name, const char *value)
{
	struct memory_store *store = (struct memory_store *)base;
	struct memory_value *found = find_value(store, name);
	struct memory_value row = { name, value };

	if (value == NULL) {
		if (found != NULL) {
			memory_remove(&store->values,
				(size_t)(found - (struct memory_value *)store->values.items));
		}
		return ERR_OK;
	}
	store->failed = false;
	memory_keep(store, &row.name);
	memory_keep(store, &row.value);
	if (store->failed || memory_reserve(&store->values, 1) != ERR_OK) {
		return ERR_NOMEM;
	}
	found = find_value(store, name); /* the rows may have moved */
	if (found == NULL) {
		found = memory_insert(&store->values, store->values.n);
	}
	*found = row;
	return ERR_OK;
}
