/* SPDX-License-Identifier: MIT */
/*
 * What one stage of a ladder records and whom it tells.
 */
#ifndef TOBAN_CORE_PROMISE_ACT_H
#define TOBAN_CORE_PROMISE_ACT_H

#include "promise_ladder.h"

/* Makes the act of the stage at context->now.  ERR_NOMEM. */
enum err promise_do(struct arena *arena, const struct promise_world *world,
	const struct promise *promise, const struct promise_stage *stage,
	struct promise_act *ret_act);

#endif
