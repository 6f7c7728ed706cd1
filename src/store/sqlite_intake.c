/* SPDX-License-Identifier: MIT */
/*
 * Claims: which files a person put in and has not attached yet.
 */
#include "sqlite_parts.h"

#define OLD_MOST 100

enum err
sqlite_store_intake_put(struct store *base, const struct intake_row *row)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_begin(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_INTAKE_PUT);
	query_text(&q, ":sha256", row->sha256);
	query_text(&q, ":person", row->person);
	query_text(&q, ":name", row->name);
	query_int(&q, ":size", row->size);
	query_int(&q, ":at", row->at);
	err = query_run(&q);
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}

enum err
sqlite_store_intake_drop(struct store *base, const char *sha256, const char *person)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_begin(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_INTAKE_DELETE);
	query_text(&q, ":sha256", sha256);
	query_text(&q, ":person", person);
	err = query_run(&q);
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}

static struct query
start_list(struct sqlite_store *store, const struct intake_filter *filter)
{
	struct query q;

	if (filter->sha256 != NULL) {
		q = query_start(store, STMT_INTAKE_OF_FILE);
		query_text(&q, ":sha256", filter->sha256);
	} else if (filter->person != NULL) {
		q = query_start(store, STMT_INTAKE_OF_PERSON);
		query_text(&q, ":person", filter->person);
	} else {
		q = query_start(store, STMT_INTAKE_OLD);
		query_int(&q, ":before", filter->before);
		query_int(&q, ":limit", OLD_MOST);
	}
	return q;
}

enum err
sqlite_store_intakes(struct store *base, struct arena *arena, const struct intake_filter *filter,
	struct intake_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct intake_list list = { 0 };
	size_t cap = 0;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = start_list(store, filter);
	while (query_row(&q)) {
		struct intake_row *items =
			arena_extend(arena, list.items, list.n, &cap, sizeof(*items));

		if (items == NULL) {
			q.err = ERR_NOMEM;
			break;
		}
		list.items = items;
		items[list.n++] = (struct intake_row){
			.sha256 = query_get_text(&q, 0, arena),
			.person = query_get_text(&q, 1, arena),
			.name = query_get_text(&q, 2, arena),
			.size = query_get_int(&q, 3),
			.at = query_get_int(&q, 4),
		};
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}
