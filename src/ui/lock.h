/* SPDX-License-Identifier: MIT */
/*
 * A shared console locks: by `:lock`, and when no key was pressed for its idle minutes.  What was
 * typed is kept as drafts, all screens go, and the terminal asks who sits down.
 */
#ifndef TOBAN_UI_LOCK_H
#define TOBAN_UI_LOCK_H

#include "app.h"

/* Whether this is a shared console. */
bool lock_is_post(const struct app *app);

/* A key was pressed: the desk is told now and then. */
void lock_use(struct app *app);

/* Once a minute: locks when nobody was there for too long. */
void lock_tick(struct app *app);

/* Locks now. */
void lock_now(struct app *app);

#endif
