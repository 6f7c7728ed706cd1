/* SPDX-License-Identifier: MIT */
/*
 * How often a PIN may be tried.  Pure: rows in, rows out.
 *
 * After a wrong PIN the next is looked at a second later, then two, four, eight; after
 * the fifth the name is locked out for a quarter of an hour, after each further one for
 * twice as long, four hours at most.  The right PIN ends that.  Whatever happens, no more than
 * PIN_HOUR_PERSON wrong ones of a name, and PIN_HOUR_POST of a post, are looked at in an hour.
 */
#ifndef TOBAN_DESK_PIN_LIMIT_H
#define TOBAN_DESK_PIN_LIMIT_H

#include "toban/base/arena.h"
#include "toban/store/pin.h"

#define PIN_HOUR_PERSON 20
#define PIN_HOUR_POST 120
#define PIN_FAILURES 5                       /* the last of these locks out */
#define PIN_LOCKED_MOST_MS INT64_C(14400000) /* the longest lock-out */

enum pin_gate {
	PIN_GATE_OPEN,
	PIN_GATE_WAIT,  /* a moment */
	PIN_GATE_LOCKED /* locked out, or the hour's tries are used up */
};

/*
 * After the clock was set back everything is as long ago, and waits as long, as it was and did
 * before: nobody is locked out until the clock is there again, and nobody gains a try.
 * *ret_moved: the row is another now.  ERR_NOMEM.
 */
enum err pin_limit_settle(struct arena *arena, struct pin_try *try, stamp now, bool *ret_moved);

/* Whether a PIN of that row is looked at now; else *ret_until says from when on. */
enum pin_gate pin_limit_gate(
	const struct pin_try *try, size_t most_hour, stamp now, stamp *ret_until);

/*
 * Counts one as failed, before it is looked at: whoever ends the desk in between gains nothing.
 * `streak`: failures in a row make it wait and lock it, too.  ERR_NOMEM.
 */
enum err pin_limit_count(struct arena *arena, struct pin_try *try, bool streak, stamp now);

/* The one counted at `at` was right after all; others may have been counted since. */
void pin_limit_pass(struct arena *arena, struct pin_try *try, stamp at, stamp now);

#endif
