/* SPDX-License-Identifier: MIT */
/*
 * The book of keys behind the door: read once for a desk, and again when an entry about a
 * key or the organisation was made.
 */
#ifndef TOBAN_DESK_KEYS_H
#define TOBAN_DESK_KEYS_H

#include "call.h"
#include "org_history.h"
#include "toban/core/key_book.h"

struct keys {
	struct key_book book;
	struct key_rules rules; /* of the book; good as long as it is */
	struct org_history orgs;
};

/*
 * The keys as the ledger has them now; they live as long as the desk, or until they are
 * asked for again.  The desk only ever writes by a book read here: entries that break its
 * rules do not count.  No error document: as the store says, ERR_NOMEM.
 */
enum err call_keys(struct call *call, const struct keys **ret_keys);

/* The same read anew into `arena`: what the file holds now, whatever was read before. */
enum err keys_read(struct call *call, struct arena *arena, struct keys *ret_keys);

/* The approval of a key. */
struct key_approval {
	const struct key_entry *key;
	const char *by;
	int64_t seq; /* of its entry; KEY_NOW for one made now */
};

/*
 * Whether somebody approves alone, though another could, the key of a person whom they entered,
 * whose account they changed, or whose PIN they gave out before the key was brought in at a
 * console: one human would be two people then.  As the store says.
 */
enum err keys_alone(struct call *call, const struct keys *keys,
	const struct key_approval *approval, bool *ret_alone);

/*
 * Whether the key was approved unsigned after keys that approve had been there: who owns the file
 * can enter that those were revoked by their people, who need no signature for it.
 */
bool keys_late(const struct keys *keys, const struct key_entry *first);

/* Whether that person could approve it in place of `by`. */
bool keys_could_approve(const struct keys *keys, const struct person *other, const char *person,
	const char *by, int64_t seq);

void key_cache_free(struct key_cache *cache); /* NULL allowed */

#endif
