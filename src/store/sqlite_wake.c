/* SPDX-License-Identifier: MIT */
/*
 * Which incidents the desk must look at by itself, and what its engine remembers.
 */
#include "sqlite_parts.h"

enum err
sqlite_store_due_incidents(struct store *base, struct arena *arena, stamp now, size_t limit,
	struct wake_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct wake_list list = { arena_array(arena, limit, sizeof(*list.items)), 0 };
	enum err err = list.items == NULL ? ERR_NOMEM : sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_WAKE_DUE);
	query_int(&q, ":now", now);
	query_int(&q, ":limit", (int64_t)limit);
	while (list.n < limit && query_row(&q)) {
		list.items[list.n++] = (struct wake){ .id = query_get_text(&q, 0, arena),
			.at = query_get_stamp(&q, 1) };
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}

enum err
sqlite_store_next_wake(struct store *base, stamp *ret_wake)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	stamp wake = STAMP_NONE;
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_WAKE_NEXT);
	if (query_row(&q)) {
		wake = query_get_stamp(&q, 0);
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_wake = wake;
	}
	return err;
}

enum err
sqlite_store_engine_get(
	struct store *base, struct arena *arena, const char *name, const char **ret_value)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	const char *value = NULL;
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_ENGINE_GET);
	query_text(&q, ":name", name);
	if (query_row(&q)) {
		value = query_get_text(&q, 0, arena);
	}
	err = query_end(&q);
	if (err == ERR_OK && value == NULL) {
		err = ERR_NOT_FOUND;
	}
	if (err == ERR_OK) {
		*ret_value = value;
	}
	return err;
}

enum err
engine_value_put(struct sqlite_store *store, const char *name, const char *value)
{
	struct query q = query_start(store, STMT_ENGINE_PUT);

	query_text(&q, ":name", name);
	query_text(&q, ":value", value);
	return query_run(&q);
}

enum err
sqlite_store_engine_put(struct store *base, const char *name, const char *value)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_begin(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, value == NULL ? STMT_ENGINE_DELETE : STMT_ENGINE_PUT);
	query_text(&q, ":name", name);
	if (value != NULL) {
		query_text(&q, ":value", value);
	}
	err = query_run(&q);
	if (err != ERR_OK) {
		return sqlite_abort(store, err);
	}
	store->unheard = true; /* no screen shows it: none need wake */
	return sqlite_end(store, NULL);
}
