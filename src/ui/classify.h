/* SPDX-License-Identifier: MIT */
/*
 * The classification, shared between its answers (classify.c) and how they are
 * painted (classify_paint.c).
 */
#ifndef TOBAN_SRC_UI_CLASSIFY_H
#define TOBAN_SRC_UI_CLASSIFY_H

#include <jansson.h>
#include <stdbool.h>

#include "screen.h"
#include "screens.h"

struct classify {
	struct screen base;
	struct classify_want want;
	json_t *answers;
	json_t *verdict; /* of `classify`; NULL: none yet */
	json_t *refusal; /* error document of `classify`; NULL: none */
	const char *title;
	int at; /* the category asked about; classify_count(): all are answered, none is */
};

/* How many categories the table has. */
int classify_count(const struct classify *classify);

/* The category at a place of the table; NULL outside of it. */
const json_t *classify_category(const struct classify *classify, int i);

/* Is category `i` a question?  A suspicion is what remains when one is open. */
bool classify_asks(const struct classify *classify, int i);

/* "yes", "no", "unknown", or "" while the question is open. */
const char *classify_given(const struct classify *classify, int i);

/* Answered "no" throughout: then it is no incident, and the screen says the way out. */
bool classify_all_no(const struct classify *classify);

/* What is said then; the desk's own words name a member only other programs can send. */
const char *classify_no_incident(void);

void classify_paint(struct screen *screen, struct canvas *c);

#endif
