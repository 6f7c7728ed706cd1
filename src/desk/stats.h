/* SPDX-License-Identifier: MIT */
/*
 * Counting figures: from rows of the store to what the statistics say.
 */
#ifndef TOBAN_DESK_STATS_H
#define TOBAN_DESK_STATS_H

#include "call.h"

/* Months of a period; a row's month is where `since` of the next one is later. */
struct stats_month {
	char name[16]; /* "2026-04" */
	stamp since;
};

/* Lengths of time of one kind, in ms. */
struct lengths {
	int64_t *ms;
	size_t n;
	size_t cap;
	bool sorted; /* nothing was added since */
};

/* More links than any chain has: a damaged row must not ask for memory. */
enum { STATS_LINKS = 9 };

/* How fast one link of the chain was, each time from when it was told on. */
struct stats_link {
	int64_t told; /* incidents in which it was */
	struct lengths acknowledged;
	struct lengths instructed;
};

/* What is counted for one category, department or month, and for all. */
struct stats_group {
	const char *key; /* "" all */
	int64_t incidents;
	int64_t previous; /* in the same period a year before */
	int64_t open;
	int64_t late; /* a limit of it passed */
	int64_t major;
	struct lengths acknowledged; /* from the report on, as the next three */
	struct lengths instructed;
	struct lengths responded;
	struct lengths approved;
	struct stats_link links[STATS_LINKS]; /* [0] is link 1 */
};

enum stats_by { STATS_CATEGORY, STATS_DEPARTMENT, STATS_MONTH };

/* Who kept a limit and who did not. */
struct stats_limit {
	int64_t in_time;
	int64_t late;
};

struct stats {
	struct call *call;
	/* --- asked --- */
	stamp since;
	stamp until;            /* not included */
	const char *department; /* NULL: all */
	enum stats_by by;
	const struct stats_month *months;
	size_t n_months;
	/* --- counted --- */
	struct stats_group all;
	struct stats_group *groups;
	size_t n_groups;
	int64_t *month_n; /* parallel to `months` */
	int64_t *month_late;
	struct stats_limit instruction;
	struct stats_limit result;
	struct stats_limit approval;
	int64_t cells;
	int64_t cells_done;
	int64_t cells_late;
	struct lengths roll_out; /* from asking to acceptance */
	/* --- at work --- */
	size_t month;       /* where the last row was */
	bool before;        /* counting the year before */
};

/* Fills in the period (months from `first` on, `n` of them) and counts. ERR_NOMEM, the store's. */
enum err stats_count(struct stats *stats);

/* `n` months from year*12+month-1 on, with the moments they begin. ERR_NOMEM. */
enum err stats_months(struct call *call, int first, size_t n, struct stats *stats);

/* The moment the month begins; months count as year*12 + month - 1. */
stamp stats_month_start(const struct call *call, int month);

/* The month a moment is in. */
int stats_month_of(const struct call *call, stamp at);

/* Sorts, and gives the value that `percent` of all do not exceed; STAMP_NONE for none. */
int64_t stats_percentile(struct lengths *lengths, int percent);

#endif
