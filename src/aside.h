/* SPDX-License-Identifier: MIT */
/*
 * A door whose work is done aside, in a thread of its own, so that whoever waits at the
 * screen is told and heard meanwhile: a sync takes as long as its disk wants.
 *
 * There is one worker, and it does one thing at a time.  What stands behind the door - the
 * desk in this process with its store, or the client of a service - is used by the worker
 * while it works, and by the owner's thread while it does not: never by both.  All functions
 * here are for the owner's thread alone.
 */
#ifndef TOBAN_ASIDE_H
#define TOBAN_ASIDE_H

#include "toban/base/err.h"
#include "toban/base/waiting.h"
#include "toban/desk/door.h"

struct aside; /* opaque */

struct aside_options {
	/*
	 * The door behind; borrowed.  Another may take its place in *inner while nothing is
	 * done aside, or within aside_do().
	 */
	const struct door *inner;
	const struct waiting *told; /* the owner, while they wait; borrowed */
	/*
	 * What the door behind tells when it waits, filled in here: so it hears that the
	 * owner gave up.  Cleared by aside_free().  NULL: nothing behind can be given up.
	 */
	struct waiting *stop;
};

/*
 * Begins the thread.  Where none can be had (no processes left) everything is done in the
 * owner's, as if there were no aside.  ERR_NOMEM.
 */
enum err aside_new(const struct aside_options *options, struct aside **ret_aside);

/*
 * The door; lives as long as `aside`.  Its call() hands over and waits, told as `told` wants;
 * later() does not wait, and what it began is finished before anything else begins.
 */
const struct door *aside_door(const struct aside *aside);

/*
 * Does work(ctx) aside and waits for it as call() does: for what changes what stands behind
 * the door and may take long.
 */
void aside_do(struct aside *aside, void (*work)(void *ctx), void *ctx);

/* Waits for what was begun with later(), whose answer is dropped, and ends the thread. */
void aside_free(struct aside *aside); /* NULL allowed */

#endif
