/* SPDX-License-Identifier: MIT */
/*
 * While the desk or an agent does not answer: the message row says so, keys are kept, and
 * Esc gives up (docs/screens.md, "Waiting").
 */
#ifndef TOBAN_SRC_UI_AWAIT_H
#define TOBAN_SRC_UI_AWAIT_H

struct app;

/* Told from now on by whatever waits; until await_stop(), before the terminal goes. */
void await_start(struct app *app);
void await_stop(struct app *app);

/* What is waited for now: a method of the door, or NULL: the agent that holds a key. */
void await_what(struct app *app, const char *method);

#endif
