/* SPDX-License-Identifier: MIT */
/*
 * The store's figures: what the statistics know of each incident.
 */
#ifndef TOBAN_STORE_FIGURE_H
#define TOBAN_STORE_FIGURE_H

#include <stdbool.h>

#include "toban/base/clock.h"
#include "toban/base/err.h"

struct store;

/* What the statistics know of one incident; drills have none.  See schema.2.sql and 3. */
struct figure_row {
	const char *id;
	const char *department;
	const char *category;
	bool major; /* decided, not proposed */
	bool open;
	stamp reported_at;
	stamp acknowledged_at; /* this and the following: STAMP_NONE when it did not come */
	stamp instructed_at;
	stamp instruct_due; /* limits: STAMP_NONE when there was none */
	stamp responded_at;
	stamp resulted_at;
	stamp result_due;
	stamp decided_at;
	stamp decide_due;
	stamp approved_at;
	const char *cells;       /* "DEPARTMENT ASKED DUE DONE;..." in ms, "-" for none */
	const char *links;       /* "LINK TOLD ACKNOWLEDGED INSTRUCTED;...", the same */
	const char *readers;     /* as of struct incident_row */
	const char *hidden_from;
};

/* Row by row; its texts live until the visit returns.  An error ends the reading. */
typedef enum err store_figure_visit(void *ctx, const struct figure_row *row);

/* Visits the figures of what was reported from `since` on and before `until`, in that order. */
enum err store_figures(
	struct store *store, stamp since, stamp until, store_figure_visit *visit, void *ctx);

/* Whether the desk has incidents whose figures were never made (a desk of an older version). */
enum err store_figures_stale(struct store *store, bool *ret_stale);

#endif
