/* SPDX-License-Identifier: MIT */
/*
 * Reading the memory engine.  Results are copied as deeply as the caller can
 * tell: rows into the caller's arena, texts stay the store's own, which never
 * change and live until it is closed.
 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include "filter.h"

/* Room for all that could be found; `most` rows. */
void *
memory_results(struct arena *arena, size_t most, size_t limit, size_t size)
{
	return arena_array(arena, most < limit ? most : limit, size);
}

enum err
memory_store_subject(
	struct store *base, struct arena *arena, const char *subject, struct event_list *ret_events)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct event *events = store->events.items;
	struct event_list list = { .items = memory_results(
					   arena, store->events.n, SIZE_MAX, sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < store->events.n; i++) {
		if (strcmp(events[i].subject, subject) == 0) {
			list.items[list.n++] = events[i];
		}
	}
	*ret_events = list;
	return ERR_OK;
}

enum err
memory_store_subject_newest(struct store *base, struct arena *arena, const char *subject,
	size_t limit, struct event_list *ret_events)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct event *events = store->events.items;
	struct event_list list = { .items = memory_results(
					   arena, store->events.n, limit, sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = store->events.n; i-- > 0 && list.n < limit;) {
		if (strcmp(events[i].subject, subject) == 0) {
			list.items[list.n++] = events[i];
		}
	}
	*ret_events = list;
	return ERR_OK;
}

enum err
memory_store_subject_last(struct store *base, const char *subject, int64_t *ret_subject_seq)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct event *events = store->events.items;
	int64_t last = 0;

	for (size_t i = store->events.n; i-- > 0 && last == 0;) {
		last = strcmp(events[i].subject, subject) == 0 ? events[i].subject_seq : 0;
	}
	*ret_subject_seq = last;
	return ERR_OK;
}

enum err
memory_store_events(struct store *base, struct arena *arena, int64_t after, size_t limit,
	struct event_list *ret_events)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct event *events = store->events.items;
	struct event_list list = { .items = memory_results(
					   arena, store->events.n, limit, sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < store->events.n && list.n < limit; i++) {
		if (events[i].seq > after) {
			list.items[list.n++] = events[i];
		}
	}
	*ret_events = list;
	return ERR_OK;
}

enum err
memory_store_event_by_id(
	struct store *base, struct arena *arena, const char *id, struct event *ret_event)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct event *events = store->events.items;

	(void)arena;
	for (size_t i = 0; i < store->events.n; i++) {
		if (strcmp(events[i].id, id) == 0) {
			*ret_event = events[i];
			return ERR_OK;
		}
	}
	return ERR_NOT_FOUND;
}

enum err
memory_store_head(struct store *base, struct ledger_head *ret_head)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct event *events = store->events.items;

	*ret_head = (struct ledger_head){ .at = STAMP_NONE };
	if (store->events.n > 0) {
		const struct event *last = &events[store->events.n - 1];

		ret_head->seq = last->seq;
		ret_head->row_hash = last->row_hash;
		ret_head->at = last->at;
	}
	return ERR_OK;
}

/* The number behind the prefix when all of the rest is digits, else 0. */
static int64_t
subject_number(const char *subject, const char *prefix)
{
	size_t len = strlen(prefix);
	char *end;
	int64_t number;

	if (strncmp(subject, prefix, len) != 0 ||
		strspn(subject + len, "0123456789") != strlen(subject + len)) {
		return 0;
	}
	number = strtoll(subject + len, &end, 10);
	return *end == '\0' ? number : 0;
}

enum err
memory_store_last_number(struct store *base, const char *prefix, int64_t *ret_number)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct event *events = store->events.items;
	int64_t highest = 0;

	for (size_t i = 0; i < store->events.n; i++) {
		int64_t number = subject_number(events[i].subject, prefix);

		highest = number > highest ? number : highest;
	}
	*ret_number = highest;
	return ERR_OK;
}

static int
compare_incidents(const void *a, const void *b)
{
	const struct incident_row *x = a;
	const struct incident_row *y = b;

	return filter_compare(
		filter_due_order(x->due_at), x->id, filter_due_order(y->due_at), y->id);
}

enum err
memory_store_incidents(struct store *base, struct arena *arena,
	const struct incident_filter *filter, struct incident_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct incident_row *rows = store->incidents.items;
	struct incident_list list = { .items = memory_results(arena, store->incidents.n, SIZE_MAX,
					      sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < store->incidents.n; i++) {
		const struct incident_row *row = &rows[i];

		if (filter->after_id != NULL &&
			filter_compare(filter_due_order(row->due_at), row->id,
				filter_due_order(filter->after_due), filter->after_id) <= 0) {
			continue;
		}
		if (filter_matches(filter, row)) {
			list.items[list.n++] = *row;
		}
	}
	if (list.n > 0) {
		qsort(list.items, list.n, sizeof(*list.items), compare_incidents);
	}
	list.more = list.n > filter->limit;
	list.n = list.more ? filter->limit : list.n;
	*ret_list = list;
	return ERR_OK;
}

enum err
memory_store_incident(
	struct store *base, struct arena *arena, const char *id, struct incident_row *ret_row)
{
	const struct incident_row *row = memory_find_incident((struct memory_store *)base, id);

	(void)arena;
	if (row == NULL) {
		return ERR_NOT_FOUND;
	}
	*ret_row = *row;
	return ERR_OK;
}

enum err
memory_store_sight(
	struct store *base, struct arena *arena, const char *id, struct store_sight *ret_sight)
{
	const struct incident_row *row = memory_find_incident((struct memory_store *)base, id);

	(void)arena;
	if (row == NULL) {
		return ERR_NOT_FOUND;
	}
	*ret_sight = (struct store_sight){ row->readers, row->hidden_from };
	return ERR_OK;
}

enum err
memory_store_incidents_by_id(struct store *base, struct arena *arena, const char *after,
	size_t limit, struct incident_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct incident_row *rows = store->incidents.items;
	struct incident_list list = { .items = memory_results(arena, store->incidents.n, limit,
					      sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < store->incidents.n; i++) {
		if (strcmp(rows[i].id, after == NULL ? "" : after) <= 0) {
			continue;
		}
		if (list.n == limit) {
			list.more = true;
			break;
		}
		list.items[list.n++] = rows[i];
	}
	*ret_list = list;
	return ERR_OK;
}

enum err
memory_store_counts(
	struct store *base, const struct count_want *want, struct board_counts *ret_counts)
{
	const struct filter_reader reader = { want->reader, want->reads_for };

	struct memory_store *store = (struct memory_store *)base;
	const struct incident_row *rows = store->incidents.items;
	struct board_counts counts = { 0 };

	for (size_t i = 0; i < store->incidents.n; i++) {
		const struct incident_row *row = &rows[i];
		bool mine = want->reader != NULL && filter_has(row->people, want->reader);
		int64_t due = filter_due_order(row->due_at);

		if (!filter_visible(row->readers, row->hidden_from, &reader)) {
			counts.restricted +=
				row->open && !filter_has(row->hidden_from, want->reader);
			continue;
		}
		counts.mine += mine && (row->open || due < want->now + CLOSED_AHEAD_MS);
		counts.overdue += (row->open || mine) && due < want->now;
		if (!row->open) {
			continue;
		}
		counts.open++;
		counts.department +=
			want->department != NULL && strcmp(row->department, want->department) == 0;
	}
	*ret_counts = counts;
	return ERR_OK;
}

enum err
memory_store_drafts(
	struct store *base, struct arena *arena, const char *person, struct draft_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct draft_row *drafts = store->drafts.items;
	struct draft_list list = { .items = memory_results(
					   arena, store->drafts.n, SIZE_MAX, sizeof(*list.items)) };

	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = store->drafts.n; i-- > 0;) {
		if (strcmp(drafts[i].person, person) == 0) {
			list.items[list.n++] = drafts[i];
		}
	}
	*ret_list = list;
	return ERR_OK;
}

enum err
memory_store_targets(struct store *base, struct arena *arena, struct target_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	struct target_list list = { .n = store->targets.n };

	list.items = memory_results(arena, list.n, SIZE_MAX, sizeof(*list.items));
	if (list.items == NULL) {
		return ERR_NOMEM;
	}
	if (list.n > 0) {
		memcpy(list.items, store->targets.items, list.n * sizeof(*list.items));
	}
	*ret_list = list;
	return ERR_OK;
}
