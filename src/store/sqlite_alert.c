/* SPDX-License-Identifier: MIT */
/*
 * Alerts: what other systems reported.
 */
#include "sqlite_parts.h"

/* Whether an open row is about the same thing as a new one. */
static enum err
alert_check_new(struct sqlite_store *store, const struct alert_row *row)
{
	struct query q = query_start(store, STMT_ALERT_IS_OPEN);
	bool found;
	enum err err;

	query_text(&q, ":source", row->source);
	query_text(&q, ":key", row->key);
	found = query_row(&q);
	err = query_end(&q);
	return err == ERR_OK && found ? ERR_CONFLICT : err;
}

static void
alert_bind(struct query *q, const struct alert_row *row)
{
	query_int(q, ":num", row->num);
	query_text(q, ":key", row->key);
	query_text(q, ":title", row->title);
	query_text(q, ":body", row->body);
	query_text(q, ":state", row->state);
	query_text(q, ":incident", row->incident);
	query_int(q, ":firing", row->firing);
	query_int(q, ":times", row->times);
	query_int(q, ":last_at", row->last_at);
	query_int(q, ":last_seq", row->last_seq);
}

static enum err
alert_insert(struct sqlite_store *store, const struct alert_row *row)
{
	enum err err = alert_check_new(store, row);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_ALERT_INSERT);
	alert_bind(&q, row);
	query_text(&q, ":source", row->source);
	query_int(&q, ":first_at", row->first_at);
	return query_run(&q);
}

enum err
alert_put(struct sqlite_store *store, const struct alert_put *put)
{
	struct query q;
	enum err err;

	if (put->was_times == 0) {
		return alert_insert(store, &put->row);
	}
	q = query_start(store, STMT_ALERT_UPDATE);
	alert_bind(&q, &put->row);
	query_int(&q, ":was_seq", put->was_seq);
	query_int(&q, ":was_times", put->was_times);
	err = query_run(&q);
	return err == ERR_OK && sqlite3_changes(store->db) == 0 ? ERR_CONFLICT : err;
}

static struct alert_row
alert_read(struct query *q, struct arena *arena)
{
	return (struct alert_row){
		.num = query_get_int(q, 0),
		.source = query_get_text(q, 1, arena),
		.key = query_get_text(q, 2, arena),
		.title = query_get_text(q, 3, arena),
		.body = query_get_text(q, 4, arena),
		.state = query_get_text(q, 5, arena),
		.incident = query_get_text(q, 6, arena),
		.firing = query_get_int(q, 7) != 0,
		.times = query_get_int(q, 8),
		.first_at = query_get_int(q, 9),
		.last_at = query_get_int(q, 10),
		.last_seq = query_get_int(q, 11),
	};
}

/* The one row of a started query; ERR_NOT_FOUND. */
static enum err
alert_one(struct query *q, struct arena *arena, struct alert_row *ret_row)
{
	struct alert_row row = { 0 };
	bool found = query_row(q);
	enum err err;

	if (found) {
		row = alert_read(q, arena);
	}
	err = query_end(q);
	if (err == ERR_OK && !found) {
		err = ERR_NOT_FOUND;
	}
	if (err == ERR_OK) {
		*ret_row = row;
	}
	return err;
}

enum err
sqlite_store_alert(struct store *base, struct arena *arena, int64_t num, struct alert_row *ret_row)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_ALERT_OF_NUM);
	query_int(&q, ":num", num);
	return alert_one(&q, arena, ret_row);
}

enum err
sqlite_store_alert_of_key(struct store *base, struct arena *arena, const char *source,
	const char *key, struct alert_row *ret_row)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_ALERT_OF_KEY);
	query_text(&q, ":source", source);
	query_text(&q, ":key", key);
	return alert_one(&q, arena, ret_row);
}

/* The statement a filter asks for, its parameters bound; one row more than is returned. */
static struct query
alerts_start(struct sqlite_store *store, const struct alert_filter *filter)
{
	int64_t before = filter->before == 0 ? INT64_MAX : filter->before;
	struct query q;

	if (filter->incident != NULL) {
		q = query_start(store, STMT_ALERT_OF_INCIDENT);
		query_text(&q, ":incident", filter->incident);
		query_int(&q, ":after", filter->after);
	} else if (filter->oldest_first) {
		q = query_start(store, STMT_ALERT_AFTER);
		query_int(&q, ":after", filter->after);
	} else if (filter->state != NULL) {
		q = query_start(store, STMT_ALERT_IN_STATE);
		query_text(&q, ":state", filter->state);
		query_int(&q, ":before", before);
	} else {
		q = query_start(store, STMT_ALERT_BEFORE);
		query_int(&q, ":before", before);
	}
	query_int(&q, ":limit", (int64_t)filter->limit + 1);
	return q;
}

enum err
sqlite_store_alerts(struct store *base, struct arena *arena, const struct alert_filter *filter,
	struct alert_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct alert_list list = { NULL, 0, false };
	size_t cap = 0;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = alerts_start(store, filter);
	while (query_row(&q)) {
		struct alert_row *items;

		if (list.n == filter->limit) {
			list.more = true;
			break;
		}
		items = arena_extend(arena, list.items, list.n, &cap, sizeof(*items));
		if (items == NULL) {
			q.err = ERR_NOMEM;
			break;
		}
		list.items = items;
		items[list.n++] = alert_read(&q, arena);
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}

static enum err
alert_count(struct sqlite_store *store, enum statement statement, int64_t *ret_count)
{
	struct query q = query_start(store, statement);
	int64_t count = query_row(&q) ? query_get_int(&q, 0) : 0;
	enum err err = query_end(&q);

	if (err == ERR_OK) {
		*ret_count = count;
	}
	return err;
}

enum err
sqlite_store_alert_counts(struct store *base, struct alert_counts *ret_counts)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct alert_counts counts = { 0, 0 };
	enum err err = sqlite_ready(store);

	if (err == ERR_OK) {
		err = alert_count(store, STMT_ALERT_COUNT, &counts.open);
	}
	if (err == ERR_OK) {
		err = alert_count(store, STMT_ALERT_COUNT_FIRING, &counts.firing);
	}
	if (err == ERR_OK) {
		*ret_counts = counts;
	}
	return err;
}
