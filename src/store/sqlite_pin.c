/* SPDX-License-Identifier: MIT */
/*
 * PINs, and the tries at them.
 */
#include "sqlite_parts.h"

/* Longer than any lock-out: what is forgotten keeps nobody out any more. */
#define TRIES_KEPT_MS INT64_C(86400000)

static struct pin_row
pin_read(struct query *q, struct arena *arena)
{
	return (struct pin_row){
		.person = query_get_text(q, 0, arena),
		.hash = query_get_text(q, 1, arena),
		.key_id = query_get_text(q, 2, arena),
		.once = query_get_int(q, 3) != 0,
		.set_at = query_get_stamp(q, 4),
		.set_by = query_get_text(q, 5, arena),
	};
}

enum err
sqlite_store_pin(
	struct store *base, struct arena *arena, const char *person, struct pin_row *ret_row)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct pin_row row;
	bool found;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_PIN_OF_PERSON);
	query_text(&q, ":person", person);
	found = query_row(&q);
	if (found) {
		row = pin_read(&q, arena);
	}
	err = query_end(&q);
	if (err == ERR_OK && found) {
		*ret_row = row;
	}
	return err == ERR_OK && !found ? ERR_NOT_FOUND : err;
}

enum err
sqlite_store_pins(struct store *base, struct arena *arena, struct pin_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct pin_list list = { 0 };
	size_t cap = 0;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_PIN_ALL);
	while (query_row(&q)) {
		struct pin_row *items =
			arena_extend(arena, list.items, list.n, &cap, sizeof(*items));

		if (items == NULL) {
			q.err = ERR_NOMEM;
			break;
		}
		list.items = items;
		items[list.n++] = pin_read(&q, arena);
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}

enum err
sqlite_store_pin_try(
	struct store *base, struct arena *arena, const char *name, struct pin_try *ret_try)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct pin_try try;
	bool found;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_PIN_TRY_OF_NAME);
	query_text(&q, ":name", name);
	found = query_row(&q);
	if (found) {
		try = (struct pin_try){
			.name = query_get_text(&q, 0, arena),
			.failures = query_get_int(&q, 1),
			.checks = query_get_text(&q, 2, arena),
			.next_at = query_get_stamp(&q, 3),
			.locked = query_get_int(&q, 4) != 0,
			.changed_at = query_get_stamp(&q, 5),
		};
	}
	err = query_end(&q);
	if (err == ERR_OK && found) {
		*ret_try = try;
	}
	return err == ERR_OK && !found ? ERR_NOT_FOUND : err;
}

static enum err
pin_put(struct sqlite_store *store, const struct pin_row *row)
{
	struct query q = query_start(store, STMT_PIN_PUT);

	query_text(&q, ":person", row->person);
	query_text(&q, ":hash", row->hash);
	query_text(&q, ":key_id", row->key_id);
	query_int(&q, ":once", row->once);
	query_int(&q, ":set_at", row->set_at);
	query_text(&q, ":set_by", row->set_by);
	return query_run(&q);
}

static enum err
try_put(struct sqlite_store *store, const struct pin_try *try)
{
	struct query q = query_start(store, STMT_PIN_TRY_PUT);

	query_text(&q, ":name", try->name);
	query_int(&q, ":failures", try->failures);
	query_text(&q, ":checks", try->checks);
	query_int(&q, ":next_at", try->next_at);
	query_int(&q, ":locked", try->locked);
	query_int(&q, ":changed_at", try->changed_at);
	return query_run(&q);
}

enum err
pin_change_put(struct sqlite_store *store, const struct pin_change *change)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < change->ended.n && err == ERR_OK; i++) {
		struct query q = query_start(store, STMT_PIN_END);

		query_text(&q, ":person", change->ended.items[i]);
		err = query_run(&q);
	}
	if (err == ERR_OK && change->pin != NULL) {
		err = pin_put(store, change->pin);
	}
	for (size_t i = 0; i < change->n_tries && err == ERR_OK; i++) {
		err = try_put(store, &change->tries[i]);
	}
	return err;
}

enum err
sqlite_store_pin_try_put(struct store *base, const struct pin_try *tries, size_t n)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_begin(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_PIN_TRY_FORGET);
	query_int(&q, ":before", tries[0].changed_at - TRIES_KEPT_MS);
	err = query_run(&q);
	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		err = try_put(store, &tries[i]);
	}
	store->unheard = true; /* no screen shows them */
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}
