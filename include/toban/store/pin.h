/* SPDX-License-Identifier: MIT */
/*
 * The store's PINs of people at shared consoles, and how often each was tried.  No part
 * of the record; what is recorded of them are entries of the subject "access".
 */
#ifndef TOBAN_STORE_PIN_H
#define TOBAN_STORE_PIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/core/word_list.h"

struct store;

struct pin_row {
	const char *person;
	const char *hash;   /* argon2id, as libsodium writes it */
	const char *key_id; /* of the key that the PIN was keyed with */
	bool once;          /* good for setting one's own, and nothing else */
	stamp set_at;
	const char *set_by; /* person */
};

struct pin_list {
	struct pin_row *items;
	size_t n;
};

/* The tries at one name, or at one post. */
struct pin_try {
	const char *name;   /* a hash of it */
	int64_t failures;   /* in a row */
	const char *checks; /* when real checks failed in the last hour: stamps between blanks */
	stamp next_at;      /* no check before */
	bool locked;        /* next_at ends a lock-out */
	stamp changed_at;
};

/* What a batch writes of them, together with its entries. */
struct pin_change {
	const struct pin_row *pin; /* put by person; NULL: none */
	const struct pin_try *tries; /* put by name */
	size_t n_tries;
	struct word_list ended; /* people whose PIN is no more; put first */
};

/* ERR_NOT_FOUND when they have none. */
enum err store_pin(
	struct store *store, struct arena *arena, const char *person, struct pin_row *ret_row);

/* Everybody's, by person. */
enum err store_pins(struct store *store, struct arena *arena, struct pin_list *ret_list);

/* ERR_NOT_FOUND when that name was not tried of late. */
enum err store_pin_try(
	struct store *store, struct arena *arena, const char *name, struct pin_try *ret_try);

/*
 * Keeps the tries, n > 0; durable on return.  Those of other names that did not change for a
 * day before the first one's `changed_at` are forgotten.  Wakes nobody.
 */
enum err store_pin_try_put(struct store *store, const struct pin_try *tries, size_t n);

#endif
