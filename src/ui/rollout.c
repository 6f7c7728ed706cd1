/* SPDX-License-Identifier: MIT */
/*
 * The roll-out of prevention measures: what is read, and the keys.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "incident.h"
#include "registry.h"
#include "rollout.h"
#include "screens.h"
#include "step_row.h"
#include "toban/base/i18n.h"

static struct rollout *
self(struct screen *screen)
{
	return (struct rollout *)screen;
}

const json_t *
rollout_measure_at(const struct rollout *rollout, int row)
{
	return json_array_get(doc_list(rollout->show, "measures"), (size_t)row);
}

const char *
rollout_department_at(const struct rollout *rollout, int col)
{
	const char *id = json_string_value(json_array_get(rollout->departments, (size_t)col));

	return id ? id : "";
}

const json_t *
rollout_cell_at(const struct rollout *rollout, int row, int col)
{
	return json_object_get(json_object_get(rollout_measure_at(rollout, row), "cells"),
		rollout_department_at(rollout, col));
}

static bool
is_asked(const json_t *measures, const char *department)
{
	size_t i;
	json_t *measure;

	json_array_foreach(measures, i, measure)
	{
		if (json_object_get(json_object_get(measure, "cells"), department)) {
			return true;
		}
	}
	return false;
}

static enum err
rollout_load(struct screen *screen)
{
	struct rollout *rollout = self(screen);
	json_t *show = NULL;
	enum err e = app_call(
		screen->app, "incident.show", json_pack("{s:s}", "id", rollout->id), &show);
	size_t i;
	json_t *department;

	if (e != ERR_OK) {
		return e;
	}
	json_decref(rollout->show);
	json_decref(rollout->departments);
	rollout->show = show;
	rollout->departments = json_array();
	json_array_foreach(doc_list(book_org(&screen->app->book), "departments"), i, department)
	{
		if (is_asked(doc_list(show, "measures"), doc_text(department, "id"))) {
			json_array_append(rollout->departments, json_object_get(department, "id"));
		}
	}
	matrix_resize(&rollout->matrix, (int)json_array_size(doc_list(show, "measures")),
		(int)json_array_size(rollout->departments));
	return ERR_OK;
}

static bool
rollout_key(struct screen *screen, const struct key *key)
{
	return matrix_key(&self(screen)->matrix, key->code);
}

/* Why the step makes no sense on a cell in its state; NULL: it does. */
static const char *
cell_refuses(const json_t *cell, const char *step)
{
	const char *state = doc_text(cell, "state");
	bool answers = strcmp(step, "apply") == 0 || strcmp(step, "not-applicable") == 0;
	bool answered = strcmp(state, "applied") == 0 || strcmp(state, "not-applicable") == 0;

	if (!cell) {
		return _("This department is not asked for this measure.");
	}
	if (strcmp(state, "accepted") == 0) {
		return _("The answer of this department was accepted already.");
	}
	if (answers && answered) {
		return _("This department has answered already; the office has yet to accept it.");
	}
	return !answers && !answered ? _("This department has not answered yet.") : NULL;
}

/* Says why the step cannot be taken on the marked cell; false: it can. */
static bool
is_refused(struct screen *screen, const char *name)
{
	const struct rollout *rollout = self(screen);
	json_t *steps = step_row_list(screen->app, rollout->id);
	const json_t *step = doc_find(doc_list(steps, "steps"), "step", name);
	const char *cell = cell_refuses(
		rollout_cell_at(rollout, rollout->matrix.row, rollout->matrix.col), name);
	bool refused = cell || (step && !doc_flag(step, "allowed"));

	if (cell) {
		app_say(screen->app, SAY_INFO, cell);
	} else if (refused) {
		step_row_take(screen->app, rollout->id, step);
	}
	json_decref(steps);
	return refused;
}

/* Opens the form of a step on the marked cell. */
static void
step_on_cell(struct screen *screen, const char *step)
{
	struct rollout *rollout = self(screen);
	json_t *presets;

	if (rollout->matrix.rows == 0 || is_refused(screen, step)) {
		return;
	}
	presets = json_pack("{s:s, s:s}", "measure",
		doc_text(rollout_measure_at(rollout, rollout->matrix.row), "key"), "department",
		rollout_department_at(rollout, rollout->matrix.col));
	stepform_open(screen->app, rollout->id, step, presets);
	json_decref(presets);
}

static void
apply_run(struct screen *screen)
{
	step_on_cell(screen, "apply");
}

static void
not_applicable_run(struct screen *screen)
{
	step_on_cell(screen, "not-applicable");
}

static void
accept_run(struct screen *screen)
{
	step_on_cell(screen, "accept");
}

static void
send_back_run(struct screen *screen)
{
	step_on_cell(screen, "send-back");
}

/* All of the newest entry about the cell. */
static void
history_run(struct screen *screen)
{
	struct rollout *rollout = self(screen);
	const json_t *log = doc_list(rollout->show, "log");

	for (size_t i = json_array_size(log); i-- > 0;) {
		if (rollout->matrix.rows > 0 && rollout_is_about(rollout, json_array_get(log, i))) {
			entry_open(screen->app, json_array_get(log, i));
			return;
		}
	}
	app_say(screen->app, SAY_INFO, _("There is no entry about this cell yet."));
}

static void
actions_run(struct screen *screen)
{
	actions_open(screen->app, self(screen)->id);
}

static void
rollout_release(struct screen *screen)
{
	struct rollout *rollout = self(screen);

	json_decref(rollout->show);
	json_decref(rollout->departments);
	free(rollout->id);
}

static const struct action actions[] = {
	{ "read", K_ENTER, 0, N_("read"), N_("Read the newest entry about the marked cell"),
		ACTION_HINT, history_run },
	{ "apply", 'p', 0, N_("applied"), N_("The marked department has applied the measure"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, apply_run },
	{ "not-applicable", 'x', 0, N_("not applicable"),
		N_("The measure does not apply to the marked department"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, not_applicable_run },
	{ "accept", 'o', 0, N_("accept"), N_("Accept what the department answered"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, accept_run },
	{ "send-back", 'b', 0, N_("send back"), N_("Send the department's answer back"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, send_back_run },
	{ "actions", 'a', 0, N_("actions"), N_("What can be done now, and who could do the rest"),
		ACTION_HINT, actions_run },
	{ .name = NULL },
};

const struct screen_ops rollout_ops = {
	.name = "rollout",
	.title = N_("Roll-out"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = rollout_load,
	.head = rollout_head,
	.paint = rollout_paint,
	.key = rollout_key,
	.release = rollout_release,
};

/* Marks the cell of a measure and a department where there is one. */
static void
mark(struct rollout *rollout, const char *measure, const char *department)
{
	for (int row = 0; row < rollout->matrix.rows; row++) {
		if (strcmp(doc_text(rollout_measure_at(rollout, row), "key"), measure) == 0) {
			rollout->matrix.row = row;
		}
	}
	for (int col = 0; col < rollout->matrix.cols; col++) {
		if (strcmp(rollout_department_at(rollout, col), department) == 0) {
			rollout->matrix.col = col;
		}
	}
}

void
rollout_open(struct app *app, const char *id)
{
	rollout_open_at(app, id, "", "");
}

void
rollout_open_at(struct app *app, const char *id, const char *measure, const char *department)
{
	struct rollout *rollout = (struct rollout *)screen_new(app, &rollout_ops, sizeof(*rollout));

	if (rollout) {
		rollout->id = strdup(id);
	}
	if (app_push(app, (struct screen *)rollout)) { /* says what went wrong */
		mark(rollout, measure, department);
	}
}
