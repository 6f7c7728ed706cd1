/* SPDX-License-Identifier: MIT */
/*
 * Ways through a flow: which states a step leads to.
 */
#ifndef TOBAN_SRC_CORE_PROCEDURE_WAYS_H
#define TOBAN_SRC_CORE_PROCEDURE_WAYS_H

#include "procedure_read.h"

/* Reports unreachable states, dead ends and waits that cannot come true. */
void procedure_ways_check(struct def_reader *r, const struct flow *flow, const char *path);

#endif
