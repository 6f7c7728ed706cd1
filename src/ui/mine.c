/* SPDX-License-Identifier: MIT */
/*
 * What waits for the person at the screen: every step they are awaited to
 * take, cell by cell where it is a roll-out, then their own drafts.  Enter goes
 * to the form, or to the cell, at once.
 */
#include "mine.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "clipboard.h"
#include "doc.h"
#include "handover.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum { CASES = 50 };

static struct mine *
self(struct screen *screen)
{
	return (struct mine *)screen;
}

static const char *
row_key(const void *ctx, int i)
{
	return doc_text(json_array_get(ctx, (size_t)i), "key");
}

const json_t *
mine_selected(const struct mine *mine)
{
	return json_array_get(mine->rows, (size_t)mine->list.selected);
}

/* What is no step of a case, and where it is done. */
struct apart {
	const char *key;
	void (*open)(struct app *app);
};

static const struct apart aparts[] = {
	{ "handover", handover_open },
	{ "readings", readings_open },
	{ "keys", keyring_open },
};

static const struct apart *
apart_of(const json_t *row)
{
	for (size_t i = 0; i < ARRAY_LEN(aparts); i++) {
		if (strcmp(doc_text(row, "key"), aparts[i].key) == 0) {
			return &aparts[i];
		}
	}
	return NULL;
}

bool
mine_is_apart(const json_t *row)
{
	return apart_of(row) != NULL;
}

/* A suspicion is settled by either of two steps: which one is chosen in the menu. */
bool
mine_is_choice(const struct mine *mine, const json_t *row)
{
	const json_t *step = book_step_record(&mine->base.app->book, doc_text(row, "step"));

	return strcmp(doc_text(step, "effect"), "confirm-suspicion") == 0;
}

/* --- reading ------------------------------------------------------------------------ */

/* Takes over `cell`.  What is due is the step or the cell, which may differ from the case. */
static void
add_step(struct mine *mine, const json_t *incident, const json_t *step, json_t *cell)
{
	stamp due = doc_time(cell ? cell : step, "due_at");
	json_t *row = json_pack("{s:s, s:s, s:s, s:O?, s:b, s:O?, s:b, s:O?}", "id",
		doc_text(incident, "id"), "step", doc_text(step, "step"), "title",
		doc_text(incident, "title"), "due_at",
		json_object_get(cell ? cell : step, "due_at"), "overdue",
		due != STAMP_NONE && due < book_now(&mine->base.app->book), "explain",
		json_object_get(step, "explain"), "allowed", doc_flag(step, "allowed"), "why",
		json_object_get(step, "why"));

	json_object_set_new(row, "major", json_string(doc_text(incident, "major")));
	json_object_set(row, "case", (json_t *)(uintptr_t)incident);
	json_object_set_new(row, "key",
		json_sprintf("%s %s %s %s", doc_text(incident, "id"), doc_text(step, "step"),
			doc_text(cell, "measure"), doc_text(cell, "department")));
	if (cell) {
		json_object_set_new(row, "cell", cell);
	}
	json_array_append_new(mine->rows, row);
}

/* Whether a cell in this state waits for the step; `mine`: it is of one's own department. */
static bool
cell_waits(const char *step, const char *state, bool own)
{
	if (strcmp(step, "apply") == 0) {
		return own && (strcmp(state, "asked") == 0 || strcmp(state, "sent-back") == 0);
	}
	return strcmp(state, "applied") == 0 || strcmp(state, "not-applicable") == 0;
}

/* One row for each cell that waits; false when the record names none. */
static bool
add_cells(struct mine *mine, const json_t *incident, const json_t *step)
{
	const char *own = doc_text(book_my_record(&mine->base.app->book), "department");
	size_t before = json_array_size(mine->rows);
	json_t *show = NULL;
	json_t *error = NULL;
	size_t i;
	json_t *measure;

	if (app_try(mine->base.app, "incident.show",
		    json_pack("{s:s}", "id", doc_text(incident, "id")), &show, &error) != ERR_OK) {
		json_decref(error);
		return false;
	}
	json_array_foreach(doc_list(show, "measures"), i, measure)
	{
		const char *department;
		json_t *cell;

		json_object_foreach(json_object_get(measure, "cells"), department, cell)
		{
			if (cell_waits(doc_text(step, "step"), doc_text(cell, "state"),
				    strcmp(department, own) == 0)) {
				add_step(mine, incident, step,
					json_pack("{s:s, s:s, s:s, s:O?}", "measure",
						doc_text(measure, "key"), "department", department,
						"text", doc_text(measure, "text"), "due_at",
						json_object_get(cell, "due_at")));
			}
		}
	}
	json_decref(show);
	return json_array_size(mine->rows) > before;
}

/* The steps of one case that wait for this person. */
static void
add_case(struct mine *mine, const json_t *incident)
{
	json_t *result = NULL;
	json_t *error = NULL;
	size_t i;
	json_t *step;

	if (app_try(mine->base.app, "incident.steps",
		    json_pack("{s:s}", "id", doc_text(incident, "id")), &result,
		    &error) != ERR_OK) {
		json_decref(error); /* gone or closed to this person since the list was read */
		return;
	}
	json_array_foreach(doc_list(result, "steps"), i, step)
	{
		const char *name = doc_text(step, "step");
		bool of_cells = strcmp(name, "apply") == 0 || strcmp(name, "accept") == 0;

		if (doc_flag(step, "awaited") && !(of_cells && add_cells(mine, incident, step))) {
			add_step(mine, incident, step, NULL);
		}
	}
	json_decref(result);
}

static void
add_drafts(struct mine *mine)
{
	json_t *result = NULL;
	json_t *error = NULL;
	size_t i;
	json_t *draft;

	if (app_try(mine->base.app, "draft.list", NULL, &result, &error) != ERR_OK) {
		json_decref(error);
	}
	json_array_foreach(doc_list(result, "drafts"), i, draft)
	{
		json_object_set(draft, "key", json_object_get(draft, "draft"));
		json_array_append(mine->rows, draft);
	}
	json_decref(result);
}

/* `what` is to be done, NULL: the step says it; `title` says about how much. */
static void
add_apart(struct mine *mine, const char *key, const char *what, const char *title,
	const char *explain)
{
	json_array_append_new(mine->rows,
		json_pack("{s:s, s:s, s:s, s:s*, s:s, s:b, s:s}", "key", key, "id", "", "step", key,
			"what", what, "title", title, "allowed", true, "explain", explain));
}

/* A shift that waits for this person to accept it comes before all: they are here to work. */
static void
add_handover(struct mine *mine, const json_t *counts)
{
	const json_t *handover = json_object_get(counts, "handover");
	struct str title = STR_INIT;

	if (doc_flag(handover, "mine")) {
		handover_words(&mine->base.app->book, handover, &title);
		add_apart(mine, "handover", NULL, str_text(&title),
			_("Read what changed since it was given, then accept the shift."));
	}
	str_release(&title);
}

/* Who read what they may not read is looked at by whom it was told. */
static void
add_readings(struct mine *mine, const json_t *counts)
{
	int64_t n = doc_int(counts, "glass");
	struct str title = STR_INIT;
	char number[24];

	if (n > 0) {
		(void)snprintf(number, sizeof(number), "%lld", (long long)n);
		str_say(&title,
			P_("{n} new emergency reading", "{n} new emergency readings",
				(unsigned long)n),
			&(struct str_arg){ "n", number }, 1);
		add_apart(mine, "readings", _("look at"), str_text(&title),
			_("Who opened a restricted case, and why; ask them if the reason does not "
			  "do."));
	}
	str_release(&title);
}

static void
add_counted(struct mine *mine)
{
	json_t *counts = NULL;
	json_t *error = NULL;

	if (app_try(mine->base.app, "incident.counts", NULL, &counts, &error) != ERR_OK) {
		json_decref(error);
	}
	add_handover(mine, counts);
	add_readings(mine, counts);
	json_decref(counts);
}

/* Keys that nobody but this person, or another of the same part, can let sign. */
static void
add_keys(struct mine *mine)
{
	json_t *result = NULL;
	json_t *error = NULL;
	struct str title = STR_INIT;
	char number[24];
	int64_t n;

	if (!keyring_is_decider(mine->base.app)) {
		return;
	}
	if (app_try(mine->base.app, "key.list", json_pack("{s:s}", "state", "proposed"), &result,
		    &error) != ERR_OK) {
		json_decref(error);
	}
	n = doc_int(result, "waiting");
	if (n > 0) {
		(void)snprintf(number, sizeof(number), "%lld", (long long)n);
		str_say(&title,
			P_("{n} key waits for approval", "{n} keys wait for approval",
				(unsigned long)n),
			&(struct str_arg){ "n", number }, 1);
		add_apart(mine, "keys", _("decide"), str_text(&title),
			_("Have its person read the fingerprint to you, then approve or refuse "
			  "it."));
	}
	str_release(&title);
	json_decref(result);
}

/* --- order ---------------------------------------------------------------------------- */

/* A shift to be accepted, then the steps, then one's own drafts. */
static int
group_of(const json_t *row)
{
	return mine_is_apart(row) ? 0 : doc_text(row, "draft")[0] ? 2 : 1;
}

/* What is due first comes first, what is not due at all last; else as they were read. */
static bool
comes_before(const json_t *x, const json_t *y)
{
	stamp due_x = doc_time(x, "due_at");
	stamp due_y = doc_time(y, "due_at");

	if (group_of(x) != group_of(y)) {
		return group_of(x) < group_of(y);
	}
	if ((due_x == STAMP_NONE) != (due_y == STAMP_NONE)) {
		return due_y == STAMP_NONE;
	}
	return due_x < due_y;
}

/* Put in one by one: stable, and there are never many. */
static void
put_in_order(struct mine *mine)
{
	json_t *sorted = json_array();
	size_t i;
	json_t *row;

	json_array_foreach(mine->rows, i, row)
	{
		size_t at = json_array_size(sorted);

		while (at > 0 && comes_before(row, json_array_get(sorted, at - 1))) {
			at--;
		}
		json_array_insert(sorted, at, row);
	}
	json_decref(mine->rows);
	mine->rows = sorted;
}

static enum err
mine_load(struct screen *screen)
{
	struct mine *mine = self(screen);
	json_t *page = NULL;
	enum err e = app_call(screen->app, "incident.list",
		json_pack("{s:b, s:i}", "mine", true, "limit", CASES), &page);
	size_t i;
	json_t *incident;

	if (e != ERR_OK) {
		return e;
	}
	json_decref(mine->rows);
	mine->rows = json_array();
	mine->more = json_is_string(json_object_get(page, "next"));
	add_counted(mine);
	add_keys(mine);
	json_array_foreach(doc_list(page, "incidents"), i, incident)
	{
		add_case(mine, incident);
	}
	json_decref(page);
	add_drafts(mine);
	put_in_order(mine);
	list_update(&mine->list, (int)json_array_size(mine->rows), row_key, mine->rows);
	return ERR_OK;
}

/* --- keys ------------------------------------------------------------------------------ */

static bool
mine_key(struct screen *screen, const struct key *key)
{
	struct mine *mine = self(screen);

	if (!list_key(&mine->list, key->code)) {
		return false;
	}
	if (mine_selected(mine)) {
		list_anchor(&mine->list, row_key(mine->rows, mine->list.selected));
	}
	return true;
}

static void
do_run(struct screen *screen)
{
	const json_t *row = mine_selected(self(screen));
	const json_t *cell = json_object_get(row, "cell");
	const char *draft = doc_text(row, "draft");

	if (!row) {
		return;
	}
	if (apart_of(row)) {
		apart_of(row)->open(screen->app);
		return;
	}
	if (draft[0] && strcmp(doc_text(row, "form"), "report") == 0) {
		report_open(screen->app, draft);
	} else if (draft[0]) {
		stepform_resume(screen->app, draft);
	} else if (cell) {
		rollout_open_at(screen->app, doc_text(row, "id"), doc_text(cell, "measure"),
			doc_text(cell, "department"));
	} else if (mine_is_choice(self(screen), row)) {
		actions_open(screen->app, doc_text(row, "id"));
	} else {
		stepform_open(screen->app, doc_text(row, "id"), doc_text(row, "step"), NULL);
	}
}

/* The case of the marked row; "" for the draft of a report and for a shift. */
static const char *
case_of(const json_t *row)
{
	if (mine_is_apart(row)) {
		return "";
	}
	return doc_text(row, doc_text(row, "draft")[0] ? "subject" : "id");
}

static void
case_run(struct screen *screen)
{
	const char *id = case_of(mine_selected(self(screen)));

	if (id[0]) {
		incident_open(screen->app, id);
	}
}

static void
actions_run(struct screen *screen)
{
	const char *id = case_of(mine_selected(self(screen)));

	if (id[0]) {
		actions_open(screen->app, id);
	}
}

static void
mine_release(struct screen *screen)
{
	struct mine *mine = self(screen);

	json_decref(mine->rows);
	list_release(&mine->list);
}

static void
copy_run(struct screen *screen)
{
	const char *id = doc_text(mine_selected(self(screen)), "id");

	if (id[0]) {
		clipboard_send_id(screen->app, id);
	}
}

static const struct action actions[] = {
	{ "do", K_ENTER, 0, N_("do it"), N_("Open the form, the approval or the cell"), ACTION_HINT,
		do_run },
	{ "case", 'o', 0, N_("the case"), N_("Open the page of the case"), ACTION_HINT, case_run },
	{ "actions", 'a', 0, N_("actions"), N_("What can be done now, and who could do the rest"),
		ACTION_HINT, actions_run },
	{ "copy", 'y', 0, N_("copy number"),
		N_("Send the incident's number to the terminal's clipboard"), ACTION_PLAIN,
		copy_run },
	{ .name = NULL },
};

const struct screen_ops mine_ops = {
	.name = "mine",
	.title = N_("What waits for me"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = mine_load,
	.head = mine_head,
	.paint = mine_paint,
	.key = mine_key,
	.release = mine_release,
};

void
mine_open(struct app *app)
{
	if (!app_view(app, mine_ops.name)) {
		(void)app_push(app, screen_new(app, &mine_ops, sizeof(struct mine)));
	}
}
