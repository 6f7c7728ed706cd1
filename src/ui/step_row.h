/* SPDX-License-Identifier: MIT */
/*
 * A row of incident.steps, wherever a step is offered: the menu, the help, the
 * command line.
 */
#ifndef TOBAN_SRC_UI_STEP_ROW_H
#define TOBAN_SRC_UI_STEP_ROW_H

#include <jansson.h>

#include "toban/base/str.h"

struct app;

/* incident.steps of the case, a new reference; NULL: `id` is NULL or the desk refuses it. */
json_t *step_row_list(struct app *app, const char *id);

/* Appends the names of those who could take the step; nothing when it is nobody's turn. */
void step_row_who(struct app *app, const json_t *step, struct str *out);

/* Appends why the step cannot be taken now, and who could. */
void step_row_reason(struct app *app, const json_t *step, struct str *out);

/* Opens the form of the step, or says why it cannot be taken. */
void step_row_take(struct app *app, const char *id, const json_t *step);

#endif
