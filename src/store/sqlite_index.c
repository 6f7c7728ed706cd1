/* SPDX-License-Identifier: MIT */
/*
 * The search index: how it follows the ledger, how an erased text leaves it, and
 * whether it is what the summaries say.
 *
 * Inside the transaction that acknowledges a step the index would cost three
 * quarters of the writes; so it has a cursor of its own and follows in small steps.
 */
#include "sqlite_parts.h"

#include <inttypes.h>
#include <string.h>

#include "search_cut.h"

/* A row of the index must stay below the largest row there may be. */
#define TOKENS_MOST 1000000

/* The one number a statement returns; `ret` stays as it is when there is none. */
static enum err
one_number(struct query *q, int64_t *ret)
{
	if (query_row(q)) {
		*ret = query_get_int(q, 0);
	}
	return query_end(q);
}

static enum err
run_num(struct sqlite_store *store, enum statement statement, int64_t num)
{
	struct query q = query_start(store, statement);

	query_int(&q, ":num", num);
	return query_run(&q);
}

/* --- following the ledger ------------------------------------------------------------ */

/* Puts the tokens of one case into the index, or the case among the rest. */
static enum err
index_put(struct sqlite_store *store, int64_t num, const struct str *tokens)
{
	enum err err = run_num(store, STMT_SEARCH_DELETE, num);
	struct query q;

	if (err == ERR_OK) {
		err = run_num(store,
			tokens->len > TOKENS_MOST ? STMT_SEARCH_REST_PUT : STMT_SEARCH_REST_DELETE,
			num);
	}
	if (err != ERR_OK || tokens->len > TOKENS_MOST) {
		return err;
	}
	q = query_start(store, STMT_SEARCH_INSERT);
	query_int(&q, ":num", num);
	query_text(&q, ":tokens", str_text(tokens));
	return query_run(&q);
}

/* Cuts the text of the case; most entries add none, then nothing is written. */
static enum err
index_case(struct sqlite_store *store, struct arena *arena, int64_t num)
{
	struct query q = query_start(store, STMT_SEARCH_TEXT);
	const char *before = NULL;
	struct str tokens = STR_INIT;
	enum err err;

	query_int(&q, ":num", num);
	if (query_row(&q)) {
		search_cut(&tokens, query_get_text(&q, 0, arena));
	}
	err = query_end(&q);
	if (err == ERR_OK && tokens.failed) {
		err = ERR_NOMEM;
	}
	if (err == ERR_OK) {
		q = query_start(store, STMT_SEARCH_TOKENS);
		query_int(&q, ":num", num);
		if (query_row(&q)) {
			before = query_get_text(&q, 0, arena);
		}
		err = query_end(&q);
	}
	if (err == ERR_OK && (before == NULL || strcmp(before, str_text(&tokens)) != 0)) {
		err = index_put(store, num, &tokens);
	}
	str_release(&tokens);
	return err;
}

/* The cases of a range of the ledger, one after the other; an arena for each. */
static enum err
index_range(struct sqlite_store *store, int64_t after, int64_t upto)
{
	struct arena *arena = arena_new();
	struct query q;
	int64_t last = 0;
	enum err err = ERR_OK;

	if (arena == NULL) {
		return ERR_NOMEM;
	}
	q = query_start(store, STMT_SEARCH_CHANGED);
	query_int(&q, ":after", after);
	query_int(&q, ":upto", upto);
	while (err == ERR_OK && query_row(&q)) {
		int64_t num = query_get_int(&q, 0);

		if (num != last) { /* entries of one case often follow each other */
			arena_clear(arena);
			err = index_case(store, arena, num);
		}
		last = num;
	}
	if (err != ERR_OK) {
		(void)query_end(&q); /* what went wrong was told by the case */
	} else {
		err = query_end(&q);
	}
	arena_free(arena);
	return err;
}

/* Where the index and the ledger stand. */
static enum err
index_place(struct sqlite_store *store, int64_t *ret_seq, int64_t *ret_head)
{
	struct query q = query_start(store, STMT_SEARCH_CURSOR);
	struct ledger_head head = { 0 };
	enum err err = one_number(&q, ret_seq);

	if (err == ERR_OK) {
		err = sqlite_store_head(&store->base, &head);
	}
	*ret_head = head.seq;
	return err;
}

static enum err
index_step(struct sqlite_store *store, int64_t limit, int64_t *ret_behind)
{
	int64_t seq = 0;
	int64_t head = 0;
	enum err err = index_place(store, &seq, &head);
	int64_t upto = head - seq > limit ? seq + limit : head;
	struct query q;

	if (err == ERR_OK) {
		err = index_range(store, seq, upto);
	}
	if (err == ERR_OK) {
		q = query_start(store, STMT_SEARCH_CURSOR_PUT);
		query_int(&q, ":seq", upto);
		err = query_run(&q);
	}
	*ret_behind = head - upto;
	return err;
}

enum err
sqlite_store_search_index(struct store *base, size_t limit, int64_t *ret_behind)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	int64_t seq = 0;
	int64_t head = 0;
	enum err err = sqlite_ready(store);

	if (err == ERR_OK) {
		err = index_place(store, &seq, &head);
	}
	if (err != ERR_OK || head <= seq) {
		*ret_behind = 0;
		return err;
	}
	err = sqlite_begin(store);
	if (err != ERR_OK) {
		return err;
	}
	err = index_step(store, (int64_t)limit, ret_behind);
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}

/* --- erasing ---------------------------------------------------------------------------- */

enum err
search_forget(struct sqlite_store *store, int64_t seq)
{
	struct query q = query_start(store, STMT_SEARCH_NUM_OF_SEQ);
	int64_t num = 0;
	enum err err;

	query_int(&q, ":seq", seq);
	err = one_number(&q, &num);
	if (err != ERR_OK || num == 0) {
		return err;
	}
	err = run_num(store, STMT_SEARCH_DELETE, num);
	if (err == ERR_OK) {
		err = run_num(store, STMT_SEARCH_REST_PUT, num); /* until it is indexed anew */
	}
	if (err == ERR_OK) {
		q = query_start(store, STMT_SEARCH_MERGE);
		err = query_run(&q);
	}
	return err;
}

/* --- checking --------------------------------------------------------------------------- */

static enum err
check_tokens(struct sqlite_store *store, struct ledger_problems *problems)
{
	struct query q = query_start(store, STMT_CHECK_SEARCH);
	struct str tokens = STR_INIT;

	while (query_row(&q)) {
		const char *text = (const char *)sqlite3_column_text(q.stmt, 1);
		const char *held = (const char *)sqlite3_column_text(q.stmt, 2);

		str_clear(&tokens);
		search_cut(&tokens, text == NULL ? "" : text);
		if (held == NULL || strcmp(held, str_text(&tokens)) != 0) {
			ledger_report(problems, 0, "summary",
				"the search index does not hold the words of incident %s",
				query_get_text(&q, 0, problems->arena));
		}
	}
	str_release(&tokens);
	return query_end(&q);
}

static enum err
check_alone(struct sqlite_store *store, struct ledger_problems *problems)
{
	struct query q = query_start(store, STMT_CHECK_SEARCH_ALONE);

	while (query_row(&q)) {
		ledger_report(problems, 0, "summary",
			"the search index holds a case that is not there (%" PRId64 ")",
			query_get_int(&q, 0));
	}
	return query_end(&q);
}

/* The tokens against what they are found by; the engine calls a difference damage. */
static enum err
check_found_by(struct sqlite_store *store, struct ledger_problems *problems)
{
	struct query q;
	enum err err;

	if (store->gate_fd < 0) {
		return ERR_OK; /* a copy as it lies: this check counts as a write */
	}
	err = sqlite_begin(store);
	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_SEARCH_INTEGRITY);
	err = query_run(&q);
	if (err == ERR_CORRUPT) {
		ledger_report(
			problems, 0, "summary", "the search index does not find what it holds");
		err = ERR_OK;
	}
	return sqlite_abort(store, err);
}

enum err
search_check(struct sqlite_store *store, struct ledger_problems *problems)
{
	int64_t version = 0;
	enum err err = sqlite_pragma(store->db, "PRAGMA user_version", &version);

	if (err != ERR_OK || version < 2) {
		return err; /* a backup made before the index was there */
	}
	err = check_tokens(store, problems);
	if (err == ERR_OK) {
		err = check_alone(store, problems);
	}
	return err == ERR_OK ? check_found_by(store, problems) : err;
}
