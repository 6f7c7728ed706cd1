/* SPDX-License-Identifier: MIT */
/*
 * The ledger's memory of the procedure and the organisation.
 */
#ifndef TOBAN_DESK_DEFINITIONS_H
#define TOBAN_DESK_DEFINITIONS_H

#include "toban/base/err.h"

struct desk;
struct arena;
struct incident_row;

/*
 * Records the desk's procedure if it is not the one recorded last, after
 * bringing the summaries in line with it: what waits for whom follows the
 * procedure in force.
 */
enum err definitions_follow(struct desk *desk);

/* Makes the row of one incident again from its entries, and stores it where it differs. */
enum err definitions_row_again(
	const struct desk *desk, struct arena *arena, const struct incident_row *old);

#endif
