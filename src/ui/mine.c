/* SPDX-License-Identifier: MIT */
/*
 * What waits for the person at the screen: every step they are awaited to
 * take, cell by cell where it is a roll-out, then their own drafts.  Enter goes
 * to the form, or to the cell, at once.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "board.h"
#include "clipboard.h"
#include "doc.h"
#include "handover.h"
#include "list.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

enum { DETAIL_ROWS = 5, CASES = 50, DETAIL_COLS_MOST = 100 };

struct mine {
	struct screen base;
	json_t *rows; /* {"id","step","title","due_at","overdue","explain","cell"?,"draft"?,...} */
	bool more;    /* more cases than were read */
	struct list list;
};

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

static const json_t *
selected(const struct mine *mine)
{
	return json_array_get(mine->rows, (size_t)mine->list.selected);
}

static bool
is_handover(const json_t *row)
{
	return strcmp(doc_text(row, "key"), "handover") == 0;
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

/* A shift that waits for this person to accept it comes before all: they are here to work. */
static void
add_handover(struct mine *mine)
{
	struct book *book = &mine->base.app->book;
	const json_t *handover;
	json_t *counts = NULL;
	json_t *error = NULL;
	struct str title = STR_INIT;

	if (app_try(mine->base.app, "incident.counts", NULL, &counts, &error) != ERR_OK) {
		json_decref(error);
	}
	handover = json_object_get(counts, "handover");
	if (doc_flag(handover, "mine")) {
		handover_words(book, handover, &title);
		json_array_append_new(mine->rows,
			json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "key", "handover", "id", "",
				"step", "handover", "title", str_text(&title), "allowed", true,
				"explain",
				_("Read what changed since it was given, then accept the shift.")));
	}
	str_release(&title);
	json_decref(counts);
}

/* --- order ---------------------------------------------------------------------------- */

/* A shift to be accepted, then the steps, then one's own drafts. */
static int
group_of(const json_t *row)
{
	return is_handover(row) ? 0 : doc_text(row, "draft")[0] ? 2 : 1;
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
	add_handover(mine);
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

/* --- painting ------------------------------------------------------------------------- */

static void
mine_head(struct screen *screen, struct head *head)
{
	struct mine *mine = self(screen);
	char number[16];

	snprintf(number, sizeof(number), "%d", mine->list.n);
	str_say(&head->state, mine->more ? _("{n} and more wait for you") : _("{n} wait for you"),
		&(struct str_arg){ "n", number }, 1);
	str_addf(&head->state_right, "%s%s", _("sort: "), _("next due"));
}

/* "Apply: M1 text", "Acknowledge": what is to be done. */
static void
add_what(struct book *book, const json_t *row, struct str *out)
{
	const json_t *cell = json_object_get(row, "cell");

	if (doc_text(row, "draft")[0]) {
		bool report = strcmp(doc_text(row, "form"), "report") == 0;

		str_addf(out, "%s", report ? _("finish and send") : _("finish: "));
		str_add(out, report ? "" : book_step(book, doc_text(row, "form")));
		return;
	}
	if (cell) {
		str_addf(out, "%s: ", doc_text(cell, "measure"));
	}
	str_add(out, book_step(book, doc_text(row, "step")));
}

static void
paint_row(struct mine *mine, struct canvas *c, int at, const json_t *row)
{
	struct book *book = &mine->base.app->book;
	struct board_layout l = board_layout_for(c->cols < 60 ? 60 : c->cols, 20);
	int what_cols = l.waiting_cols + (c->cols < 72 ? 4 : 10);
	const json_t *cell = json_object_get(row, "cell");
	const char *draft = doc_text(row, "draft");
	bool major = strcmp(doc_text(row, "major"), "yes") == 0;
	bool late = doc_flag(row, "overdue");
	enum role role = major ? ROLE_MAJOR : late ? ROLE_OVERDUE : ROLE_TEXT;
	struct str what = STR_INIT;
	char left[STAMP_SIZE];

	book_left(book, doc_time(row, "due_at"), left);
	board_paint_due(c, at, draft[0] ? ROLE_QUIET : role,
		draft[0]        ? _("D")
			: major ? "!!"
			: late  ? "!"
				: "",
		left);
	(void)paint_text(c, (struct place){ at, BOARD_COL_ID, BOARD_ID_COLS }, ROLE_TEXT,
		!draft[0]                             ? doc_text(row, "id")
			: doc_text(row, "subject")[0] ? doc_text(row, "subject")
						      : draft);
	add_what(book, row, &what);
	(void)paint_words(c, (struct place){ at, BOARD_COL_CLASS, what_cols },
		draft[0] || doc_flag(row, "allowed") ? ROLE_TEXT : ROLE_QUIET, str_text(&what));
	(void)paint_text(c, (struct place){ at, BOARD_COL_CLASS + what_cols + 1, 0 }, ROLE_TEXT,
		cell ? doc_text(cell, "text") : doc_text(row, "title"));
	str_release(&what);
}

static void
paint_headings(struct canvas *c)
{
	struct board_layout l = board_layout_for(c->cols < 60 ? 60 : c->cols, 20);
	int what_cols = l.waiting_cols + (c->cols < 72 ? 4 : 10);

	paint_right(c, (struct place){ 0, BOARD_COL_DUE, BOARD_DUE_COLS }, ROLE_HEAD, _("DUE IN"));
	(void)paint_text(c, (struct place){ 0, BOARD_COL_ID, BOARD_ID_COLS }, ROLE_HEAD, _("ID"));
	(void)paint_text(
		c, (struct place){ 0, BOARD_COL_CLASS, what_cols }, ROLE_HEAD, _("WHAT TO DO"));
	(void)paint_text(
		c, (struct place){ 0, BOARD_COL_CLASS + what_cols + 1, 0 }, ROLE_HEAD, _("TITLE"));
}

/* Why nothing is here; for who never takes a step, what they have instead. */
static void
paint_empty(struct mine *mine, struct canvas *c)
{
	const json_t *roles = doc_list(book_my_record(&mine->base.app->book), "roles");
	const char *text = _("Nothing waits for you. What you are asked to do appears here by "
			     "itself; 1 shows the duty board.");

	if (doc_holds(roles, "auditor")) {
		text = _("Nothing waits for you: auditors take no step in a case. 1 shows the "
			 "duty board with every case you may read.");
	} else if (doc_holds(roles, "admin") && !doc_holds(roles, "staff")) {
		text = _("Nothing waits for you: administrators take no step in a case. "
			 "What the desk itself needs is said by 'toban doctor'.");
	}
	(void)paint_wrapped(c, (struct place){ 2, 3, c->cols - 6 }, (struct wrap){ .rows = 4 },
		ROLE_TEXT, text);
}

/* What the step means, by when, and what Enter does. */
static void
paint_detail(struct mine *mine, struct canvas *c, const json_t *row)
{
	struct book *book = &mine->base.app->book;
	const json_t *cell = json_object_get(row, "cell");
	int cols = c->cols - 2 < DETAIL_COLS_MOST ? c->cols - 2 : DETAIL_COLS_MOST;
	struct str text = STR_INIT;
	struct str due = STR_INIT;
	int at = 1;

	if (doc_text(row, "draft")[0]) {
		str_addf(&text, "%s  ", doc_text(row, "draft"));
	} else {
		str_addf(&text, "%s%s", doc_text(row, "id"), is_handover(row) ? "" : "  ");
	}
	str_add(&text, doc_text(row, "title"));
	if (doc_time(row, "due_at") != STAMP_NONE) {
		str_addf(&due, "%s ", _("due"));
		book_time_full(book, doc_time(row, "due_at"), &due);
	}
	paint_right(c, (struct place){ 0, 1, c->cols - 3 },
		doc_flag(row, "overdue") ? ROLE_OVERDUE : ROLE_TEXT, str_text(&due));
	(void)paint_words(c, (struct place){ 0, 1, c->cols - 5 - paint_width(str_text(&due)) },
		ROLE_HEAD, str_text(&text));
	str_clear(&text);
	if (cell) {
		str_addf(&text, "%s x %s: %s", doc_text(cell, "measure"),
			book_department(book, doc_text(cell, "department")),
			doc_text(cell, "text"));
		(void)paint_words(
			c, (struct place){ at++, 1, c->cols - 3 }, ROLE_TEXT, str_text(&text));
		str_clear(&text);
	}
	if (doc_text(row, "draft")[0]) {
		str_add(&text,
			_("A draft of yours. Nobody has been told yet; Enter continues it."));
	} else {
		str_add(&text,
			doc_flag(row, "allowed") ? doc_words_of(row, "explain")
						 : doc_words_of(row, "why"));
	}
	at += paint_wrapped(c, (struct place){ at, 1, cols }, (struct wrap){ .rows = c->rows - 1 },
		ROLE_TEXT, str_text(&text));
	str_release(&text);
	str_release(&due);
}

static void
mine_paint(struct screen *screen, struct canvas *c)
{
	struct mine *mine = self(screen);
	int rows = c->rows - DETAIL_ROWS - 2;
	int top = list_view(&mine->list, rows);
	struct canvas detail =
		paint_part(c, (struct place){ c->rows - DETAIL_ROWS, 0, 0 }, DETAIL_ROWS);

	if (mine->list.n == 0) {
		paint_empty(mine, c);
		paint_part_done(c, &detail);
		return;
	}
	paint_headings(c);
	for (int i = 0; i < rows && top + i < mine->list.n; i++) {
		paint_row(mine, c, i + 1, json_array_get(mine->rows, (size_t)(top + i)));
		if (top + i == mine->list.selected) {
			paint_fill(c, (struct place){ i + 1, 0, 1 }, ROLE_SELECTED, ">");
			paint_caret(c, i + 1, 0, false);
		}
	}
	paint_rule(c, c->rows - DETAIL_ROWS - 1);
	paint_detail(mine, &detail, selected(mine));
	paint_part_done(c, &detail);
}

/* --- keys ------------------------------------------------------------------------------ */

static bool
mine_key(struct screen *screen, const struct key *key)
{
	struct mine *mine = self(screen);

	if (!list_key(&mine->list, key->code)) {
		return false;
	}
	if (selected(mine)) {
		list_anchor(&mine->list, row_key(mine->rows, mine->list.selected));
	}
	return true;
}

static void
do_run(struct screen *screen)
{
	const json_t *row = selected(self(screen));
	const json_t *cell = json_object_get(row, "cell");
	const char *draft = doc_text(row, "draft");

	if (!row) {
		return;
	}
	if (is_handover(row)) {
		handover_open(screen->app);
		return;
	}
	if (draft[0] && strcmp(doc_text(row, "form"), "report") == 0) {
		report_open(screen->app, draft);
	} else if (draft[0]) {
		stepform_resume(screen->app, draft);
	} else if (cell) {
		rollout_open_at(screen->app, doc_text(row, "id"), doc_text(cell, "measure"),
			doc_text(cell, "department"));
	} else {
		stepform_open(screen->app, doc_text(row, "id"), doc_text(row, "step"), NULL);
	}
}

/* The case of the marked row; "" for the draft of a report and for a shift. */
static const char *
case_of(const json_t *row)
{
	if (is_handover(row)) {
		return "";
	}
	return doc_text(row, doc_text(row, "draft")[0] ? "subject" : "id");
}

static void
case_run(struct screen *screen)
{
	const char *id = case_of(selected(self(screen)));

	if (id[0]) {
		incident_open(screen->app, id);
	}
}

static void
actions_run(struct screen *screen)
{
	const char *id = case_of(selected(self(screen)));

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
	const char *id = doc_text(selected(self(screen)), "id");

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
