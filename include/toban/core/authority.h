/* SPDX-License-Identifier: MIT */
/*
 * The table of authority of a procedure: which part may take which step in which state, found by
 * asking the very judgement that the door asks (step.h), for a case in which every part is
 * played by somebody.
 */
#ifndef TOBAN_CORE_AUTHORITY_H
#define TOBAN_CORE_AUTHORITY_H

#include <jansson.h>

#include "toban/core/procedure.h"
#include "toban/core/step.h"

/* The parts, NULL-terminated static words: finder, staff, owner, …, auditor, admin, involved. */
const char *const *authority_parts(void);

/*
 * [{"step","signed": bool,"guards": [WORD],"cells": {PART: [STATE] or the code of the refusal where
 * the part takes the step in no state}}], steps and states in the procedure's order.  What remains
 * to be judged of a cell that is named are the guards: conditions of the case.  A new reference;
 * NULL without memory.
 */
json_t *authority_steps(const struct procedure *procedure);

#endif
