/* SPDX-License-Identifier: MIT */
/*
 * The machine's clock was set: how that gets into the ledger (subject `clock`),
 * and what deadlines ask of it.
 */
#ifndef TOBAN_DESK_JUMPS_H
#define TOBAN_DESK_JUMPS_H

#include <stdbool.h>

#include "toban/core/promise.h"
#include "toban/desk/engine.h"

struct clock_jumps {
	struct clock_jump *items; /* by seq */
	size_t n;
};

/* What was recorded so far; may be asked inside a transaction. ERR_NOMEM, as the store says. */
enum err jumps_read(struct store *store, struct arena *arena, struct clock_jumps *ret_jumps);

/*
 * Compares the clocks with what they said last and records a jump: more than
 * 30 s between the time that passed and what the wall clock says of it.  Of several engines
 * one records it.  *ret_jumped: this one did.
 */
enum err jumps_watch(struct desk *desk, const struct clock_reading *reading, bool *ret_jumped);

#endif
