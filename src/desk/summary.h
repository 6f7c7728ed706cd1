/* SPDX-License-Identifier: MIT */
/*
 * The summary of an incident: the one row from which lists, counts and plain
 * search are answered.  Written in the transaction of every step and made again
 * from the events by the verifier; both use this function.
 */
#ifndef TOBAN_DESK_SUMMARY_H
#define TOBAN_DESK_SUMMARY_H

#include "toban/base/arena.h"
#include "toban/core/incident.h"
#include "toban/core/org.h"
#include "toban/store/store.h"

struct summary_source {
	const struct procedure *procedure;
	const struct org *org;
	const struct incident *incident; /* as folded; its events are read for their texts */
};

/* Makes the row; everything lives in `arena` or in the incident. ERR_NOMEM, ERR_CORRUPT. */
enum err summary_row(
	struct arena *arena, const struct summary_source *source, struct incident_row *ret_row);

/* The name of the first column in which two rows differ; NULL: they are equal. */
const char *summary_difference(const struct incident_row *a, const struct incident_row *b);

#endif
