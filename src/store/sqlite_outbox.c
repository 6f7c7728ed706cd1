/* SPDX-License-Identifier: MIT */
/*
 * Messages on their way out and their receivers.
 */
#include "sqlite_parts.h"

enum err
outbox_insert(struct sqlite_store *store, const struct outbox_row *row)
{
	struct query q = query_start(store, STMT_OUTBOX_INSERT);

	query_text(&q, ":id", row->id);
	query_text(&q, ":target", row->target);
	query_text(&q, ":type", row->type);
	query_text(&q, ":subject", row->subject);
	query_text(&q, ":body", row->body);
	query_int(&q, ":urgent", row->urgent);
	query_stamp(&q, ":created_at", row->created_at);
	query_stamp(&q, ":next_at", row->next_at);
	query_int(&q, ":attempts", row->attempts);
	query_text(&q, ":state", row->state);
	query_int(&q, ":last_status", row->last_status);
	query_text(&q, ":last_answer", row->last_answer);
	query_stamp(&q, ":changed_at", row->changed_at);
	query_int(&q, ":withdraw_seq", row->withdraw_seq);
	return query_run(&q);
}

enum err
outbox_withdraw(struct sqlite_store *store, int64_t seq)
{
	struct query q = query_start(store, STMT_OUTBOX_TRIED);
	bool tried;
	enum err err;

	query_int(&q, ":seq", seq);
	tried = query_row(&q) && query_get_int(&q, 0) > 0;
	err = query_end(&q);
	if (err == ERR_OK && tried) {
		return ERR_DENIED;
	}
	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_OUTBOX_WITHDRAW);
	query_int(&q, ":seq", seq);
	return query_run(&q);
}

enum err
target_put(struct sqlite_store *store, const struct target_row *row)
{
	struct query q = query_start(store, STMT_TARGET_PUT);

	query_text(&q, ":name", row->name);
	query_text(&q, ":kind", row->kind);
	query_text(&q, ":url", row->url);
	query_text(&q, ":events", row->events);
	query_int(&q, ":allow_http", row->allow_http);
	query_int(&q, ":allow_private", row->allow_private);
	query_int(&q, ":active", row->active);
	query_stamp(&q, ":created_at", row->created_at);
	query_text(&q, ":format", row->format);
	query_text(&q, ":template", row->template);
	query_text(&q, ":person", row->person);
	query_int(&q, ":stopped", row->stopped);
	return query_run(&q);
}

enum err
sqlite_store_targets(struct store *base, struct arena *arena, struct target_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct target_list list = { 0 };
	size_t cap = 0;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_TARGET_ALL);
	while (query_row(&q)) {
		struct target_row *items =
			arena_extend(arena, list.items, list.n, &cap, sizeof(*items));

		if (items == NULL) {
			q.err = ERR_NOMEM;
			break;
		}
		list.items = items;
		items[list.n++] = (struct target_row){
			.name = query_get_text(&q, 0, arena),
			.kind = query_get_text(&q, 1, arena),
			.url = query_get_text(&q, 2, arena),
			.events = query_get_text(&q, 3, arena),
			.allow_http = query_get_int(&q, 4) != 0,
			.allow_private = query_get_int(&q, 5) != 0,
			.active = query_get_int(&q, 6) != 0,
			.created_at = query_get_stamp(&q, 7),
			.format = query_get_text(&q, 8, arena),
			.template = query_get_text(&q, 9, arena),
			.person = query_get_text(&q, 10, arena),
			.stopped = query_get_int(&q, 11) != 0,
		};
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}

/* Reads all rows of the statement and ends it. */
static enum err
read_outbox(struct query *q, struct arena *arena, struct outbox_list *ret_list)
{
	struct outbox_list list = { 0 };
	size_t cap = 0;
	enum err err;

	while (query_row(q)) {
		struct outbox_row *items =
			arena_extend(arena, list.items, list.n, &cap, sizeof(*items));

		if (items == NULL) {
			q->err = ERR_NOMEM;
			break;
		}
		list.items = items;
		items[list.n++] = (struct outbox_row){
			.id = query_get_text(q, 0, arena),
			.target = query_get_text(q, 1, arena),
			.type = query_get_text(q, 2, arena),
			.subject = query_get_text(q, 3, arena),
			.body = query_get_text(q, 4, arena),
			.urgent = query_get_int(q, 5) != 0,
			.created_at = query_get_stamp(q, 6),
			.next_at = query_get_stamp(q, 7),
			.attempts = (int)query_get_int(q, 8),
			.state = query_get_text(q, 9, arena),
			.last_status = (int)query_get_int(q, 10),
			.last_answer = query_get_text(q, 11, arena),
			.changed_at = query_get_stamp(q, 12),
		};
	}
	err = query_end(q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}

static int64_t
outbox_limit(size_t limit)
{
	return limit > INT32_MAX ? INT32_MAX : (int64_t)limit;
}

enum err
sqlite_store_outbox_due(struct store *base, struct arena *arena, stamp now, size_t limit,
	struct outbox_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_OUTBOX_DUE);
	query_int(&q, ":now", now);
	query_int(&q, ":limit", outbox_limit(limit));
	return read_outbox(&q, arena, ret_list);
}

enum err
sqlite_store_outbox_due_for(struct store *base, struct arena *arena,
	const struct outbox_filter *filter, struct outbox_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_OUTBOX_DUE_FOR);
	query_text(&q, ":target", filter->target);
	query_int(&q, ":now", filter->now);
	query_int(&q, ":limit", outbox_limit(filter->limit));
	return read_outbox(&q, arena, ret_list);
}

enum err
sqlite_store_outbox_next(struct store *base, stamp *ret_next)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	stamp next = STAMP_NONE;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_OUTBOX_NEXT);
	if (query_row(&q)) {
		next = query_get_stamp(&q, 0);
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_next = next;
	}
	return err;
}

enum err
sqlite_store_outbox(struct store *base, struct arena *arena, const char *state, size_t limit,
	struct outbox_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, state == NULL ? STMT_OUTBOX_NEWEST : STMT_OUTBOX_NEWEST_IN_STATE);
	if (state != NULL) {
		query_text(&q, ":state", state);
	}
	query_int(&q, ":limit", outbox_limit(limit));
	return read_outbox(&q, arena, ret_list);
}

enum err
sqlite_store_outbox_message(
	struct store *base, struct arena *arena, const char *id, struct outbox_row *ret_row)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct outbox_list list;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_OUTBOX_MESSAGE);
	query_text(&q, ":id", id);
	err = read_outbox(&q, arena, &list);
	if (err == ERR_OK && list.n == 0) {
		err = ERR_NOT_FOUND;
	}
	if (err == ERR_OK) {
		*ret_row = list.items[0];
	}
	return err;
}

enum err
sqlite_store_deliveries(
	struct store *base, struct arena *arena, const char *id, struct delivery_list *ret_list)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct delivery_list list = { 0 };
	size_t cap = 0;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_DELIVERY_OF_MESSAGE);
	query_text(&q, ":outbox", id);
	while (query_row(&q)) {
		struct delivery_row *items =
			arena_extend(arena, list.items, list.n, &cap, sizeof(*items));

		if (items == NULL) {
			q.err = ERR_NOMEM;
			break;
		}
		list.items = items;
		items[list.n++] = (struct delivery_row){
			.attempt = (int)query_get_int(&q, 0),
			.at = query_get_stamp(&q, 1),
			.status = (int)query_get_int(&q, 2),
			.outcome = query_get_text(&q, 3, arena),
			.answer = query_get_text(&q, 4, arena),
		};
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}

enum err
sqlite_store_outbox_given_up(
	struct store *base, const char *reader, size_t most, int64_t *ret_count)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	int64_t count = 0;
	enum err err = sqlite_ready(store);
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_OUTBOX_GIVEN_UP);
	query_text(&q, ":reader", reader ? reader : "");
	query_int(&q, ":limit", outbox_limit(most));
	if (query_row(&q)) {
		count = query_get_int(&q, 0);
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_count = count;
	}
	return err;
}

/* Keeps the attempt, and forgets those of a message sent long ago. */
static enum err
delivery_put(struct sqlite_store *store, const struct outbox_row *row, int64_t num)
{
	struct query q = query_start(store, STMT_DELIVERY_INSERT);
	enum err err;

	query_text(&q, ":outbox", row->id);
	query_stamp(&q, ":at", row->tried_at);
	query_int(&q, ":status", row->last_status);
	query_text(&q, ":outcome", row->state);
	query_text(&q, ":answer", row->last_answer);
	err = query_run(&q);
	if (err != ERR_OK || num <= DELIVERIES_KEPT) {
		return err;
	}
	q = query_start(store, STMT_DELIVERY_PRUNE);
	query_int(&q, ":num", num - DELIVERIES_KEPT);
	return query_run(&q);
}

enum err
outbox_reword(struct sqlite_store *store, const struct outbox_row *row)
{
	struct query q = query_start(store, STMT_OUTBOX_REWORD);

	query_text(&q, ":id", row->id);
	query_text(&q, ":body", row->body);
	query_text(&q, ":state", row->state);
	query_text(&q, ":last_answer", row->last_answer);
	query_stamp(&q, ":changed_at", row->changed_at);
	return query_run(&q);
}

/* One outcome; ERR_NOT_FOUND when there is no such message. */
static enum err
outbox_update(struct sqlite_store *store, const struct outbox_row *row)
{
	struct query q = query_start(store, STMT_OUTBOX_UPDATE);
	bool found = false;
	int64_t num = 0;
	enum err err;

	query_text(&q, ":id", row->id);
	query_stamp(&q, ":next_at", row->next_at);
	query_int(&q, ":attempts", row->attempts);
	query_text(&q, ":state", row->state);
	query_int(&q, ":last_status", row->last_status);
	query_text(&q, ":last_answer", row->last_answer);
	query_stamp(&q, ":changed_at", row->changed_at);
	while (query_row(&q)) {
		found = true;
		num = query_get_int(&q, 0);
	}
	err = query_end(&q);
	if (err == ERR_OK && !found) {
		err = ERR_NOT_FOUND;
	}
	return err == ERR_OK && row->tried_at != 0 ? delivery_put(store, row, num) : err;
}

enum err
sqlite_store_outbox_put(struct store *base, const struct outbox_row *rows, size_t n)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_begin(store);

	if (err != ERR_OK) {
		return err;
	}
	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		err = outbox_update(store, &rows[i]);
	}
	return err == ERR_OK ? sqlite_end(store, NULL) : sqlite_abort(store, err);
}
