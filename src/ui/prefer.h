/* SPDX-License-Identifier: MIT */
/*
 * How the person at the screen wants it, as the desk keeps it
 * (docs/methods.md, "Preferences").
 */
#ifndef TOBAN_SRC_UI_PREFER_H
#define TOBAN_SRC_UI_PREFER_H

#include <stdbool.h>

struct app;

/*
 * Reads what the person who sits down chose, and speaks their language unless
 * the command line named one.  Without an answer nothing is chosen.
 */
void prefer_read(struct app *app);

/* Speaks English where nothing else can be read, whatever was asked for. */
void prefer_readable(const struct app *app);

/* Whether the terminal gets ASCII alone, asked for or because it can show no more. */
bool prefer_is_ascii(const struct app *app);

/* What was chosen under `name`; "" nothing.  Lives until the next change. */
const char *prefer_value(const struct app *app, const char *name);

/* Whether exactly this was chosen. */
bool prefer_is(const struct app *app, const char *name, const char *value);

/*
 * Keeps a choice (NULL: forgets it) and lets every open screen follow it.
 * False: it could not be kept, which was said; nothing changed then.
 */
bool prefer_set(struct app *app, const char *name, const char *value);

#endif
