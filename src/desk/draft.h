/* SPDX-License-Identifier: MIT */
/*
 * The draft behind a step: dropped when the step is recorded, unless it went on
 * at another screen meanwhile.
 */
#ifndef TOBAN_DESK_DRAFT_H
#define TOBAN_DESK_DRAFT_H

#include "call.h"
#include "toban/base/hash.h"

/* What is dropped with the commit: store_batch's drop_draft and drop_body. */
struct draft_drop {
	int64_t number;   /* 0: none */
	const char *body; /* of the call's arena; NULL: whatever it holds */
};

/* What a draft holds, in one word: who goes on with it tells by it what they saw. */
void draft_state(const char *body, char out[HASH_HEX_SIZE]);

/*
 * Whether the caller may keep `n` drafts more, of `bytes` together, beside their others but the one
 * of number `but` (0: none goes): D382, whose document is made, where not.  With n 0 that one is
 * replaced: it may be one too many already, for whoever takes a step back gets a draft in any case.
 * All drafts of somebody are read whenever one is: a desk must not be held up, nor its disk filled,
 * by them.
 */
enum err draft_check_room(struct call *call, int64_t but, size_t n, size_t bytes);

/* The caller's draft of this number; ERR_NOT_FOUND, or why it can't be read, without a document. */
enum err draft_find(struct call *call, int64_t number, struct draft_row *ret_draft);

/*
 * What the arguments `draft` and `draft_hash` say is to be dropped: nothing if it
 * is no draft of the caller's, or holds something else than the hash says.
 */
struct draft_drop draft_to_drop(struct call *call);

/*
 * Adds "draft_kept" to the answer when `draft_hash` was given and the draft is
 * there after all; NULL stays NULL.
 */
json_t *draft_answer(struct call *call, json_t *answer);

#endif
