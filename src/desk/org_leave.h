/* SPDX-License-Identifier: MIT */
/*
 * What ends for somebody with a change of the organisation that leaves them out, or that names
 * them anew: their PIN and what was counted of tries at it.  Keys end by the book of keys
 * (core/key_book.h), sessions because their PIN is gone, broken glasses by glass_find().
 * Private to the desk layer.
 */
#ifndef TOBAN_DESK_ORG_LEAVE_H
#define TOBAN_DESK_ORG_LEAVE_H

#include <jansson.h>

#include "call.h"
#include "toban/store/pin.h"

/* What is recorded with the change. */
struct org_leave {
	struct pin_change pins;
	struct event entry; /* of the subject access; its turn is given by access_turn() */
	bool has_entry;     /* somebody had a PIN */
};

/*
 * Of the people of org_change().  Whoever comes back begins without a PIN, whatever a file from
 * before this rule holds of them.  Every failure but ERR_NOMEM has its error document.
 */
enum err org_leave(struct call *call, const json_t *people, struct org_leave *ret_leave);

#endif
