/* SPDX-License-Identifier: MIT */
/*
 * Who may read which case.
 */
#ifndef TOBAN_CORE_SIGHT_H
#define TOBAN_CORE_SIGHT_H

#include "toban/core/step.h"

/* Whether the person may read the incident: the involved never; confidential
 * ones only the finder, the chain, officers of its department, addressees, the
 * office, who was named as a reader, whoever stands in for one of these now, and auditors. */
bool incident_visible(const struct step_context *context);

/*
 * Whether `stand_in` may read at that moment what `absent` may: they act for them.  What an
 * auditor may read is nobody else's by standing in.
 */
bool sight_is_lent(
	const struct duty_query *query, const struct person *stand_in, const struct person *absent);

#endif
