/* SPDX-License-Identifier: MIT */
/*
 * How far each person has read each case.  The count of what is new is read
 * from the ledger's own index by subject: there is nothing to keep in step.
 */
#include "sqlite_parts.h"

enum err
sqlite_store_look_put(
	struct store *base, const char *person, const char *subject, int64_t seq, stamp at)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_begin(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_LOOK_PUT);
	query_text(&q, ":person", person);
	query_text(&q, ":subject", subject);
	query_int(&q, ":seq", seq);
	query_stamp(&q, ":at", at);
	err = query_run(&q);
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}

static enum err
count_changed(
	struct sqlite_store *store, const char *person, const char *subject, struct look *look)
{
	struct query q = query_start(store, STMT_LOOK_CHANGED);

	query_text(&q, ":subject", subject);
	query_int(&q, ":seq", look->seq);
	query_text(&q, ":person", person);
	if (query_row(&q)) {
		look->changed = query_get_int(&q, 0);
	}
	return query_end(&q);
}

enum err
sqlite_store_look(
	struct store *base, const char *person, const char *subject, struct look *ret_look)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct look look = { .at = STAMP_NONE };
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_LOOK);
	query_text(&q, ":person", person);
	query_text(&q, ":subject", subject);
	if (query_row(&q)) {
		look.seq = query_get_int(&q, 0);
		look.at = query_get_stamp(&q, 1);
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		err = count_changed(store, person, subject, &look);
	}
	if (err == ERR_OK) {
		*ret_look = look;
	}
	return err;
}

enum err
sqlite_store_looker(struct store *base, struct arena *arena, const struct look_want *want,
	struct looker *ret_looker)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct looker looker = { NULL, STAMP_NONE };
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_LOOKER);
	query_text(&q, ":subject", want->subject);
	query_text(&q, ":person", want->person);
	query_int(&q, ":seq", want->seq);
	if (query_row(&q)) {
		looker.person = query_get_text(&q, 0, arena);
		looker.at = query_get_stamp(&q, 1);
	}
	err = query_end(&q);
	if (err == ERR_OK && looker.person == NULL) {
		err = ERR_NOT_FOUND;
	}
	if (err == ERR_OK) {
		*ret_looker = looker;
	}
	return err;
}
