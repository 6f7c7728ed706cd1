/* SPDX-License-Identifier: MIT */
/*
 * Who may read which case.
 */
#ifndef TOBAN_CORE_SIGHT_H
#define TOBAN_CORE_SIGHT_H

#include "toban/core/step.h"

/*
 * Keeps out of the incident, besides those who were named as involved, whoever of the organisation
 * is one of them under another name; a fold knows no organisation, so who folds asks for it.
 * ERR_NOMEM.
 */
enum err incident_keep_out(struct arena *arena, const struct procedure *procedure,
	const struct org *org, struct incident *incident);

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
