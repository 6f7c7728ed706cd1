/* SPDX-License-Identifier: MIT */
/*
 * When the desk must look at each incident: stored with its summary, and made anew
 * where the procedure or the clock is another than it was.
 */
#ifndef TOBAN_DESK_WAKES_H
#define TOBAN_DESK_WAKES_H

#include <stdbool.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"

struct desk;
struct procedure;
struct store;

/* Whether what is stored was made by this procedure and after the last jump of the clock. */
enum err wakes_current(struct store *store, struct arena *arena, const struct procedure *procedure,
	bool *ret_current);

/* Says that it was. */
enum err wakes_mark(struct store *store, const struct procedure *procedure);

/* Makes those of all open incidents anew where it was not. */
enum err wakes_follow(struct desk *desk);

#endif
