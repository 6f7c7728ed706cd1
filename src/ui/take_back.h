/* SPDX-License-Identifier: MIT */
/*
 * Taking back what was sent last, for as long as the desk said it can be.
 */
#ifndef TOBAN_SRC_UI_TAKE_BACK_H
#define TOBAN_SRC_UI_TAKE_BACK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "toban/base/clock.h"
#include "toban/base/str.h"

struct app;
struct screen;

/* What can be taken back; id NULL: nothing. */
struct take_back {
	char *id;
	char *step;
	int64_t seq;
	stamp until;
};

/* Offers it if the answer of incident.act or incident.report (borrowed) says so. */
void take_back_offer(struct app *app, const char *step, const json_t *result);

/* Whether it can be taken back now by this desk's clock; others may have read it. */
bool take_back_waits(const struct app *app);

/*
 * "(u: take back, 8 s)", where a text is written without the key; appends nothing
 * when there is nothing to take back.
 */
void take_back_words(struct app *app, struct str *out);

/* Asks, then takes it back and opens the text again. */
void take_back_run(struct screen *screen);

void take_back_release(struct take_back *take_back);

#endif
