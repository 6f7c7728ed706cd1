/* SPDX-License-Identifier: MIT */
/*
 * A line for a PIN or a passphrase: nothing of it is ever shown, not even its length.
 */
#ifndef TOBAN_SRC_UI_SECRET_LINE_H
#define TOBAN_SRC_UI_SECRET_LINE_H

#include "screen.h"
#include "toban/base/secret_text.h"

/* Types, pastes or deletes in `text`, which was started; false: not a key of a line. */
bool secret_line_key(struct app *app, struct secret_text *text, const struct key *key);

/* The label, and whether anything was typed; the caret stands behind it. */
void secret_line_paint(
	struct canvas *c, struct place at, const char *label, const struct secret_text *text);

/*
 * Trying a passphrase takes seconds on purpose, and no key is read meanwhile: says so and
 * paints that at once; and takes it back when it was tried.
 */
void secret_line_begin(struct app *app);
void secret_line_done(struct app *app);

#endif
