/* SPDX-License-Identifier: MIT */
/*
 * Looking at a PIN: the limits on tries before it, what is recorded after it.
 */
#ifndef TOBAN_DESK_PIN_H
#define TOBAN_DESK_PIN_H

#include "sitting.h"
#include "call.h"
#include "toban/base/pin_hash.h"

/* How long the PIN of a reset is good for. */
#define PIN_ONCE_MS INT64_C(259200000) /* three days */

/* Why a PIN may not be chosen, translated; NULL: it may. */
const char *pin_fault(const char *pin);

/* Whether PINs are kept at this desk; else it fails with D340. */
enum err pin_served(struct call *call);

/* A look at a PIN that was found right; its tries are to be put with what is recorded next. */
struct pin_look {
	struct pin_row row;
	struct pin_try tries[2];
	struct pin_change change; /* of these tries */
};

/*
 * Whether this is the PIN of that name, as typed, at the caller's post (or, without one,
 * at their own account).  A name that nobody has, or that may not sit at the post, is
 * treated like one with another PIN, in time too.  D332 and an entry when it does not fit,
 * D333 or D334 when it is not looked at.  `beside`: where the desk has others look, it ends with
 * ERR_LATER and goes on when it is called again (pin_beside.h).
 */
enum err pin_look(struct call *call, const char *name, const char *pin, bool beside,
	struct pin_look *ret_look);

/* Records a try at the name, counted before, as a wrong one, and fails as pin_look() does. */
enum err pin_fail(struct call *call, const char *name);

/*
 * Choosing one looks at the one there is and makes another, also without a look as above: it takes
 * two turns of the pace of right PINs, or fails with D470.
 */
enum err pin_take_turns(struct call *call, const char *name);

/* Adds how many tries were refused without a look since the last entry. */
void pin_say_unchecked(struct call *call, const struct pin_look *look, json_t *body);

/* The row that keeps a PIN.  `once`: it must be changed at its first use. */
enum err pin_row_make(struct call *call, const char *person, const char *pin, bool once,
	struct pin_row *ret_row);

/* The row of a name's tries as if it had never failed. */
struct pin_try pin_try_clear(struct call *call, const char *name);

/* The tries at a name now; zeros when there were none. */
enum err pin_try_read(struct call *call, const char *name, struct pin_try *ret_try);

/* What tries at a post are counted under. */
const char *pin_post_name(struct call *call, const struct post *post);

#endif
