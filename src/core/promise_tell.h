/* SPDX-License-Identifier: MIT */
/*
 * Whom one stage of a ladder tells.
 */
#ifndef TOBAN_CORE_PROMISE_TELL_H
#define TOBAN_CORE_PROMISE_TELL_H

#include "effect.h"
#include "promise_ladder.h"

/* One act being made. */
struct acting {
	struct taking t; /* nobody takes it: its context has no person */
	const struct promise_world *world;
	const struct promise *promise;
	struct promise_stage planned;
	struct promise_stage
		stage; /* what it becomes: where nobody stands in, the next link is told */
};

/* Adds the notices of the stage and settles its kind and phase.  ERR_NOMEM. */
enum err promise_tell(struct acting *a);

#endif
