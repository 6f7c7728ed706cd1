/* SPDX-License-Identifier: MIT */
/*
 * The organisations of the ledger in their order: see org_history.h.
 */
#include "org_history.h"

#include <string.h>

enum err
org_history_read(struct store *store, struct arena *arena, struct org_history *ret_history)
{
	struct org_history history = { NULL };
	enum err e = store_subject(store, arena, SUBJECT_ORG, &history.events);

	if (e) {
		return e;
	}
	history.items = arena_array(arena, history.events.n, sizeof(*history.items));
	if (!history.items) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < history.events.n; i++) {
		const struct event *event = &history.events.items[i];
		json_t *body = event->body ? json_loads(event->body, 0, NULL) : NULL;
		const struct org *org = NULL;

		e = body ? org_from_json(arena, body, &org) : ERR_INVALID;
		json_decref(body);
		if (e == ERR_NOMEM) {
			return e;
		}
		if (!e) {
			history.items[history.n++] = (struct org_since){ event->seq, org };
		}
	}
	*ret_history = history;
	return ERR_OK;
}

const struct org *
org_history_at(const struct org_history *history, int64_t seq)
{
	for (size_t i = history->n; i-- > 0;) {
		if (history->items[i].seq < seq) {
			return history->items[i].org;
		}
	}
	return NULL;
}

unsigned
org_history_roles(void *history, const char *person, int64_t seq)
{
	const struct org *org = org_history_at(history, seq);
	const struct person *found = org ? org_person(org, person) : NULL;

	return found ? found->roles : 0;
}
