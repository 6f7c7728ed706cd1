/* SPDX-License-Identifier: MIT */
/*
 * A shared console locks: by `:lock`, and when no key was pressed for its idle minutes.  What was
 * typed is kept as drafts, all screens go, and the terminal asks who sits down.  A terminal of
 * one's own gets a curtain, which opens with the passphrase of toban's own key.
 */
#ifndef TOBAN_UI_LOCK_H
#define TOBAN_UI_LOCK_H

#include "app.h"

/* Whether this is a shared console. */
bool lock_is_post(const struct app *app);

/* Whether nobody sits at it. */
bool lock_is_shut(const struct app *app);

/* A key was pressed: the desk is told now and then. */
void lock_use(struct app *app);

/* Once a minute: locks when nobody was there for too long. */
void lock_tick(struct app *app);

/* Locks now. */
void lock_now(struct app *app);

/* A shared console at which nobody sits: name, then PIN. */
void login_open(struct app *app);

/* Asks for the PIN of that person (borrowed); `screen` is where they were chosen. */
void pin_open(struct screen *screen, const char *person);

/* Somebody else sits here now: `screen`, where they were chosen, makes way for the board. */
void seat_taken(struct screen *screen);

/*
 * Hides everything until the passphrase of toban's own key is given; false: this account has
 * no such key, and nothing was hidden.
 */
bool curtain_open(struct app *app);

#endif
