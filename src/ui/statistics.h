/* SPDX-License-Identifier: MIT */
/*
 * The statistics, shared between what they read (statistics.c) and how they are
 * painted (statistics_paint.c).
 */
#ifndef TOBAN_SRC_UI_STATISTICS_H
#define TOBAN_SRC_UI_STATISTICS_H

#include <jansson.h>

#include "list.h"
#include "screen.h"

struct statistics {
	struct screen base;
	json_t *stats;    /* result of stats */
	int year;         /* the fiscal year asked for; 0: the one we are in */
	int this_year;    /* as the desk said first */
	int by;           /* which of statistics_by[] */
	bool by_link;     /* the times are those of the links of the chain */
	char *department; /* id; NULL: all */
	struct list list; /* over all lines of the page */
};

/* The words of the door for what the rows are. */
extern const char *const statistics_by[];

/* Lines of the page before the groups, and of the whole page. */
enum { STATISTICS_FIRST = 1 };
int statistics_lines(const struct statistics *statistics);

/* The group a line shows; NULL: another line. */
const json_t *statistics_group(const struct statistics *statistics, int line);

void statistics_head(struct screen *screen, struct head *head);
void statistics_paint(struct screen *screen, struct canvas *c);

#endif
