/* SPDX-License-Identifier: MIT */
/*
 * Where a step leads in the flow, and from where.
 */
#ifndef TOBAN_CORE_STEP_WAY_H
#define TOBAN_CORE_STEP_WAY_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/core/procedure.h"

/* The state after the step: its branch by `fields` (may be NULL), else its move. */
const char *step_next_state(const struct flow_step *step, const json_t *fields, const char *state);

/* Whether the step may be taken in the state: listed, or "*" and the state is open. */
bool step_works_in(const struct flow *flow, const struct flow_step *step, const char *state);

/* Whether a state still wants work; a state the flow does not know does. */
bool step_is_open(const struct flow *flow, const char *state);

#endif
