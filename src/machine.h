/* SPDX-License-Identifier: MIT */
/*
 * The clocks of this machine, as the desk's engine compares them.
 */
#ifndef TOBAN_MACHINE_H
#define TOBAN_MACHINE_H

#include <stdbool.h>

#include "toban/desk/engine.h"

#define MACHINE_BOOT_SIZE 17

/* Where a reading comes from. */
struct machine {
	struct clock wall;
	char boot[MACHINE_BOOT_SIZE]; /* "": jumps cannot be told */
};

/*
 * `wall` is the clock that people set.  `standing`: it stands still because TOBAN_NOW says
 * so; then no jump can be told.
 */
void machine_init(struct machine *machine, struct clock wall, bool standing);

/* What the clocks say now; the text lives in `machine`. */
struct clock_reading machine_read(const struct machine *machine);

#endif
