/* SPDX-License-Identifier: MIT */
/*
 * Preferences in memory: how a person wants the screen.
 */
#include <string.h>

#include "memory.h"

/* Where a preference is or belongs. */
static size_t
preference_place(
	const struct memory_store *store, const char *person, const char *name, bool *ret_found)
{
	const struct memory_preference *items = store->preferences.items;
	size_t at = 0;
	int order = 1;

	while (at < store->preferences.n) {
		order = strcmp(items[at].person, person);
		order = order != 0 ? order : strcmp(items[at].row.name, name);
		if (order >= 0) {
			break;
		}
		at++;
	}
	*ret_found = order == 0;
	return at;
}

static enum err
preference_drop(struct memory_store *store, const char *person, const char *name)
{
	bool found;
	size_t at = preference_place(store, person, name, &found);

	if (found) {
		memory_remove(&store->preferences, at);
	}
	return ERR_OK;
}

enum err
memory_store_preference_put(
	struct store *base, const char *person, const char *name, const char *value)
{
	struct memory_store *store = (struct memory_store *)base;
	struct memory_preference row = { person, { name, value } };
	struct memory_preference *place;
	bool found;
	size_t at;

	if (value == NULL) {
		return preference_drop(store, person, name);
	}
	store->failed = false;
	memory_keep(store, &row.person);
	memory_keep(store, &row.row.name);
	memory_keep(store, &row.row.value);
	if (store->failed || memory_reserve(&store->preferences, 1) != ERR_OK) {
		return ERR_NOMEM;
	}
	at = preference_place(store, person, name, &found);
	place = found ? (struct memory_preference *)store->preferences.items + at
		      : memory_insert(&store->preferences, at);
	*place = row;
	return ERR_OK;
}

enum err
memory_store_preferences(struct store *base, struct arena *arena, const char *person,
	struct preference_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct memory_preference *items = store->preferences.items;
	struct preference_list list = {
		.items = arena_array(arena, store->preferences.n, sizeof(*list.items)),
	};

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < store->preferences.n; i++) {
		if (strcmp(items[i].person, person) != 0) {
			continue;
		}
		list.items[list.n++] = (struct preference_row){
			.name = arena_strdup(arena, items[i].row.name),
			.value = arena_strdup(arena, items[i].row.value),
		};
		if (list.items[list.n - 1].name == NULL || list.items[list.n - 1].value == NULL) {
			return ERR_NOMEM;
		}
	}
	*ret_list = list;
	return ERR_OK;
}
