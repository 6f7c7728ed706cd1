/* SPDX-License-Identifier: MIT */
/*
 * The engine in memory: messages on their way out, and attempts to send them.
 */
#ifndef TOBAN_STORE_MEMORY_OUTBOX_H
#define TOBAN_STORE_MEMORY_OUTBOX_H

#include "memory.h"

/* Puts a kept row in the place of one that waits. */
void memory_reword(struct memory_store *store, const struct outbox_row *row);

enum err memory_store_outbox_message(
	struct store *store, struct arena *arena, const char *id, struct outbox_row *ret_row);
enum err memory_store_deliveries(struct store *store, struct arena *arena, const char *id,
	struct delivery_list *ret_list);
enum err memory_store_outbox_given_up(
	struct store *store, const char *reader, size_t most, int64_t *ret_count);
enum err memory_store_outbox_put(struct store *store, const struct outbox_row *rows, size_t n);
enum err memory_store_outbox_due(struct store *store, struct arena *arena, stamp now, size_t limit,
	struct outbox_list *ret_list);
enum err memory_store_outbox_due_for(struct store *store, struct arena *arena,
	const struct outbox_filter *filter, struct outbox_list *ret_list);
enum err memory_store_outbox_next(struct store *store, stamp *ret_next);
enum err memory_store_outbox(struct store *store, struct arena *arena, const char *state,
	size_t limit, struct outbox_list *ret_list);

#endif
