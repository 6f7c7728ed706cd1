/* SPDX-License-Identifier: MIT */
/*
 * What the desk does by itself: which incidents it must look at when, and what
 * its engine remembers from run to run.  None of this is part of the record.
 */
#ifndef TOBAN_STORE_WAKE_H
#define TOBAN_STORE_WAKE_H

#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"

struct store;

/* An incident and when the desk must look at it. */
struct wake {
	const char *id;
	stamp at;
};

struct wake_list {
	struct wake *items;
	size_t n;
};

/*
 * At most `limit` incidents whose wake_at is not later than `now`, the longest
 * due first, those of one moment by id.  Reads no more than it returns.
 */
enum err store_due_incidents(struct store *store, struct arena *arena, stamp now, size_t limit,
	struct wake_list *ret_list);

/* The earliest wake_at of all; STAMP_NONE when the desk need not look again. */
enum err store_next_wake(struct store *store, stamp *ret_wake);

/* A value by name; ERR_NOT_FOUND when there is none. */
enum err store_engine_get(
	struct store *store, struct arena *arena, const char *name, const char **ret_value);

/* Keeps a value; NULL forgets it.  Durable on return. */
enum err store_engine_put(struct store *store, const char *name, const char *value);

#endif
