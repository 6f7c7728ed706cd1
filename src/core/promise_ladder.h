/* SPDX-License-Identifier: MIT */
/*
 * Where the ladder of a watched thing stands: which stage comes next, and when.
 */
#ifndef TOBAN_CORE_PROMISE_LADDER_H
#define TOBAN_CORE_PROMISE_LADDER_H

#include "promise_watch.h"

enum promise_phase {
	PHASE_AHEAD,  /* before the limit */
	PHASE_FIRST,  /* those who are awaited */
	PHASE_PASSED, /* whoever stands in was told */
	PHASE_RAISED, /* the next link, or the office head, was told */
};

/* The next stage of one watched thing. */
struct promise_stage {
	const char *kind; /* KIND_REMIND, KIND_OVERDUE or the promise's own `once`;
			     KIND_PASS_ON and KIND_RAISE where it turns to others */
	int phase;        /* enum promise_phase */
	int n;            /* reminders of the phase with this one; 0 where the phase begins */
	stamp at;         /* STAMP_NONE: nothing more comes */
};

/* The first stage of the promise that is not recorded yet. */
struct promise_stage promise_ladder(
	const struct promise_world *world, const struct promise *promise);

#endif
