/* SPDX-License-Identifier: MIT */
/*
 * What stands in for an incident while it is only being reported: actors and
 * guards look at it as at any other.
 */
#ifndef TOBAN_CORE_STEP_REPORT_H
#define TOBAN_CORE_STEP_REPORT_H

#include "toban/core/step.h"

/*
 * Fills in finder, department and an empty state; everything else is as before
 * any event.  `fields` may be NULL.  Strings are borrowed.
 */
void step_bare_incident(
	const struct step_context *context, const json_t *fields, struct incident *ret_incident);

#endif
