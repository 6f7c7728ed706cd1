/* SPDX-License-Identifier: MIT */
/*
 * Drafts in memory: what a person typed and did not send.
 */
#include <string.h>

#include "memory.h"

static void
keep_draft(struct memory_store *store, struct draft_row *row)
{
	memory_keep(store, &row->person);
	memory_keep(store, &row->form);
	memory_keep(store, &row->subject);
	memory_keep(store, &row->body);
}

struct draft_row *
memory_ready_drafts(struct memory_store *store, const struct draft_row *drafts, size_t n)
{
	struct draft_row *ready = arena_array(store->arena, n, sizeof(*ready));

	if (ready == NULL || memory_reserve(&store->drafts, n) != ERR_OK) {
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		ready[i] = drafts[i];
		keep_draft(store, &ready[i]);
	}
	return ready;
}

void
memory_add_drafts(struct memory_store *store, const struct draft_row *ready, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct draft_row *place = memory_insert(&store->drafts, store->drafts.n);

		*place = ready[i];
		place->number = ++store->last_draft;
	}
}

void
memory_drop_draft(struct memory_store *store, int64_t number, const char *body)
{
	const struct draft_row *drafts = store->drafts.items;

	for (size_t i = 0; i < store->drafts.n; i++) {
		if (drafts[i].number == number && (!body || strcmp(drafts[i].body, body) == 0)) {
			memory_remove(&store->drafts, i);
			return;
		}
	}
}

static struct draft_row *
memory_find_draft(struct memory_store *store, const char *person, int64_t number)
{
	struct draft_row *drafts = store->drafts.items;

	for (size_t i = 0; i < store->drafts.n; i++) {
		if (drafts[i].number == number && strcmp(drafts[i].person, person) == 0) {
			return &drafts[i];
		}
	}
	return NULL;
}

enum err
memory_store_draft_put(struct store *base, const struct draft_row *draft, int64_t *ret_number)
{
	struct memory_store *store = (struct memory_store *)base;
	struct draft_row row = *draft;
	struct draft_row *place;

	store->failed = false;
	row.before = NULL;
	keep_draft(store, &row);
	if (store->failed || memory_reserve(&store->drafts, 1) != ERR_OK) {
		return ERR_NOMEM;
	}
	if (row.number == 0) {
		row.number = ++store->last_draft;
		place = memory_insert(&store->drafts, store->drafts.n);
	} else {
		place = memory_find_draft(store, draft->person, draft->number);
		if (place == NULL) {
			return ERR_NOT_FOUND;
		}
		if (draft->before && strcmp(place->body, draft->before) != 0) {
			return ERR_CONFLICT;
		}
	}
	*place = row;
	*ret_number = row.number;
	return ERR_OK;
}

enum err
memory_store_draft_drop(struct store *base, const char *person, int64_t number)
{
	struct memory_store *store = (struct memory_store *)base;

	if (memory_find_draft(store, person, number) == NULL) {
		return ERR_NOT_FOUND;
	}
	memory_drop_draft(store, number, NULL);
	return ERR_OK;
}

enum err
memory_store_draft_load(
	struct store *base, const char *person, int64_t but, struct draft_load *ret_load)
{
	const struct memory_store *store = (const struct memory_store *)base;
	const struct draft_row *drafts = store->drafts.items;
	struct draft_load load = { 0 };

	for (size_t i = 0; i < store->drafts.n; i++) {
		if (drafts[i].number != but && strcmp(drafts[i].person, person) == 0) {
			load.n++;
			load.bytes += (int64_t)strlen(drafts[i].body);
		}
	}
	*ret_load = load;
	return ERR_OK;
}
