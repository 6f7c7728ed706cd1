/* SPDX-License-Identifier: MIT */
/*
 * Lawful erasure behind the door: what goes together with a body, and what could not be
 * reached (docs/security.md, "Erasing").
 */
#ifndef TOBAN_DESK_ERASE_H
#define TOBAN_DESK_ERASE_H

#include "call.h"
#include "toban/core/erasure.h"

/* An erasure on its way into a batch; lives as long as the call. */
struct erasing {
	struct call *call;
	const char *sha256; /* of the file the body names; NULL: none */
	struct erased_words words;
	struct store_forget forget; /* for the batch */
};

/* `event` has the body that goes, `kept` is what stays of it; ERR_NOMEM. */
enum err erasing_start(struct call *call, const struct event *event, const json_t *kept,
	struct erasing *ret_erasing);

/* Inside the transaction: adds the file to those that are still to be removed. */
enum err erasing_seal(struct erasing *erasing);

/*
 * After the commit: removes files that no entry names any more, and empties the -wal.
 * What could not be done is done by the engine's next turn.  Costs two reads when
 * nothing is due.
 */
enum err erasing_finish(struct desk *desk);

/*
 * Adds to the answer what else is known: "also" (entries of the same matter that hold the
 * same words) and "sent" (messages of it that receivers have).
 */
enum err erasing_answer(struct erasing *erasing, const struct event *event, json_t *answer);

#endif
