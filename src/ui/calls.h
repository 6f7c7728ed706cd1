/* SPDX-License-Identifier: MIT */
/*
 * The telephone at an incident: what its two files share.
 */
#ifndef TOBAN_SRC_UI_CALLS_H
#define TOBAN_SRC_UI_CALLS_H

#include <jansson.h>

#include "list.h"
#include "screen.h"
#include "toban/base/hash.h"

enum { CALLS_OUTCOMES = 5 }; /* letters and function keys for so many */

/* One person who can be called about the case. */
struct callee {
	const json_t *person;  /* borrowed from the book */
	const json_t *contact; /* of the chain; NULL: not told, stands in or is awaited */
	const json_t *last;    /* the newest call of this link; NULL: none */
	int tries;
	bool answered; /* reached by telephone, or acknowledged at the desk */
	bool absent;   /* they are away: `absent_until` of the person */
};

struct calls {
	struct screen base;
	char *id;
	json_t *show;
	json_t *steps;      /* incident.steps: may a call be recorded here? */
	struct callee *all; /* in the order of calling */
	int n;
	struct list list;
	int outcome;             /* chosen, not recorded; -1: none */
	char event[NEW_ID_SIZE]; /* of the next call: sent again, it is recorded once */
};

/* --- calls.c --------------------------------------------------------------------------- */

/* The choices of the form: {"key", "label"}. */
const json_t *calls_outcomes(struct calls *calls);

/* The letter of each outcome: the first of its key that is free, and no key of every screen. */
void calls_letters(struct calls *calls, char out[CALLS_OUTCOMES + 1]);

const char *calls_outcome_words(struct calls *calls, const char *key);

/* The number to call, "" when none is registered. */
const char *calls_number(const struct callee *callee);

/* The step of recording a call, when it is refused; NULL: it is allowed. */
const json_t *calls_refused(const struct calls *calls);

/* Whoever is marked; NULL: there is nobody to call. */
const struct callee *calls_selected(const struct calls *calls);

/* --- calls_paint.c ------------------------------------------------------------------------ */

/*
 * A telephone number from column 3 on, the digits apart so that they can be read out and
 * typed from a distance, or that there is none; the column behind it.
 */
int calls_paint_number(struct canvas *c, int row, const char *number);

void calls_head(struct screen *screen, struct head *head);
void calls_paint(struct screen *screen, struct canvas *c);

#endif
