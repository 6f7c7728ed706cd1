/* SPDX-License-Identifier: MIT */
/*
 * What a walk over a ledger has seen: a map from texts to numbers that keeps
 * 16 bytes a text, whatever its length, so that a million entries fit.
 */
#ifndef TOBAN_CORE_SEEN_H
#define TOBAN_CORE_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "toban/base/err.h"
#include "toban/base/hash.h"

struct seen_slot {
	uint64_t key; /* the text's short hash; 0: free */
	int64_t value;
};

struct seen {
	struct seen_slot *slots;
	size_t n;
	size_t cap; /* a power of two, or 0 */
	struct hash_key secret; /* so that nobody can choose texts that fall together */
};

/* Frees the map and makes it empty; safe on zeroed memory. */
void seen_release(struct seen *seen);

/*
 * Finds `text`, or adds it with the value 0.  *ret_value points to its value
 * and is valid until the next call.  ERR_NOMEM.
 */
enum err seen_value(struct seen *seen, const char *text, int64_t **ret_value);

#endif
