/* SPDX-License-Identifier: MIT */
/*
 * The ledger's memory of the procedure and the organisation.
 */
#ifndef TOBAN_DESK_DEFINITIONS_H
#define TOBAN_DESK_DEFINITIONS_H

#include "toban/base/err.h"

struct desk;

/*
 * Records the desk's procedure if it is not the one recorded last, after
 * bringing the summaries in line with it: what waits for whom follows the
 * procedure in force.
 */
enum err definitions_follow(struct desk *desk);

#endif
