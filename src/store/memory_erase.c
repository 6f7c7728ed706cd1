/* SPDX-License-Identifier: MIT */
/*
 * Lawful erasure in memory: for tests, so that the words are gone from every answer;
 * the memory they stood in is not wiped.
 */
#include <string.h>

#include "memory.h"
#include "toban/base/attr.h"
#include "toban/core/erasure.h"

/* One text beside the record; `about` is the subject of its row. */
static void
blank(struct memory_store *store, const struct store_forget *forget, const char *about,
	const char **text)
{
	const char *blanked = NULL;
	enum err err = forget->blank(
		forget->ctx, store->arena, *text, strcmp(about, forget->subject) == 0, &blanked);

	if (err != ERR_OK) {
		*text = ""; /* without memory: rather too little than too much */
	} else if (blanked != NULL) {
		*text = blanked;
	}
}

static const char *
subject_of(struct memory_store *store, const char *outbox)
{
	const struct outbox_row *row = memory_find_outbox(store, outbox);

	return row != NULL ? row->subject : "";
}

static void
forget_words(struct memory_store *store, const struct store_forget *forget)
{
	struct draft_row *drafts = store->drafts.items;
	struct outbox_row *messages = store->outbox.items;
	struct memory_delivery *deliveries = store->deliveries.items;

	for (size_t i = 0; i < store->drafts.n; i++) {
		blank(store, forget, drafts[i].subject, &drafts[i].body);
	}
	for (size_t i = 0; i < store->outbox.n; i++) {
		blank(store, forget, messages[i].subject, &messages[i].body);
		blank(store, forget, messages[i].subject, &messages[i].last_answer);
	}
	for (size_t i = 0; i < store->deliveries.n; i++) {
		blank(store, forget, subject_of(store, deliveries[i].outbox),
			&deliveries[i].row.answer);
	}
}

void
memory_erase(
	struct memory_store *store, const struct store_batch *batch, const struct event *events)
{
	struct event *erased = (struct event *)store->events.items + batch->erase_seq - 1;

	for (size_t i = 0; i < batch->n_events; i++) {
		if (strcmp(events[i].kind, KIND_ERASE) == 0) {
			erased->kept = events[i].body;
		}
	}
	erased->body = NULL;
	memset(erased->nonce, 0, sizeof(erased->nonce));
	if (batch->forget != NULL) {
		forget_words(store, batch->forget);
	}
	if (batch->forget != NULL && batch->forget->chores != NULL) {
		/* Without memory the files stay where they are; this engine has none. */
		(void)memory_store_engine_put(&store->base, STORE_CHORES, batch->forget->chores);
	}
}

enum err
memory_store_scrub(struct store *store)
{
	(void)store; /* there is no file */
	return ERR_OK;
}
