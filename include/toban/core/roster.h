/* SPDX-License-Identifier: MIT */
/*
 * Duty rosters as people write them: rows of weekdays or dates, a time span and a
 * person, one by one or in a CSV file (docs/forms.md, "Duty rosters"); and what a
 * roster comes to, shift by shift.
 */
#ifndef TOBAN_CORE_ROSTER_H
#define TOBAN_CORE_ROSTER_H

#include <jansson.h>

#include "toban/base/str.h"
#include "toban/core/duty.h"
#include "toban/core/form.h"

#define ROSTER_SPANS_MOST 5000 /* all spans of one file */
#define ROSTER_DAYS_MOST 366   /* of one row of dates, and of what is looked ahead */
#define ROSTER_NOBODY "nobody" /* in place of a person: on purpose */

/* One row; none of them NULL. */
struct roster_row {
	const char *department; /* id */
	const char *when;       /* "mon-fri", "sat sun", "daily", "2026-12-31", "DATE..DATE" */
	const char *from;       /* "08:30" */
	const char *to;         /* "17:30", "24:00"; not after `from`: on the next day */
	const char *person;     /* id, or ROSTER_NOBODY */
};

/* Rows being gathered, and where their faults go. */
struct roster_draft {
	const struct org *org;
	struct diagnostics *diagnostics;
	json_t *rosters; /* [{"department", "week": […], "exceptions": […]}], as entries hold them
			  */
	size_t n_spans;
};

/* Starts a draft; roster_draft_release() gives back its JSON.  ERR_NOMEM. */
enum err roster_draft_init(
	struct roster_draft *draft, const struct org *org, struct diagnostics *diagnostics);
void roster_draft_release(struct roster_draft *draft); /* safe on zeroed memory */

/*
 * Adds what the row says.  `places` names its five members, in their order, for faults
 * ("rows[2].when").  A row with a fault adds nothing else.  ERR_NOMEM.
 */
enum err roster_draft_add(
	struct roster_draft *draft, const struct roster_row *row, const char *const places[5]);

/*
 * Adds the rows of a CSV file, called `name` in faults: "NAME:LINE:COLUMN".  At most 50
 * faults are named.  ERR_NOMEM.
 */
enum err roster_draft_csv(struct roster_draft *draft, const char *name, const char *text);

/*
 * Appends the roster of a department that holds at the moment, with the exceptions still to
 * come, as the rows of such a file.  The first line, with the names of the columns, is not
 * among them.
 */
void roster_csv_write(struct str *out, const struct duty_query *query, const char *department);

/* The weekly pattern as an entry holds it; a new reference, NULL without memory. */
json_t *roster_week_json(const struct roster *roster);

/* The roster that holds at the moment; NULL: none. */
const struct roster *duty_roster_at(const struct duty *duty, const char *department, stamp at);

/* A stretch in which the same people are on duty. */
struct shift {
	stamp from;
	stamp until;
	struct word_list people; /* who is there: as the roster says, or their stand-ins */
	struct word_list absent; /* whom the roster names and who is away */
	bool planned;            /* a span covers it, perhaps on purpose by nobody */
	bool gap;                /* the department has a roster and nobody is there */
};

struct shift_list {
	const struct shift *items;
	size_t n;
};

/* The shifts of a department from query->at on until `until`, without holes.  ERR_NOMEM. */
enum err roster_shifts(struct arena *arena, const struct duty_query *query, const char *department,
	stamp until, struct shift_list *ret_list);

#endif
