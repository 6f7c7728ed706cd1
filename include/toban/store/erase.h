/* SPDX-License-Identifier: MIT */
/*
 * Taking erased words out of everything that stands beside the record: drafts,
 * messages that were not delivered, what receivers answered, and the file's own
 * remains of them.
 */
#ifndef TOBAN_STORE_ERASE_H
#define TOBAN_STORE_ERASE_H

#include <stdbool.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"

struct store;

/* How the words of an erased body are recognised; part of the batch that erases it. */
struct store_forget {
	const char *subject; /* what the entry is about: of its messages all answers go */
	/*
	 * *ret_text: NULL when `text` holds nothing of the words, else without them, in
	 * `arena`.  `same`: the row is about that subject.  Asked inside the transaction
	 * for every draft and message of the desk; ERR_NOMEM.
	 */
	enum err (*blank)(
		void *ctx, struct arena *arena, const char *text, bool same, const char **ret_text);
	void *ctx;
	/* Kept as the engine's value STORE_CHORES with the erasure; NULL: it stays as it is. */
	const char *chores;
};

/* What is still to be done outside the store: names of files, between blanks. */
#define STORE_CHORES "forget-files"

/*
 * Empties the write-ahead log if an erasure left words in it: at the end of the commit
 * that erases somebody's long reading may be in the way.  Costs one read when nothing
 * is due.  ERR_BUSY: still in the way, try again later.
 */
enum err store_scrub(struct store *store);

/* Whether it is still due. */
enum err store_scrub_due(struct store *store, bool *ret_due);

#endif
