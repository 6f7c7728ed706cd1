/* SPDX-License-Identifier: MIT */
/*
 * When the next thing of an incident is due.
 */
#ifndef TOBAN_CORE_INCIDENT_DUE_H
#define TOBAN_CORE_INCIDENT_DUE_H

#include "toban/core/incident.h"

/*
 * The earliest of: acknowledgements of the chain, open instructions, open
 * cells, undecided statutory clocks, the date from which effectiveness can be
 * judged, and `step_due` (what the last step's Due started).  STAMP_NONE when
 * nothing is awaited, in a final state always.
 */
stamp incident_due(
	const struct procedure *procedure, const struct incident *incident, stamp step_due);

/* The day from which all measures of the round can be judged; STAMP_NONE: none. */
stamp incident_effect_on(const struct incident *incident);

#endif
