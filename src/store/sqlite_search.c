/* SPDX-License-Identifier: MIT */
/*
 * Search: two streams of cases, the newest first, merged.  One is what the index
 * says, or every case when no word narrows it; the other what the index does
 * not hold as it is now.  Each case is looked at before it is told.
 */
#include "sqlite_parts.h"

#include <stdlib.h>

#include "filter.h"
#include "search_cut.h"

struct search {
	struct sqlite_store *store;
	struct arena *arena;
	const struct search_want *want;
	struct str match;  /* what the index is asked; "" walks all cases */
	struct query hold; /* stays open, so that all of it sees one moment */
	struct query stream;
	int64_t before;
	int64_t cursor;
	int64_t *tail; /* descending; what the index does not hold as it is now */
	size_t n_tail;
	size_t cap_tail;
	size_t at_tail;
	size_t cap;
	struct search_found found;
};

/* --- the cases that the index does not hold ---------------------------------------------- */

static int
compare_newest(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a;
	const int64_t y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

static enum err
tail_add(struct search *search, struct query *q)
{
	enum err err = ERR_OK;

	while (err == ERR_OK && query_row(q)) {
		int64_t *tail = arena_extend(search->arena, search->tail, search->n_tail,
			&search->cap_tail, sizeof(*tail));

		if (tail == NULL) {
			err = ERR_NOMEM;
		} else {
			search->tail = tail;
			search->tail[search->n_tail++] = query_get_int(q, 0);
		}
	}
	if (err != ERR_OK) {
		q->err = err;
	}
	return query_end(q);
}

/* Sorts and leaves each case once. */
static void
tail_order(struct search *search)
{
	size_t n = 0;

	if (search->n_tail > 0) {
		qsort(search->tail, search->n_tail, sizeof(*search->tail), compare_newest);
	}
	for (size_t i = 0; i < search->n_tail; i++) {
		if (search->tail[i] < search->before &&
			(n == 0 || search->tail[n - 1] != search->tail[i])) {
			search->tail[n++] = search->tail[i];
		}
	}
	search->n_tail = n;
}

static enum err
tail_read(struct search *search)
{
	struct query q = query_start(search->store, STMT_SEARCH_CHANGED);
	enum err err;

	query_int(&q, ":after", search->cursor);
	query_int(&q, ":upto", INT64_MAX);
	err = tail_add(search, &q);
	if (err == ERR_OK) {
		q = query_start(search->store, STMT_SEARCH_REST);
		query_int(&q, ":before", search->before);
		err = tail_add(search, &q);
	}
	tail_order(search);
	return err;
}

/* Whether the case is in the tail, whose own stream tells of it. */
static bool
tail_has(const struct search *search, int64_t num)
{
	return search->n_tail > 0 &&
		bsearch(&num, search->tail, search->n_tail, sizeof(num), compare_newest) != NULL;
}

/* --- both streams ---------------------------------------------------------------------------- */

/* The next case of the index that is not in the tail; 0 at the end. */
static int64_t
stream_next(struct search *search)
{
	while (query_row(&search->stream)) {
		int64_t num = query_get_int(&search->stream, 0);

		if (!tail_has(search, num)) {
			return num;
		}
	}
	return 0;
}

/* Reads the case and takes it over if it is wanted; *ret_full: nothing more need be read. */
static enum err
take(struct search *search, int64_t num, bool *ret_full)
{
	const struct search_want *want = search->want;
	const size_t most = want->count > want->limit ? want->count : want->limit;
	struct search_found *found = &search->found;
	struct query q = query_start(search->store, STMT_INCIDENT_BY_NUM);
	struct incident_row row;

	query_int(&q, ":num", num);
	if (!query_row(&q)) {
		return query_end(&q);
	}
	row = incident_peek(&q, true);
	if (!filter_found(want, &row)) {
		return query_end(&q);
	}
	if (found->n < want->limit) {
		struct incident_row *items = arena_extend(
			search->arena, found->items, found->n, &search->cap, sizeof(*items));

		if (items == NULL) {
			q.err = ERR_NOMEM;
			return query_end(&q);
		}
		found->items = items;
		incident_read(&q, search->arena, &items[found->n++]);
	} else {
		found->more = true;
	}
	*ret_full = found->found == most;
	found->all = !*ret_full;
	found->found += *ret_full ? 0 : 1;
	return query_end(&q);
}

static enum err
merge(struct search *search)
{
	int64_t num = stream_next(search);
	bool full = false;
	enum err err = ERR_OK;

	while (err == ERR_OK && !full) {
		int64_t tail = search->at_tail < search->n_tail ? search->tail[search->at_tail] : 0;

		if (num == 0 && tail == 0) {
			break;
		}
		if (tail > num) {
			err = take(search, tail, &full);
			search->at_tail++;
		} else {
			err = take(search, num, &full);
			num = full ? 0 : stream_next(search);
		}
	}
	return err;
}

/* --- public ------------------------------------------------------------------------------------
 */

/* The number of the case before which to go on. */
static enum err
read_before(struct search *search)
{
	struct query q;
	bool found;
	enum err err;

	search->before = INT64_MAX;
	if (search->want->before_id == NULL) {
		return ERR_OK;
	}
	q = query_start(search->store, STMT_INCIDENT_KEYS);
	query_text(&q, ":id", search->want->before_id);
	found = query_row(&q);
	if (found) {
		search->before = query_get_int(&q, 0);
	}
	err = query_end(&q);
	return err == ERR_OK && !found ? ERR_NOT_FOUND : err;
}

static enum err
read_behind(struct search *search)
{
	struct ledger_head head = { 0 };
	enum err err = sqlite_store_head(&search->store->base, &head);

	search->found.behind = head.seq - search->cursor;
	return err;
}

static enum err
search_run(struct search *search)
{
	enum err err = read_before(search);

	if (err == ERR_OK && search->match.len > 0) {
		err = tail_read(search);
	}
	if (err == ERR_OK && search->match.len > 0) {
		err = read_behind(search);
	}
	if (err != ERR_OK) {
		return err;
	}
	search->stream = query_start(
		search->store, search->match.len > 0 ? STMT_SEARCH_MATCH : STMT_SEARCH_ALL);
	query_int(&search->stream, ":before", search->before);
	if (search->match.len > 0) {
		query_text(&search->stream, ":match", str_text(&search->match));
	}
	err = merge(search);
	if (err != ERR_OK) {
		(void)query_end(&search->stream); /* told already */
		return err;
	}
	return query_end(&search->stream);
}

enum err
sqlite_store_search(struct store *base, struct arena *arena, const struct search_want *want,
	struct search_found *ret_found)
{
	struct search search = { .store = (struct sqlite_store *)base,
		.arena = arena,
		.want = want,
		.found = { .all = true } };
	enum err err = sqlite_ready(search.store);
	enum err held;

	if (err != ERR_OK) {
		return err;
	}
	for (size_t i = 0; i < want->n_words; i++) {
		search_ask(&search.match, want->words[i]);
	}
	if (search.match.failed) {
		return ERR_NOMEM;
	}
	search.hold = query_start(search.store, STMT_SEARCH_CURSOR);
	if (query_row(&search.hold)) {
		search.cursor = query_get_int(&search.hold, 0);
		err = search_run(&search);
	}
	held = query_end(&search.hold);
	err = err != ERR_OK ? err : held;
	str_release(&search.match);
	if (err == ERR_OK) {
		*ret_found = search.found;
	}
	return err;
}

enum err
sqlite_store_subject_has_form(
	struct store *base, const char *subject, const char *forms, bool *ret_has)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;
	bool has;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_OF_FORMS);
	query_text(&q, ":subject", subject);
	query_text(&q, ":forms", forms);
	has = query_row(&q);
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_has = has;
	}
	return err;
}
