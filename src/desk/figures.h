/* SPDX-License-Identifier: MIT */
/*
 * The figures of an incident: the one row the statistics are counted from.
 * Written in the transaction of every step that changes it and made again from
 * the events by the verifier; both use figures_row().
 */
#ifndef TOBAN_DESK_FIGURES_H
#define TOBAN_DESK_FIGURES_H

#include "summary.h"

/*
 * Makes the row of an incident that is no drill; `row` is its summary.  Texts
 * live in `arena`, in the incident or in the summary.  ERR_NOMEM.
 */
enum err figures_row(struct arena *arena, const struct summary_source *source,
	const struct incident_row *row, struct figure_row *ret_figures);

/* The name of the first column in which two rows differ; NULL: they are equal. */
const char *figures_difference(const struct figure_row *a, const struct figure_row *b);

/* The row with its texts in `arena`.  ERR_NOMEM. */
enum err figures_copy(
	struct arena *arena, const struct figure_row *row, struct figure_row *ret_figures);

struct desk;

/* Makes the figures of all incidents anew, some hundred in one transaction. */
enum err figures_rebuild(struct desk *desk);

/* The same where a desk of an older version has none. */
enum err figures_follow(struct desk *desk);

#endif
