/* SPDX-License-Identifier: MIT */
/*
 * How far each person has read each case, in memory.
 */
#include <string.h>

#include "memory.h"
#include "toban/core/custody.h"

static struct memory_look *
find_look(const struct memory_store *store, const char *person, const char *subject)
{
	struct memory_look *looks = store->looks.items;

	for (size_t i = 0; i < store->looks.n; i++) {
		if (strcmp(looks[i].person, person) == 0 &&
			strcmp(looks[i].subject, subject) == 0) {
			return &looks[i];
		}
	}
	return NULL;
}

enum err
memory_store_look_put(
	struct store *base, const char *person, const char *subject, int64_t seq, stamp at)
{
	struct memory_store *store = (struct memory_store *)base;
	struct memory_look *look = find_look(store, person, subject);
	struct memory_look row = { person, subject, seq, at };

	if (look != NULL) {
		if (seq > look->seq) {
			look->seq = seq;
			look->at = at;
		}
		return ERR_OK;
	}
	store->failed = false;
	memory_keep(store, &row.person);
	memory_keep(store, &row.subject);
	if (store->failed || memory_reserve(&store->looks, 1) != ERR_OK) {
		return ERR_NOMEM;
	}
	look = memory_insert(&store->looks, store->looks.n);
	*look = row;
	return ERR_OK;
}

enum err
memory_store_look(
	struct store *base, const char *person, const char *subject, struct look *ret_look)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct memory_look *found = find_look(store, person, subject);
	const struct event *events = store->events.items;
	struct look look = { .seq = found != NULL ? found->seq : 0,
		.at = found != NULL ? found->at : STAMP_NONE };

	for (size_t i = 0; i < store->events.n; i++) {
		look.changed += events[i].seq > look.seq &&
			strcmp(events[i].subject, subject) == 0 &&
			strcmp(events[i].actor, person) != 0 &&
			!kind_is_reading(events[i].kind) &&
			strcmp(events[i].kind, "remind") != 0;
	}
	*ret_look = look;
	return ERR_OK;
}

enum err
memory_store_looker(struct store *base, struct arena *arena, const struct look_want *want,
	struct looker *ret_looker)
{
	const struct memory_store *store = (struct memory_store *)base;
	const struct memory_look *looks = store->looks.items;
	const struct memory_look *first = NULL;

	for (size_t i = 0; i < store->looks.n; i++) {
		if (strcmp(looks[i].subject, want->subject) == 0 && looks[i].seq >= want->seq &&
			strcmp(looks[i].person, want->person) != 0 &&
			(first == NULL || looks[i].at < first->at)) {
			first = &looks[i];
		}
	}
	if (first == NULL) {
		return ERR_NOT_FOUND;
	}
	*ret_looker = (struct looker){ arena_strdup(arena, first->person), first->at };
	return ret_looker->person ? ERR_OK : ERR_NOMEM;
}
