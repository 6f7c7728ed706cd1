/* SPDX-License-Identifier: MIT */
/*
 * The store's preferences: how each person wants the screen.
 */
#ifndef TOBAN_STORE_PREFERENCE_H
#define TOBAN_STORE_PREFERENCE_H

#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"

struct store;

/* How a person wants the screen.  No part of the record. */
struct preference_row {
	const char *name;
	const char *value;
};

struct preference_list {
	struct preference_row *items;
	size_t n;
};

/* value NULL: removes it, also when there is none. Durable on return. */
enum err store_preference_put(
	struct store *store, const char *person, const char *name, const char *value);

/* The person's preferences, by name. */
enum err store_preferences(struct store *store, struct arena *arena, const char *person,
	struct preference_list *ret_list);

#endif
