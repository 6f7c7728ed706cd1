/* SPDX-License-Identifier: MIT */
/*
 * An open-addressing map keyed by 64 bits of a keyed hash.  Two texts of a million
 * fall together with a chance of 1 in 30 million; a slip would be one false
 * alarm of a verifier, never a missed one, so the texts are not kept.
 */
#include "toban/core/seen.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/hash.h"

#define SEEN_FIRST_CAP 1024

static uint64_t
seen_key(const struct seen *seen, const char *text)
{
	uint64_t key = hash_short(&seen->secret, text, strlen(text));

	return key == 0 ? 1 : key;
}

/* The slot of the key, or the free one where it belongs; cap > n. */
static struct seen_slot *
seen_slot_of(struct seen_slot *slots, size_t cap, uint64_t key)
{
	size_t i = (size_t)key & (cap - 1);

	while (slots[i].key != 0 && slots[i].key != key) {
		i = (i + 1) & (cap - 1);
	}
	return &slots[i];
}

static enum err
seen_grow(struct seen *seen)
{
	size_t cap = seen->cap == 0 ? SEEN_FIRST_CAP : 2 * seen->cap;
	struct seen_slot *slots = calloc(cap, sizeof(*slots));

	if (slots == NULL) {
		return ERR_NOMEM;
	}
	if (seen->cap == 0) {
		random_bytes(&seen->secret, sizeof(seen->secret));
	}
	for (size_t i = 0; i < seen->cap; i++) {
		if (seen->slots[i].key != 0) {
			*seen_slot_of(slots, cap, seen->slots[i].key) = seen->slots[i];
		}
	}
	free(seen->slots);
	seen->slots = slots;
	seen->cap = cap;
	return ERR_OK;
}

void
seen_release(struct seen *seen)
{
	free(seen->slots);
	*seen = (struct seen){ 0 };
}

enum err
seen_value(struct seen *seen, const char *text, int64_t **ret_value)
{
	struct seen_slot *slot;
	uint64_t key;

	/* At most half full: chains stay short. */
	if (2 * (seen->n + 1) > seen->cap) {
		enum err err = seen_grow(seen);

		if (err != ERR_OK) {
			return err;
		}
	}
	key = seen_key(seen, text);
	slot = seen_slot_of(seen->slots, seen->cap, key);
	if (slot->key == 0) {
		slot->key = key;
		slot->value = 0;
		seen->n++;
	}
	*ret_value = &slot->value;
	return ERR_OK;
}
