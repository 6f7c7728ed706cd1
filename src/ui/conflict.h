/* SPDX-License-Identifier: MIT */
/*
 * Somebody was faster: what others recorded since a form was opened, told in a
 * few rows above the form and, on a screen of its own, as a difference beside
 * what was typed.
 */
#ifndef TOBAN_SRC_UI_CONFLICT_H
#define TOBAN_SRC_UI_CONFLICT_H

#include <jansson.h>
#include <stdbool.h>

#include "book.h"
#include "form.h"
#include "screen.h"

struct conflict {
	json_t *began; /* incident.show when the form was opened */
	json_t *now;   /* the same as read last: what a step is judged against */
	json_t *news;  /* entries others made in between; NULL: nobody was in the way */
	bool fresh;    /* nothing was typed since it was told: Enter shows it */
};

/* Takes over what the form was opened with. */
void conflict_begin(struct conflict *conflict, json_t *show);
void conflict_release(struct conflict *conflict);

/* Reads the incident anew; what cannot be read stays as it was. */
void conflict_read(struct conflict *conflict, struct app *app);

/* Whether others recorded anything since the form was opened. */
bool conflict_has_news(const struct conflict *conflict);

/* The newest entries above the form; returns the rows used, 0 without news. */
int conflict_paint(const struct conflict *conflict, struct book *book, struct canvas *c);

/*
 * What was in force before this entry of `log`, or what `fields` of that step
 * would put aside: the newest earlier entry of the same step about the same thing.
 * NULL: the step adds to the others, or there is none.
 */
const json_t *conflict_before(
	struct book *book, const json_t *log, const char *step, const json_t *fields);

/* The screen.  All is borrowed from the form below it, which it never outlives. */
struct conflict_want {
	struct screen *asker;
	const char *id;
	const char *step;
	struct conflict *conflict;
	struct form *form;
	const char *draft;                   /* "D-17"; NULL: not saved */
	void (*send)(struct screen *asker);  /* asks, then sends it all the same */
	void (*leave)(struct screen *asker); /* keeps it as a draft and closes the form */
};

void conflict_open(struct app *app, const struct conflict_want *want);

#endif
