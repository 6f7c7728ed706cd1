/* SPDX-License-Identifier: MIT */
/*
 * Drafts: what a person typed and did not send.  Saved as durably as the
 * record, because losing it is what people never forgive.
 */
#include "sqlite_parts.h"

/* The next number, never given before. */
static enum err
draft_new_number(struct sqlite_store *store, int64_t *ret_number)
{
	struct query q = query_start(store, STMT_DRAFT_NUMBER);
	int64_t number = 0;
	enum err err;

	while (query_row(&q)) {
		number = query_get_int(&q, 0);
	}
	err = query_end(&q);
	if (err == ERR_OK && number == 0) {
		return ERR_CORRUPT; /* the counter's row is gone */
	}
	*ret_number = number;
	return err;
}

static enum err
draft_write(struct sqlite_store *store, const struct draft_row *draft, int64_t number)
{
	bool new = draft->number == 0;
	struct query q = query_start(store, new ? STMT_DRAFT_INSERT : STMT_DRAFT_UPDATE);
	bool found = false;
	enum err err;

	query_int(&q, ":number", number);
	query_text(&q, ":person", draft->person);
	query_text(&q, ":form", draft->form);
	query_text(&q, ":subject", draft->subject);
	query_text(&q, ":body", draft->body);
	query_stamp(&q, ":saved_at", draft->saved_at);
	if (!new) {
		query_text(&q, ":before", draft->before);
	}
	while (query_row(&q)) {
		found = true;
	}
	err = query_end(&q);
	if (err == ERR_OK && !new && !found) {
		err = draft->before ? ERR_CONFLICT : ERR_NOT_FOUND;
	}
	return err;
}

enum err
sqlite_draft_add(struct sqlite_store *store, const struct draft_row *draft)
{
	struct draft_row fresh = *draft;
	int64_t number = 0;
	enum err err = draft_new_number(store, &number);

	fresh.number = 0;
	return err == ERR_OK ? draft_write(store, &fresh, number) : err;
}

enum err
sqlite_store_draft_put(struct store *base, const struct draft_row *draft, int64_t *ret_number)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	int64_t number = draft->number;
	enum err err = sqlite_begin(store);

	if (err != ERR_OK) {
		return err;
	}
	if (number == 0) {
		err = draft_new_number(store, &number);
	}
	if (err == ERR_OK) {
		err = draft_write(store, draft, number);
	}
	if (err != ERR_OK) {
		return sqlite_abort(store, err);
	}
	err = sqlite_end(store, NULL);
	if (err == ERR_OK) {
		*ret_number = number;
	}
	return err;
}

enum err
sqlite_store_draft_drop(struct store *base, const char *person, int64_t number)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	bool found = false;
	enum err err = sqlite_begin(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_DRAFT_DELETE);
	query_int(&q, ":number", number);
	query_text(&q, ":person", person);
	while (query_row(&q)) {
		found = true;
	}
	err = query_end(&q);
	if (err == ERR_OK && !found) {
		err = ERR_NOT_FOUND;
	}
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}

enum err
sqlite_store_drafts(
	struct store *base, struct arena *arena, const char *person, struct draft_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct draft_list list = { 0 };
	size_t cap = 0;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_DRAFT_OF_PERSON);
	query_text(&q, ":person", person);
	while (query_row(&q)) {
		struct draft_row *items =
			arena_extend(arena, list.items, list.n, &cap, sizeof(*items));

		if (items == NULL) {
			q.err = ERR_NOMEM;
			break;
		}
		list.items = items;
		items[list.n++] = (struct draft_row){
			.number = query_get_int(&q, 0),
			.person = query_get_text(&q, 1, arena),
			.form = query_get_text(&q, 2, arena),
			.subject = query_get_text(&q, 3, arena),
			.body = query_get_text(&q, 4, arena),
			.saved_at = query_get_stamp(&q, 5),
		};
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}

enum err
sqlite_store_draft_load(
	struct store *base, const char *person, int64_t but, struct draft_load *ret_load)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct draft_load load = { 0 };
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_DRAFT_LOAD);
	query_text(&q, ":person", person);
	query_int(&q, ":but", but);
	while (query_row(&q)) {
		load = (struct draft_load){ query_get_int(&q, 0), query_get_int(&q, 1) };
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_load = load;
	}
	return err;
}
