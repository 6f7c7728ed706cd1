/* SPDX-License-Identifier: MIT */
/*
 * Alerts in memory: what other systems reported.
 */
#include <string.h>

#include "memory_alert.h"

static struct alert_row *
find_alert(const struct memory_store *store, int64_t num)
{
	struct alert_row *items = store->alerts.items;

	for (size_t i = 0; i < store->alerts.n; i++) {
		if (items[i].num == num) {
			return &items[i];
		}
	}
	return NULL;
}

/* The last row about the same, of any state or only an open one; NULL: there is none. */
static struct alert_row *
find_same(const struct memory_store *store, const char *source, const char *key, bool open)
{
	struct alert_row *items = store->alerts.items;

	for (size_t i = store->alerts.n; i-- > 0;) {
		if (strcmp(items[i].source, source) == 0 && strcmp(items[i].key, key) == 0 &&
			(!open || strcmp(items[i].state, "open") == 0)) {
			return &items[i];
		}
	}
	return NULL;
}

enum err
memory_check_alert(struct memory_store *store, const struct alert_put *put)
{
	const struct alert_row *stored = find_alert(store, put->row.num);

	if (put->was_times == 0) {
		return stored != NULL || find_same(store, put->row.source, put->row.key, true)
			? ERR_CONFLICT
			: ERR_OK;
	}
	return stored != NULL && stored->last_seq == put->was_seq && stored->times == put->was_times
		? ERR_OK
		: ERR_CONFLICT;
}

void
memory_keep_alert(struct memory_store *store, struct alert_put *put)
{
	memory_keep(store, &put->row.source);
	memory_keep(store, &put->row.key);
	memory_keep(store, &put->row.title);
	memory_keep(store, &put->row.body);
	memory_keep(store, &put->row.state);
	memory_keep(store, &put->row.incident);
}

void
memory_put_alert(struct memory_store *store, const struct alert_put *put)
{
	struct alert_row *items = store->alerts.items;
	struct alert_row *stored = find_alert(store, put->row.num);
	size_t at = store->alerts.n;

	if (stored != NULL) {
		*stored = put->row;
		return;
	}
	while (at > 0 && items[at - 1].num > put->row.num) {
		at--;
	}
	memcpy(memory_insert(&store->alerts, at), &put->row, sizeof(put->row));
}

static enum err
copy_alert(struct arena *arena, const struct alert_row *from, struct alert_row *ret_row)
{
	struct alert_row row = *from;

	row.source = arena_strdup(arena, from->source);
	row.key = arena_strdup(arena, from->key);
	row.title = arena_strdup(arena, from->title);
	row.body = arena_strdup(arena, from->body);
	row.state = arena_strdup(arena, from->state);
	row.incident = arena_strdup(arena, from->incident);
	if (row.source == NULL || row.key == NULL || row.title == NULL || row.body == NULL ||
		row.state == NULL || row.incident == NULL) {
		return ERR_NOMEM;
	}
	*ret_row = row;
	return ERR_OK;
}

enum err
memory_store_alert(struct store *base, struct arena *arena, int64_t num, struct alert_row *ret_row)
{
	const struct alert_row *row = find_alert((const struct memory_store *)base, num);

	return row == NULL ? ERR_NOT_FOUND : copy_alert(arena, row, ret_row);
}

enum err
memory_store_alert_of_key(struct store *base, struct arena *arena, const char *source,
	const char *key, struct alert_row *ret_row)
{
	const struct alert_row *row =
		find_same((const struct memory_store *)base, source, key, false);

	return row == NULL ? ERR_NOT_FOUND : copy_alert(arena, row, ret_row);
}

/* Whether the filter goes from old to new. */
static bool
goes_up(const struct alert_filter *filter)
{
	return filter->incident != NULL || filter->oldest_first;
}

static bool
is_wanted(const struct alert_filter *filter, const struct alert_row *row)
{
	if (goes_up(filter)) {
		return row->num > filter->after &&
			(filter->incident == NULL ||
				(*row->incident && strcmp(row->incident, filter->incident) == 0));
	}
	return (filter->before == 0 || row->num < filter->before) &&
		(filter->state == NULL || strcmp(row->state, filter->state) == 0);
}

enum err
memory_store_alerts(struct store *base, struct arena *arena, const struct alert_filter *filter,
	struct alert_list *ret_list)
{
	const struct memory_store *store = (const struct memory_store *)base;
	const struct alert_row *rows = store->alerts.items;
	size_t n = store->alerts.n;
	struct alert_list list = { arena_array(arena, n, sizeof(*rows)), 0, false };
	enum err err = list.items == NULL ? ERR_NOMEM : ERR_OK;

	for (size_t i = 0; i < n && err == ERR_OK && !list.more; i++) {
		const struct alert_row *row = &rows[goes_up(filter) ? i : n - 1 - i];

		if (!is_wanted(filter, row)) {
			continue;
		}
		list.more = list.n == filter->limit;
		if (!list.more) {
			err = copy_alert(arena, row, &list.items[list.n++]);
		}
	}
	if (err == ERR_OK) {
		*ret_list = list;
	}
	return err;
}

enum err
memory_store_alert_counts(struct store *base, struct alert_counts *ret_counts)
{
	const struct memory_store *store = (const struct memory_store *)base;
	const struct alert_row *rows = store->alerts.items;
	struct alert_counts counts = { 0, 0 };

	for (size_t i = 0; i < store->alerts.n; i++) {
		bool open = strcmp(rows[i].state, "open") == 0;

		counts.open += open;
		counts.firing += open && rows[i].firing;
	}
	*ret_counts = counts;
	return ERR_OK;
}
