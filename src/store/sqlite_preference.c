/* SPDX-License-Identifier: MIT */
/*
 * Preferences: how a person wants the screen.
 */
#include "sqlite_parts.h"

enum err
sqlite_store_preference_put(
	struct store *base, const char *person, const char *name, const char *value)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_begin(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, value == NULL ? STMT_PREFERENCE_DELETE : STMT_PREFERENCE_PUT);
	query_text(&q, ":person", person);
	query_text(&q, ":name", name);
	if (value != NULL) {
		query_text(&q, ":value", value);
	}
	err = query_run(&q);
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}

enum err
sqlite_store_preferences(struct store *base, struct arena *arena, const char *person,
	struct preference_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct preference_list list = { 0 };
	size_t cap = 0;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_PREFERENCE_OF_PERSON);
	query_text(&q, ":person", person);
	while (query_row(&q)) {
		struct preference_row *items =
			arena_extend(arena, list.items, list.n, &cap, sizeof(*items));

		if (items == NULL) {
			q.err = ERR_NOMEM;
			break;
		}
		list.items = items;
		items[list.n++] = (struct preference_row){
			.name = query_get_text(&q, 0, arena),
			.value = query_get_text(&q, 1, arena),
		};
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}
