/* SPDX-License-Identifier: MIT */
/*
 * The engine in memory: messages on their way out, and attempts to send them.
 */
#include "memory_outbox.h"

#include <string.h>

#include "filter.h"

static bool
outbox_is_due(const struct outbox_row *row, const struct outbox_filter *filter)
{
	return strcmp(row->state, "waiting") == 0 && row->next_at != STAMP_NONE &&
		row->next_at <= filter->now &&
		(filter->target == NULL || strcmp(row->target, filter->target) == 0);
}

enum err
memory_store_outbox_due_for(struct store *base, struct arena *arena,
	const struct outbox_filter *filter, struct outbox_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct outbox_row *rows = store->outbox.items;
	struct outbox_list list = { .items = memory_results(arena, store->outbox.n, filter->limit,
					    sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (int urgent = 1; urgent >= 0; urgent--) {
		for (size_t i = 0; i < store->outbox.n && list.n < filter->limit; i++) {
			if (rows[i].urgent == (urgent != 0) && outbox_is_due(&rows[i], filter)) {
				list.items[list.n++] = rows[i];
			}
		}
	}
	*ret_list = list;
	return ERR_OK;
}

enum err
memory_store_outbox_due(struct store *base, struct arena *arena, stamp now, size_t limit,
	struct outbox_list *ret_list)
{
	const struct outbox_filter filter = { .now = now, .limit = limit };

	return memory_store_outbox_due_for(base, arena, &filter, ret_list);
}

enum err
memory_store_outbox_next(struct store *base, stamp *ret_next)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct outbox_row *rows = store->outbox.items;
	stamp next = STAMP_NONE;

	for (size_t i = 0; i < store->outbox.n; i++) {
		if (strcmp(rows[i].state, "waiting") == 0 && rows[i].next_at != STAMP_NONE &&
			(next == STAMP_NONE || rows[i].next_at < next)) {
			next = rows[i].next_at;
		}
	}
	*ret_next = next;
	return ERR_OK;
}

enum err
memory_store_outbox(struct store *base, struct arena *arena, const char *state, size_t limit,
	struct outbox_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct outbox_row *rows = store->outbox.items;
	struct outbox_list list = { .items = memory_results(
					    arena, store->outbox.n, limit, sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = store->outbox.n; i-- > 0 && list.n < limit;) {
		if (state == NULL || strcmp(rows[i].state, state) == 0) {
			list.items[list.n++] = rows[i];
		}
	}
	*ret_list = list;
	return ERR_OK;
}

enum err
memory_store_outbox_message(
	struct store *base, struct arena *arena, const char *id, struct outbox_row *ret_row)
{
	const struct outbox_row *row = memory_find_outbox((struct memory_store *)base, id);

	(void)arena; /* the engine's texts stay until it is closed */
	if (row == NULL) {
		return ERR_NOT_FOUND;
	}
	*ret_row = *row;
	return ERR_OK;
}

enum err
memory_store_deliveries(
	struct store *base, struct arena *arena, const char *id, struct delivery_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct memory_delivery *rows = store->deliveries.items;
	struct delivery_list list = { .items = memory_results(arena, store->deliveries.n,
					      store->deliveries.n, sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < store->deliveries.n; i++) {
		if (strcmp(rows[i].outbox, id) == 0) {
			list.items[list.n++] = rows[i].row;
		}
	}
	*ret_list = list;
	return ERR_OK;
}

static bool
target_is_active(struct memory_store *store, const char *name)
{
	const struct target_row *rows = store->targets.items;

	for (size_t i = 0; i < store->targets.n; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			return rows[i].active;
		}
	}
	return false;
}

static bool
is_hidden(struct memory_store *store, const char *subject, const char *reader)
{
	const struct incident_row *row = memory_find_incident(store, subject);

	return row && reader && filter_has(row->hidden_from, reader);
}

enum err
memory_store_outbox_given_up(
	struct store *base, const char *reader, size_t most, int64_t *ret_count)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct outbox_row *rows = store->outbox.items;
	int64_t n = 0;

	for (size_t i = 0; i < store->outbox.n && n < (int64_t)most; i++) {
		bool given_up = strcmp(rows[i].state, "dead") == 0 ||
			strcmp(rows[i].state, "stopped") == 0;

		n += given_up && target_is_active(store, rows[i].target) &&
			!is_hidden(store, rows[i].subject, reader);
	}
	*ret_count = n;
	return ERR_OK;
}

/* --- outcomes -------------------------------------------------------------------------- */

/* Copies what is kept of an outcome; ERR_NOT_FOUND for an unknown message. */
static enum err
outcome_keep(struct memory_store *store, const struct outbox_row *row, struct outbox_row *ret_copy)
{
	*ret_copy = *row;
	memory_keep(store, &ret_copy->id);
	memory_keep(store, &ret_copy->state);
	memory_keep(store, &ret_copy->last_answer);
	if (memory_find_outbox(store, row->id) == NULL) {
		return ERR_NOT_FOUND;
	}
	return store->failed ? ERR_NOMEM : ERR_OK;
}

static void
delivery_add(struct memory_store *store, const struct outbox_row *outcome)
{
	const struct memory_delivery *rows = store->deliveries.items;
	struct memory_delivery *place;
	int attempt = 1;

	for (size_t i = 0; i < store->deliveries.n; i++) {
		attempt += strcmp(rows[i].outbox, outcome->id) == 0;
	}
	place = memory_insert(&store->deliveries, store->deliveries.n);
	*place = (struct memory_delivery){
		.outbox = outcome->id,
		.row = { .attempt = attempt,
			.at = outcome->tried_at,
			.status = outcome->last_status,
			.outcome = outcome->state,
			.answer = outcome->last_answer },
	};
}

static void
outcome_apply(struct memory_store *store, const struct outbox_row *outcome)
{
	struct outbox_row *row = memory_find_outbox(store, outcome->id);

	row->next_at = outcome->next_at;
	row->attempts = outcome->attempts;
	row->state = outcome->state;
	if (strcmp(row->state, "sent") == 0) {
		row->body = "";
	}
	row->last_status = outcome->last_status;
	row->last_answer = outcome->last_answer;
	row->changed_at = outcome->changed_at;
	if (outcome->tried_at != 0) {
		delivery_add(store, outcome);
	}
}

/* Attempts of this engine live as long as it does: it holds no year of messages. */
void
memory_reword(struct memory_store *store, const struct outbox_row *row)
{
	struct outbox_row *found = memory_find_outbox(store, row->id);

	if (found != NULL && strcmp(found->state, "waiting") == 0) {
		found->body = row->body;
		found->state = row->state;
		found->next_at = strcmp(row->state, "waiting") == 0 ? found->next_at : STAMP_NONE;
		found->last_answer = row->last_answer;
		found->changed_at = row->changed_at;
	}
}

enum err
memory_store_outbox_put(struct store *base, const struct outbox_row *rows, size_t n)
{
	struct memory_store *store = (struct memory_store *)base;
	struct outbox_row *copies = arena_array(store->arena, n, sizeof(*copies));

	if (copies == NULL || memory_reserve(&store->deliveries, n) != ERR_OK) {
		return ERR_NOMEM;
	}
	store->failed = false;
	for (size_t i = 0; i < n; i++) {
		enum err err = outcome_keep(store, &rows[i], &copies[i]);

		if (err != ERR_OK) {
			return err;
		}
	}
	for (size_t i = 0; i < n; i++) {
		outcome_apply(store, &copies[i]);
	}
	return ERR_OK;
}
