/* SPDX-License-Identifier: MIT */
/*
 * After a question that led nowhere: whoever types on without looking up means the field they
 * expected, and no letter of that may be taken for a command of the screen that is there instead.
 */
#ifndef TOBAN_SRC_UI_DEAF_H
#define TOBAN_SRC_UI_DEAF_H

#include <stdbool.h>

struct app;
struct key;

/* From now on text, Enter and Tab mean nothing, until they pause or another key comes. */
void deaf_begin(struct app *app);

/* Asked where no text is entered.  True: the key was typed on and means nothing; that was said. */
bool deaf_drops(struct app *app, const struct key *key);

#endif
