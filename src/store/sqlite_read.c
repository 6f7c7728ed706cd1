/* SPDX-License-Identifier: MIT */
/*
 * Reading the ledger.  A damaged row is returned as what it is: the ledger walk
 * must be able to name it, so nothing here refuses or repairs.
 */
#include "sqlite_parts.h"

#include <string.h>

/* Digits of a number that a subject may have. */
#define NUMBER_DIGITS 15

/* The columns of the four statements that return events. */
enum {
	COL_SEQ,
	COL_ID,
	COL_SUBJECT,
	COL_SUBJECT_SEQ,
	COL_AT,
	COL_HAPPENED_AT,
	COL_ACTOR,
	COL_POST,
	COL_KIND,
	COL_FORM,
	COL_FORM_VERSION,
	COL_CANON,
	COL_COMMITMENT,
	COL_PREV_HASH,
	COL_ROW_HASH,
	COL_NONCE,
	COL_BODY
};

static void
read_event(struct query *q, struct arena *arena, struct event *ret)
{
	int64_t canon = query_get_int(q, COL_CANON);

	*ret = (struct event){
		.seq = query_get_int(q, COL_SEQ),
		.id = query_get_text(q, COL_ID, arena),
		.subject = query_get_text(q, COL_SUBJECT, arena),
		.subject_seq = query_get_int(q, COL_SUBJECT_SEQ),
		.at = query_get_int(q, COL_AT),
		.happened_at = query_get_stamp(q, COL_HAPPENED_AT),
		.actor = query_get_text(q, COL_ACTOR, arena),
		.post = query_get_text(q, COL_POST, arena),
		.kind = query_get_text(q, COL_KIND, arena),
		.form = query_get_text(q, COL_FORM, arena),
		.form_version = query_get_text(q, COL_FORM_VERSION, arena),
		.canon = canon >= 0 && canon <= INT32_MAX ? (int)canon : 0,
		.body = query_get_nullable_text(q, COL_BODY, arena),
	};
	query_get_blob(q, COL_COMMITMENT, ret->commitment.bytes, HASH_BYTES);
	query_get_blob(q, COL_PREV_HASH, ret->prev_hash.bytes, HASH_BYTES);
	query_get_blob(q, COL_ROW_HASH, ret->row_hash.bytes, HASH_BYTES);
	query_get_blob(q, COL_NONCE, ret->nonce, NONCE_BYTES);
}

/* What the erasures kept of the bodies that are gone; without one a body is missing. */
static enum err
read_kept(struct sqlite_store *store, struct arena *arena, struct event *events, size_t n)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		struct query q;

		if (events[i].body != NULL) {
			continue;
		}
		q = query_start(store, STMT_ERASURE_KEPT);
		query_int(&q, ":seq", events[i].seq);
		if (query_row(&q)) {
			events[i].kept = query_get_text(&q, 0, arena);
		}
		err = query_end(&q);
	}
	return err;
}

/* Reads all rows of the statement and ends it. */
static enum err
read_events(struct query *q, struct arena *arena, struct event_list *ret_events)
{
	struct event_list list = { 0 };
	size_t cap = 0;
	enum err err;

	while (query_row(q)) {
		struct event *items = arena_extend(arena, list.items, list.n, &cap, sizeof(*items));

		if (items == NULL) {
			q->err = ERR_NOMEM;
			break;
		}
		list.items = items;
		read_event(q, arena, &items[list.n]);
		list.n++;
	}
	err = query_end(q);
	if (err == ERR_OK) {
		err = read_kept(q->store, arena, list.items, list.n);
	}
	if (err == ERR_OK) {
		*ret_events = list;
	}
	return err;
}

enum err
sqlite_store_subject(
	struct store *base, struct arena *arena, const char *subject, struct event_list *ret_events)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_OF_SUBJECT);
	query_text(&q, ":subject", subject);
	return read_events(&q, arena, ret_events);
}

enum err
sqlite_store_subject_newest(struct store *base, struct arena *arena, const char *subject,
	size_t limit, struct event_list *ret_events)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_NEWEST_OF_SUBJECT);
	query_text(&q, ":subject", subject);
	query_int(&q, ":limit", limit > INT32_MAX ? INT32_MAX : (int64_t)limit);
	return read_events(&q, arena, ret_events);
}

enum err
sqlite_store_subject_last(struct store *base, const char *subject, int64_t *ret_subject_seq)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	int64_t last = 0;
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_LAST_OF_SUBJECT);
	query_text(&q, ":subject", subject);
	if (query_row(&q)) {
		last = query_get_int(&q, 0); /* NULL of an unknown subject reads as 0 */
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_subject_seq = last;
	}
	return err;
}

enum err
sqlite_store_events(struct store *base, struct arena *arena, int64_t after, size_t limit,
	struct event_list *ret_events)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_AFTER);
	query_int(&q, ":after", after);
	query_int(&q, ":limit", limit > INT32_MAX ? INT32_MAX : (int64_t)limit);
	return read_events(&q, arena, ret_events);
}

enum err
sqlite_store_event_by_id(
	struct store *base, struct arena *arena, const char *id, struct event *ret_event)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct event_list list;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_BY_ID);
	query_text(&q, ":id", id);
	err = read_events(&q, arena, &list);
	if (err != ERR_OK) {
		return err;
	}
	if (list.n == 0) {
		return ERR_NOT_FOUND;
	}
	*ret_event = list.items[0];
	return ERR_OK;
}

enum err
sqlite_store_head(struct store *base, struct ledger_head *ret_head)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct ledger_head head = { .at = STAMP_NONE };
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_HEAD);
	if (query_row(&q)) {
		head.seq = query_get_int(&q, 0);
		query_get_blob(&q, 1, head.row_hash.bytes, HASH_BYTES);
		head.at = query_get_int(&q, 2);
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_head = head;
	}
	return err;
}

/* The number behind the prefix when all of the rest is digits, else 0. */
static int64_t
read_number(const char *subject, size_t prefix_len)
{
	int64_t number = 0;

	if (strlen(subject) <= prefix_len) {
		return 0;
	}
	for (const char *p = subject + prefix_len; *p != '\0'; p++) {
		if (*p < '0' || *p > '9') {
			return 0;
		}
		number = 10 * number + (*p - '0');
	}
	return number;
}

/* The highest number of exactly `digits` digits; 0 when there is none. */
static enum err
read_last_number(struct sqlite_store *store, const char *prefix, int digits, int64_t *ret_number)
{
	struct str low = STR_INIT;
	struct str high = STR_INIT;
	struct arena *arena = arena_new();
	int64_t number = 0;
	enum err err = ERR_NOMEM;

	str_add(&low, prefix);
	str_add(&high, prefix);
	str_add_repeat(&low, '0', (size_t)digits);
	str_add_repeat(&high, '9', (size_t)digits);
	if (arena != NULL && !low.failed && !high.failed) {
		struct query q = query_start(store, STMT_EVENT_LAST_NUMBER);

		query_int(&q, ":length", (int64_t)low.len);
		query_text(&q, ":low", low.data);
		query_text(&q, ":high", high.data);
		/* Subjects such as 26-00x1 lie in the range too and are passed over. */
		while (number == 0 && query_row(&q)) {
			number = read_number(query_get_text(&q, 0, arena), strlen(prefix));
		}
		err = query_end(&q);
	}
	arena_free(arena);
	str_release(&low);
	str_release(&high);
	*ret_number = number;
	return err;
}

enum err
sqlite_store_last_number(struct store *base, const char *prefix, int64_t *ret_number)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	int64_t number = 0;

	/* More digits first: 26-10000 comes after 26-9999 though its text does not. */
	for (int digits = NUMBER_DIGITS; digits > 0 && err == ERR_OK && number == 0; digits--) {
		err = read_last_number(store, prefix, digits, &number);
	}
	if (err == ERR_OK) {
		*ret_number = number;
	}
	return err;
}
