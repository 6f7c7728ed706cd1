/* SPDX-License-Identifier: MIT */
/*
 * Lawful erasure in the file: the body, its words in the index and in everything
 * beside the record, and what the file itself keeps of them.  Deleted bytes are
 * overwritten by secure_delete; the write-ahead log is emptied afterwards.
 */
#include "sqlite_parts.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/log.h"
#include "toban/core/erasure.h"

/* --- everywhere else ----------------------------------------------------------------- */

/*
 * Where words may stand: a statement that reads key, sub-key, subject and text, and the
 * one that replaces the text.
 */
static const struct place {
	enum statement read;
	enum statement write;
	bool answers; /* what a receiver said of a message: not only the exact words are meant */
} places[] = {
	{ STMT_ERASE_DRAFTS, STMT_ERASE_DRAFT, false },
	{ STMT_ERASE_MESSAGES, STMT_ERASE_MESSAGE, false },
	{ STMT_ERASE_ANSWERS, STMT_ERASE_ANSWER, true },
	{ STMT_ERASE_DELIVERIES, STMT_ERASE_DELIVERY, true },
};

struct change {
	const char *key;
	int64_t sub;
	const char *text;
};

struct sweep {
	struct sqlite_store *store;
	struct arena *arena;
	const struct store_forget *forget;
	struct change *changes;
	size_t n;
	size_t cap;
};

/* Looks at the row the statement stands on. */
static enum err
sweep_row(struct sweep *sweep, struct query *q, bool answers)
{
	const char *key = query_get_text(q, 0, sweep->arena);
	int64_t sub = query_get_int(q, 1);
	bool same = strcmp(query_get_text(q, 2, sweep->arena), sweep->forget->subject) == 0;
	const char *text = query_get_text(q, 3, sweep->arena);
	const char *blanked = ERASED_MARK;
	struct change *changes;
	enum err err = ERR_OK;

	if (!answers || !same) {
		err = sweep->forget->blank(sweep->forget->ctx, sweep->arena, text, same, &blanked);
	}
	if (err != ERR_OK || blanked == NULL) {
		return err;
	}
	changes =
		arena_extend(sweep->arena, sweep->changes, sweep->n, &sweep->cap, sizeof(*changes));
	if (changes == NULL) {
		return ERR_NOMEM;
	}
	sweep->changes = changes;
	changes[sweep->n++] = (struct change){ key, sub, blanked };
	return ERR_OK;
}

static enum err
sweep_place(struct sweep *sweep, const struct place *place)
{
	struct query q = query_start(sweep->store, place->read);
	enum err err = ERR_OK;
	enum err end;

	sweep->n = 0;
	while (err == ERR_OK && query_row(&q)) {
		err = sweep_row(sweep, &q, place->answers);
	}
	end = query_end(&q);
	err = err == ERR_OK ? end : err;
	for (size_t i = 0; err == ERR_OK && i < sweep->n; i++) {
		q = query_start(sweep->store, place->write);
		query_text(&q, ":key", sweep->changes[i].key);
		query_int(&q, ":sub", sweep->changes[i].sub);
		query_text(&q, ":text", sweep->changes[i].text);
		err = query_run(&q);
	}
	return err;
}

static enum err
sweep_all(struct sqlite_store *store, const struct store_forget *forget)
{
	struct sweep sweep = { .store = store, .arena = arena_new(), .forget = forget };
	enum err err = sweep.arena != NULL ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; i < ARRAY_LEN(places) && err == ERR_OK; i++) {
		err = sweep_place(&sweep, &places[i]);
	}
	arena_free(sweep.arena);
	return err;
}

/* --- the body ------------------------------------------------------------------------- */

static enum err
erase_body(struct sqlite_store *store, int64_t seq, int64_t by_seq)
{
	struct query q = query_start(store, STMT_ERASURE_INSERT);
	enum err err;

	query_int(&q, ":seq", seq);
	query_int(&q, ":by_seq", by_seq);
	err = query_run(&q);
	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_BODY_DELETE);
	query_int(&q, ":seq", seq);
	err = query_run(&q);
	return err == ERR_OK && sqlite3_changes(store->db) == 0 ? ERR_NOT_FOUND : err;
}

enum err
batch_erase(struct sqlite_store *store, const struct store_batch *batch)
{
	int64_t by_seq = 0;
	enum err err = search_forget(store, batch->erase_seq);

	for (size_t i = 0; i < batch->n_events; i++) {
		if (strcmp(batch->events[i].kind, KIND_ERASE) == 0) {
			by_seq = batch->events[i].seq;
		}
	}
	if (err == ERR_OK) {
		err = erase_body(store, batch->erase_seq, by_seq);
	}
	if (err == ERR_OK && batch->forget != NULL) {
		err = sweep_all(store, batch->forget);
	}
	if (err != ERR_OK) {
		return err;
	}
	err = engine_value_put(store, STORE_SCRUB, "due");
	if (err == ERR_OK && batch->forget != NULL && batch->forget->chores != NULL) {
		err = engine_value_put(store, STORE_CHORES, batch->forget->chores);
	}
	return err;
}

/* --- the file -------------------------------------------------------------------------- */

static enum err
scrub_forget(struct sqlite_store *store)
{
	struct query q;
	enum err err = sqlite_begin(store);

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_ENGINE_DELETE);
	query_text(&q, ":name", STORE_SCRUB);
	err = query_run(&q);
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}

enum err
sqlite_store_scrub(struct store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	bool due = false;
	enum err err = store_scrub_due(base, &due);

	if (err != ERR_OK || !due) {
		return err;
	}
	if (store->group.open) {
		return ERR_BUSY; /* inside a group of commits: its end is the time for it */
	}
	err = sqlite_scrub(store);
	if (err != ERR_OK) {
		log_line(LOG_WARNING, "store: erased words are still in %s-wal: %s", store->path,
			err_name(err));
		return err;
	}
	err = scrub_forget(store);
	if (err == ERR_OK) {
		(void)sqlite_scrub(
			store); /* of what was just written there, nothing of which matters */
	}
	return err;
}
