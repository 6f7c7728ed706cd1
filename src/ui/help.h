/* SPDX-License-Identifier: MIT */
/*
 * The help, shared by its keys (help.c) and its painting (help_paint.c).
 */
#ifndef TOBAN_SRC_UI_HELP_H
#define TOBAN_SRC_UI_HELP_H

#include <jansson.h>

#include "edit.h"
#include "list.h"
#include "screen.h"

enum help_section { HELP_SCREEN, HELP_STEPS, HELP_EVERYWHERE };

/* One line: an action or a step. */
struct help_row {
	enum help_section section;
	const struct action *action; /* NULL: a step */
	const json_t *step;          /* row of incident.steps, borrowed; NULL: an action */
	bool refused;
};

struct help {
	struct screen base;
	struct screen *below; /* the one that is explained */
	struct edit find;
	struct list list;
	json_t *steps;         /* incident.steps of the case below; NULL: none */
	struct help_row *rows; /* those that match, by section; `n` of them */
	int n;
	int top;  /* first line in view */
	bool two; /* painted in two columns */
};

/* Why a refused line cannot be done now, and who could. */
void help_reason(struct help *help, const struct help_row *row, struct str *out);

void help_paint(struct screen *screen, struct canvas *c);

#endif
