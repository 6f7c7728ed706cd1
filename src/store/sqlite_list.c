/* SPDX-License-Identifier: MIT */
/*
 * Lists of incidents and their counts.
 *
 * A list is one range, or up to three merged ranges, of an index that has the
 * list's order.  What an index cannot tell (restricted rows, words, second
 * conditions) is looked at in C, row by row, until the page is full: exact, and
 * a page costs the page as long as few rows are passed over.  A list by words
 * walks its range to the end in the worst case.
 */
#include "sqlite_parts.h"

#include <string.h>

#include "filter.h"

/* The columns of the statements that return incidents. */
enum {
	COL_ID,
	COL_TITLE,
	COL_STATE,
	COL_CATEGORY,
	COL_MAJOR,
	COL_DEPARTMENT,
	COL_FINDER,
	COL_OPEN,
	COL_DRILL,
	COL_CONFIDENTIAL,
	COL_DUE_AT,
	COL_REPORTED_AT,
	COL_CHANGED_AT,
	COL_LAST_SEQ,
	COL_WAITING,
	COL_PEOPLE,
	COL_READERS,
	COL_HIDDEN_FROM,
	COL_SEARCH,
	COL_WAKE_AT
};

/* One range of an index. */
struct range {
	enum statement tie;   /* rows due at the same moment as the last one */
	enum statement later; /* rows due later */
	const char *key;      /* NULL: the statements have none */
	int64_t until;        /* rows due then or later are not looked at; 0: no end */
};

/* A range being read, in the order of the list. */
struct stream {
	struct range range;
	struct query query;
	bool in_tie;
	bool done;
	int64_t num; /* of the row it stands at */
	int64_t due;
	const char *id; /* valid until the next step */
};

#define MAX_STREAMS 4

/* A list at work. */
struct listing {
	struct sqlite_store *store;
	const struct incident_filter *filter;
	struct stream streams[MAX_STREAMS];
	size_t n;
};

void
incident_read(struct query *q, struct arena *arena, struct incident_row *ret)
{
	*ret = (struct incident_row){
		.id = query_get_text(q, COL_ID, arena),
		.title = query_get_text(q, COL_TITLE, arena),
		.state = query_get_text(q, COL_STATE, arena),
		.category = query_get_text(q, COL_CATEGORY, arena),
		.major = query_get_text(q, COL_MAJOR, arena),
		.department = query_get_text(q, COL_DEPARTMENT, arena),
		.finder = query_get_text(q, COL_FINDER, arena),
		.open = query_get_int(q, COL_OPEN) != 0,
		.drill = query_get_int(q, COL_DRILL) != 0,
		.confidential = query_get_int(q, COL_CONFIDENTIAL) != 0,
		.due_at = query_get_stamp(q, COL_DUE_AT),
		.reported_at = query_get_stamp(q, COL_REPORTED_AT),
		.changed_at = query_get_stamp(q, COL_CHANGED_AT),
		.last_seq = query_get_int(q, COL_LAST_SEQ),
		.waiting = query_get_text(q, COL_WAITING, arena),
		.people = query_get_text(q, COL_PEOPLE, arena),
		.readers = query_get_text(q, COL_READERS, arena),
		.hidden_from = query_get_text(q, COL_HIDDEN_FROM, arena),
		.search = query_get_text(q, COL_SEARCH, arena),
		.wake_at = query_get_stamp(q, COL_WAKE_AT),
	};
}

/* A column's own text, not copied: only for as long as the statement stands there. */
static const char *
peek_text(struct query *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, column);

	return text == NULL ? "" : text;
}

struct incident_row
incident_peek(struct query *q, bool with_search)
{
	return (struct incident_row){
		.id = peek_text(q, COL_ID),
		.title = peek_text(q, COL_TITLE),
		.state = peek_text(q, COL_STATE),
		.category = peek_text(q, COL_CATEGORY),
		.major = peek_text(q, COL_MAJOR),
		.department = peek_text(q, COL_DEPARTMENT),
		.finder = peek_text(q, COL_FINDER),
		.open = query_get_int(q, COL_OPEN) != 0,
		.drill = query_get_int(q, COL_DRILL) != 0,
		.confidential = query_get_int(q, COL_CONFIDENTIAL) != 0,
		.due_at = query_get_stamp(q, COL_DUE_AT),
		.reported_at = query_get_stamp(q, COL_REPORTED_AT),
		.changed_at = query_get_stamp(q, COL_CHANGED_AT),
		.last_seq = query_get_int(q, COL_LAST_SEQ),
		.waiting = peek_text(q, COL_WAITING),
		.people = peek_text(q, COL_PEOPLE),
		.readers = peek_text(q, COL_READERS),
		.hidden_from = peek_text(q, COL_HIDDEN_FROM),
		.search = with_search ? peek_text(q, COL_SEARCH) : "",
		.wake_at = query_get_stamp(q, COL_WAKE_AT),
	};
}

/* Whether the row passes, judged before anything of it is copied. */
static bool
peek_matches(struct query *q, const struct incident_filter *filter)
{
	const struct incident_row row = incident_peek(q, filter->words != NULL);

	return filter_matches(filter, &row);
}

/* --- streams ------------------------------------------------------------------------ */

static void
stream_open(struct listing *list, struct stream *stream, bool tie)
{
	const struct incident_filter *filter = list->filter;

	stream->in_tie = tie;
	stream->query = query_start(list->store, tie ? stream->range.tie : stream->range.later);
	if (stream->range.key != NULL) {
		query_text(&stream->query, ":key", stream->range.key);
	}
	query_int(&stream->query, ":due",
		filter->after_id == NULL ? INT64_MIN : filter_due_order(filter->after_due));
	if (tie) {
		query_text(&stream->query, ":id", filter->after_id);
	}
}

/* Moves to the next row of the range; done at its end. */
static enum err
stream_next(struct listing *list, struct stream *stream)
{
	while (!query_row(&stream->query)) {
		enum err err = query_end(&stream->query);

		stream->query.stmt = NULL;
		if (err != ERR_OK || !stream->in_tie) {
			stream->done = true;
			return err;
		}
		stream_open(list, stream, false);
	}
	stream->num = query_get_int(&stream->query, 0);
	stream->due = query_get_int(&stream->query, 1);
	stream->id = peek_text(&stream->query, 2);
	if ((list->filter->due_before != 0 && stream->due >= list->filter->due_before) ||
		(stream->range.until != 0 && stream->due >= stream->range.until)) {
		stream->done = true; /* the order is by due moment: nothing earlier follows */
	}
	return ERR_OK;
}

static void
listing_close(struct listing *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->streams[i].query.stmt != NULL) {
			list->streams[i].query.rc = SQLITE_OK; /* told before, if it was an error */
			(void)query_end(&list->streams[i].query);
		}
	}
}

static void
listing_add(struct listing *list, enum statement tie, enum statement later, const char *key)
{
	list->streams[list->n].range = (struct range){ tie, later, key, 0 };
	list->n++;
}

/* Chooses the ranges: the narrowest first condition that has an index. */
static void
listing_plan(struct listing *list)
{
	const struct incident_filter *filter = list->filter;

	if (filter->waits_for != NULL) {
		listing_add(
			list, STMT_LIST_AWAITED_TIE, STMT_LIST_AWAITED_LATER, filter->waits_for);
		if (!filter->open_only) {
			listing_add(list, STMT_LIST_AWAITED_CLOSED_TIE,
				STMT_LIST_AWAITED_CLOSED_LATER, filter->waits_for);
		}
		if (filter->finder_or_waits) {
			listing_add(list, STMT_LIST_FINDER_TIE, STMT_LIST_FINDER_LATER,
				filter->waits_for);
		}
	} else if (filter->state != NULL) {
		listing_add(list, STMT_LIST_STATE_TIE, STMT_LIST_STATE_LATER, filter->state);
	} else if (filter->department != NULL && filter->open_only) {
		listing_add(list, STMT_LIST_DEPARTMENT_TIE, STMT_LIST_DEPARTMENT_LATER,
			filter->department);
	} else if (filter->open_only) {
		listing_add(list, STMT_LIST_OPEN_TIE, STMT_LIST_OPEN_LATER, NULL);
	} else {
		listing_add(list, STMT_LIST_ALL_TIE, STMT_LIST_ALL_LATER, NULL);
	}
	if (filter->open_only && filter->or_awaits != NULL && filter->state == NULL) {
		listing_add(list, STMT_LIST_AWAITED_CLOSED_TIE, STMT_LIST_AWAITED_CLOSED_LATER,
			filter->or_awaits);
		list->streams[list->n - 1].range.until = filter->or_until;
	}
}

/* Steps every stream that stands at the row `num`: one row may be in two ranges. */
static enum err
listing_pass(struct listing *list, int64_t num)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < list->n && err == ERR_OK; i++) {
		if (!list->streams[i].done && list->streams[i].num == num) {
			err = stream_next(list, &list->streams[i]);
		}
	}
	return err;
}

/* The stream whose row comes first; NULL when all are done. */
static struct stream *
listing_first(struct listing *list)
{
	struct stream *first = NULL;

	for (size_t i = 0; i < list->n; i++) {
		struct stream *stream = &list->streams[i];

		if (!stream->done &&
			(first == NULL ||
				filter_compare(stream->due, stream->id, first->due, first->id) <
					0)) {
			first = stream;
		}
	}
	return first;
}

/* Reads the row `num` into ret_row if it passes. */
static enum err
listing_take(struct listing *list, struct arena *arena, int64_t num, struct incident_row *ret_row,
	bool *ret_taken)
{
	struct query q = query_start(list->store, STMT_INCIDENT_BY_NUM);

	*ret_taken = false;
	query_int(&q, ":num", num);
	if (query_row(&q) && peek_matches(&q, list->filter)) {
		if (ret_row != NULL) {
			incident_read(&q, arena, ret_row);
		}
		*ret_taken = true;
	}
	return query_end(&q);
}

static enum err
listing_read(struct listing *list, struct arena *arena, struct incident_list *ret_list)
{
	struct incident_list found = { 0 };
	const size_t limit = list->filter->limit;
	enum err err = ERR_OK;
	struct stream *first;
	size_t cap = 0;

	while (err == ERR_OK && (first = listing_first(list)) != NULL) {
		int64_t num = first->num;
		bool taken;

		if (found.n < limit) {
			struct incident_row *items =
				arena_extend(arena, found.items, found.n, &cap, sizeof(*items));

			if (items == NULL) {
				return ERR_NOMEM;
			}
			found.items = items;
		}
		/* The row after the page is looked for too, and told but not returned. */
		err = listing_take(
			list, arena, num, found.n < limit ? &found.items[found.n] : NULL, &taken);
		if (err == ERR_OK && taken && found.n == limit) {
			found.more = true;
			break;
		}
		found.n += taken ? 1 : 0;
		if (err == ERR_OK) {
			err = listing_pass(list, num);
		}
	}
	if (err == ERR_OK) {
		*ret_list = found;
	}
	return err;
}

/* --- public ----------------------------------------------------------------------------- */

enum err
sqlite_store_incidents(struct store *base, struct arena *arena,
	const struct incident_filter *filter, struct incident_list *ret_list)
{
	struct listing list = { .store = (struct sqlite_store *)base, .filter = filter };
	enum err err = sqlite_ready(list.store);

	if (err != ERR_OK) {
		return err;
	}
	listing_plan(&list);
	for (size_t i = 0; i < list.n && err == ERR_OK; i++) {
		stream_open(&list, &list.streams[i], filter->after_id != NULL);
		err = stream_next(&list, &list.streams[i]);
	}
	if (err == ERR_OK) {
		err = listing_read(&list, arena, ret_list);
	}
	listing_close(&list);
	return err;
}

enum err
sqlite_store_incident(
	struct store *base, struct arena *arena, const char *id, struct incident_row *ret_row)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct incident_row row;
	enum err err = sqlite_ready(store);
	struct query q;
	bool found;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_INCIDENT_BY_ID);
	query_text(&q, ":id", id);
	found = query_row(&q);
	if (found) {
		incident_read(&q, arena, &row);
	}
	err = query_end(&q);
	if (err != ERR_OK) {
		return err;
	}
	if (!found) {
		return ERR_NOT_FOUND;
	}
	*ret_row = row;
	return ERR_OK;
}

/* The columns stand before the texts of the case: no page of those is read. */
enum err
sqlite_store_sight(
	struct store *base, struct arena *arena, const char *id, struct store_sight *ret_sight)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct store_sight sight = { NULL, NULL };
	enum err err = sqlite_ready(store);
	struct query q;
	bool found;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_INCIDENT_SIGHT);
	query_text(&q, ":id", id);
	found = query_row(&q);
	if (found) {
		sight.readers = query_get_text(&q, 0, arena);
		sight.hidden_from = query_get_text(&q, 1, arena);
	}
	err = query_end(&q);
	if (err == ERR_OK && found) {
		*ret_sight = sight;
	}
	return err != ERR_OK || found ? err : ERR_NOT_FOUND;
}

enum err
sqlite_store_incidents_by_id(struct store *base, struct arena *arena, const char *after,
	size_t limit, struct incident_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct incident_list found = { 0 };
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	limit = limit > INT32_MAX - 1 ? INT32_MAX - 1 : limit;
	q = query_start(store, STMT_INCIDENT_AFTER_ID);
	query_text(&q, ":after", after);
	query_int(&q, ":limit", (int64_t)limit + 1);
	found.items = arena_array(arena, limit, sizeof(*found.items));
	if (found.items == NULL) {
		q.err = ERR_NOMEM;
	}
	while (query_row(&q)) {
		if (found.n == limit) {
			found.more = true;
			break;
		}
		incident_read(&q, arena, &found.items[found.n]);
		found.n++;
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = found;
	}
	return err;
}

/* The same for the closed rows that wait for the reader, which alone are counted. */
static enum err
counts_restrict_closed(
	struct sqlite_store *store, const struct count_want *want, struct board_counts *counts)
{
	const struct filter_reader reader = { want->reader, want->reads_for };
	struct query q = query_start(store, STMT_RESTRICTED_CLOSED);

	while (query_row(&q)) {
		int64_t due = query_get_int(&q, 3);

		if (filter_visible(peek_text(&q, 0), peek_text(&q, 1), &reader) ||
			!filter_has(peek_text(&q, 2), want->reader)) {
			continue;
		}
		counts->mine -= due < want->now + CLOSED_AHEAD_MS;
		counts->overdue -= due < want->now;
	}
	return query_end(&q);
}

/* Takes the open rows off the counts that the reader may not see. */
static enum err
counts_restrict(
	struct sqlite_store *store, const struct count_want *want, struct board_counts *counts)
{
	const struct filter_reader reader = { want->reader, want->reads_for };
	const char *department = want->department == NULL ? "" : want->department;
	struct query q = query_start(store, STMT_RESTRICTED_OPEN);

	while (query_row(&q)) {
		if (filter_visible(peek_text(&q, 0), peek_text(&q, 1), &reader)) {
			continue;
		}
		counts->open--;
		counts->restricted += !filter_has(peek_text(&q, 1), want->reader);
		if (filter_has(peek_text(&q, 2), want->reader)) {
			counts->mine--;
		}
		if (strcmp(peek_text(&q, 3), department) == 0) {
			counts->department--;
		}
		if (query_get_int(&q, 4) < want->now) {
			counts->overdue--;
		}
	}
	return query_end(&q);
}

enum err
sqlite_store_counts(
	struct store *base, const struct count_want *want, struct board_counts *ret_counts)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct board_counts counts = { 0 };
	enum err err = sqlite_ready(store);
	enum err restricted;
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_COUNT_OPEN);
	query_text(&q, ":reader", want->reader);
	query_text(&q, ":department", want->department);
	query_int(&q, ":now", want->now);
	query_int(&q, ":soon", want->now + CLOSED_AHEAD_MS);
	if (!query_row(&q)) {
		return query_end(&q);
	}
	counts.mine = query_get_int(&q, 0) + query_get_int(&q, 4);
	counts.department = query_get_int(&q, 1);
	counts.open = query_get_int(&q, 2);
	counts.overdue = query_get_int(&q, 3) + query_get_int(&q, 5);
	/* Inside the first statement, so that both look at the same moment. */
	restricted = want->reader == NULL ? ERR_OK : counts_restrict(store, want, &counts);
	if (want->reader != NULL && restricted == ERR_OK) {
		restricted = counts_restrict_closed(store, want, &counts);
	}
	err = query_end(&q);
	err = err != ERR_OK ? err : restricted;
	if (err == ERR_OK) {
		*ret_counts = counts;
	}
	return err;
}
