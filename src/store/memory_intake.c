/* SPDX-License-Identifier: MIT */
/*
 * Claims in memory: which files a person put in and has not attached yet.
 */
#include <string.h>

#include "memory.h"

#define OLD_MOST 100

static size_t
find_intake(const struct memory_store *store, const char *sha256, const char *person)
{
	const struct intake_row *items = store->intakes.items;
	size_t i = 0;

	while (i < store->intakes.n &&
		(strcmp(items[i].sha256, sha256) != 0 || strcmp(items[i].person, person) != 0)) {
		i++;
	}
	return i;
}

enum err
memory_store_intake_put(struct store *base, const struct intake_row *row)
{
	struct memory_store *store = (struct memory_store *)base;
	struct intake_row kept = *row;
	struct intake_row *place;
	size_t at = find_intake(store, row->sha256, row->person);

	store->failed = false;
	memory_keep(store, &kept.sha256);
	memory_keep(store, &kept.person);
	memory_keep(store, &kept.name);
	if (store->failed || memory_reserve(&store->intakes, 1) != ERR_OK) {
		return ERR_NOMEM;
	}
	if (at < store->intakes.n) {
		memory_remove(&store->intakes, at);
	}
	place = memory_insert(&store->intakes, store->intakes.n); /* the newest stands last */
	*place = kept;
	return ERR_OK;
}

enum err
memory_store_intake_drop(struct store *base, const char *sha256, const char *person)
{
	struct memory_store *store = (struct memory_store *)base;
	size_t at = find_intake(store, sha256, person);

	if (at < store->intakes.n) {
		memory_remove(&store->intakes, at);
	}
	return ERR_OK;
}

static bool
is_wanted(const struct intake_row *row, const struct intake_filter *filter)
{
	if (filter->sha256 != NULL) {
		return strcmp(row->sha256, filter->sha256) == 0;
	}
	return filter->person != NULL ? strcmp(row->person, filter->person) == 0
				      : row->at < filter->before;
}

enum err
memory_store_intakes(struct store *base, struct arena *arena, const struct intake_filter *filter,
	struct intake_list *ret_list)
{
	const struct memory_store *store = (struct memory_store *)base;
	const struct intake_row *rows = store->intakes.items;
	bool old = filter->sha256 == NULL && filter->person == NULL;
	struct intake_list list = { .items = arena_array(arena, store->intakes.n, sizeof(*rows)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < store->intakes.n && (!old || list.n < OLD_MOST); i++) {
		if (!is_wanted(&rows[i], filter)) {
			continue;
		}
		list.items[list.n] = (struct intake_row){
			.sha256 = arena_strdup(arena, rows[i].sha256),
			.person = arena_strdup(arena, rows[i].person),
			.name = arena_strdup(arena, rows[i].name),
			.size = rows[i].size,
			.at = rows[i].at,
		};
		if (!list.items[list.n].sha256 || !list.items[list.n].person ||
			!list.items[list.n].name) {
			return ERR_NOMEM;
		}
		list.n++;
	}
	*ret_list = list;
	return ERR_OK;
}
