/* SPDX-License-Identifier: MIT */
/*
 * How it looks what waits for a person: the list, and what the marked row asks for,
 * below it or beside it.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "board.h"
#include "doc.h"
#include "mine.h"
#include "toban/base/i18n.h"

enum { DETAIL_COLS_MOST = 100 };

void
mine_head(struct screen *screen, struct head *head)
{
	struct mine *mine = (struct mine *)screen;
	char number[16];

	snprintf(number, sizeof(number), "%d", mine->list.n);
	str_say(&head->state,
		mine->more ? _("{n} and more wait for you")
			   : P_("{n} waits for you", "{n} wait for you", mine->list.n),
		&(struct str_arg){ "n", number }, 1);
	str_addf(&head->state_right, "%s%s", _("sort: "), _("next due"));
}

/* "P1: Apply", "Acknowledge": what is to be done; short where the column is. */
static void
add_what(struct book *book, const json_t *row, bool whole, struct str *out)
{
	const json_t *cell = json_object_get(row, "cell");
	const char *step = doc_text(row, "step");

	if (doc_text(row, "draft")[0]) {
		const char *form = doc_text(row, "form");
		bool report = strcmp(form, "report") == 0;

		str_add(out, report ? _("finish and send") : _("finish: "));
		if (!report) {
			str_add(out, whole ? book_step(book, form) : book_short_step(book, form));
		}
		return;
	}
	if (doc_text(row, "what")[0]) {
		str_add(out, doc_text(row, "what"));
		return;
	}
	if (cell) {
		str_addf(out, "%s: ", doc_text(cell, "measure"));
	}
	str_add(out, whole ? book_awaited_step(book, step) : book_short_awaited_step(book, step));
}

/* As much of it as the column has room for. */
static void
add_what_in(struct book *book, const json_t *row, int cols, struct str *out)
{
	add_what(book, row, true, out);
	if (paint_width(str_text(out)) > cols) {
		str_clear(out);
		add_what(book, row, false, out);
	}
}

static void
paint_row(
	struct mine *mine, struct canvas *c, int at, const json_t *row, const struct mine_layout *l)
{
	struct book *book = &mine->base.app->book;
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
	add_what_in(book, row, l->what_cols, &what);
	(void)paint_words(c, (struct place){ at, BOARD_COL_CLASS, l->what_cols },
		draft[0] || doc_flag(row, "allowed") ? ROLE_TEXT : ROLE_QUIET, str_text(&what));
	(void)paint_cut(c, (struct place){ at, l->title_col, 0 }, ROLE_TEXT,
		cell ? doc_text(cell, "text") : doc_text(row, "title"));
	str_release(&what);
}

static void
paint_headings(struct canvas *c, const struct mine_layout *l)
{
	paint_right(c, (struct place){ 0, BOARD_COL_DUE, BOARD_DUE_COLS }, ROLE_HEAD, _("DUE IN"));
	(void)paint_text(c, (struct place){ 0, BOARD_COL_ID, BOARD_ID_COLS }, ROLE_HEAD, _("ID"));
	(void)paint_text(c, (struct place){ 0, BOARD_COL_CLASS, l->what_cols }, ROLE_HEAD,
		_("WHAT TO DO"));
	(void)paint_text(c, (struct place){ 0, l->title_col, 0 }, ROLE_HEAD, _("TITLE"));
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

/* What Enter does, or why it can do nothing. */
static const char *
explain_words(const struct mine *mine, const json_t *row)
{
	if (doc_text(row, "draft")[0]) {
		return _("A draft of yours. Nobody has been told yet; Enter continues it.");
	}
	if (!doc_flag(row, "allowed")) {
		return doc_words_of(row, "why");
	}
	return mine_is_choice(mine, row)
		? _("Say whether the suspicion is confirmed, or that it was none: Enter shows "
		    "both.")
		: doc_words_of(row, "explain");
}

static void
add_heading(const json_t *row, struct str *out)
{
	str_addf(out, "%s%s", doc_text(row, doc_text(row, "draft")[0] ? "draft" : "id"),
		mine_is_apart(row) ? "" : "  ");
	str_add(out, doc_text(row, "title"));
}

static void
add_due(struct book *book, const json_t *row, struct str *out)
{
	if (doc_time(row, "due_at") != STAMP_NONE) {
		str_addf(out, "%s ", _("due"));
		book_time_full(book, doc_time(row, "due_at"), out);
	}
}

static void
add_cell(struct book *book, const json_t *cell, struct str *out)
{
	str_addf(out, "%s x %s: %s", doc_text(cell, "measure"),
		book_department(book, doc_text(cell, "department")), doc_text(cell, "text"));
}

/* What the step means, by when, and what Enter does. */
static void
paint_below(struct mine *mine, struct canvas *c, const json_t *row)
{
	struct book *book = &mine->base.app->book;
	const json_t *cell = json_object_get(row, "cell");
	int cols = c->cols - 2 < DETAIL_COLS_MOST ? c->cols - 2 : DETAIL_COLS_MOST;
	struct str text = STR_INIT;
	struct str due = STR_INIT;
	int at = 1;

	add_heading(row, &text);
	add_due(book, row, &due);
	paint_right(c, (struct place){ 0, 1, c->cols - 3 },
		doc_flag(row, "overdue") ? ROLE_OVERDUE : ROLE_TEXT, str_text(&due));
	(void)paint_words(c, (struct place){ 0, 1, c->cols - 5 - paint_width(str_text(&due)) },
		ROLE_HEAD, str_text(&text));
	if (cell) {
		str_clear(&text);
		add_cell(book, cell, &text);
		(void)paint_words(
			c, (struct place){ at++, 1, c->cols - 3 }, ROLE_TEXT, str_text(&text));
	}
	(void)paint_wrapped(c, (struct place){ at, 1, cols },
		(struct wrap){ .rows = c->rows - at }, ROLE_TEXT, explain_words(mine, row));
	str_release(&text);
	str_release(&due);
}

/* A wrapped text; returns the row below it. */
static int
paint_lines(struct canvas *c, int row, int rows, enum role role, const char *text)
{
	int took = text[0] ? paint_wrapped(c, (struct place){ row, 0, c->cols - 1 },
				     (struct wrap){ .rows = rows }, role, text)
			   : 0;

	return row + (took < rows ? took : rows);
}

/* Of the case: class, state, department, and who else is awaited. */
static int
paint_case(struct book *book, struct canvas *c, int row, const json_t *incident)
{
	struct str text = STR_INIT;

	book_category(book, doc_text(incident, "category"), &text);
	str_addf(&text, "   %s", book_state(book, doc_text(incident, "state")));
	row = paint_lines(c, row, 2, ROLE_TEXT, str_text(&text));
	row = paint_lines(
		c, row, 2, ROLE_TEXT, book_department(book, doc_text(incident, "department")));
	str_release(&text);
	return row + 1;
}

/* The same beside the list, with what is known of the case. */
static void
paint_beside(struct mine *mine, struct canvas *c, const json_t *row)
{
	struct book *book = &mine->base.app->book;
	const json_t *incident = json_object_get(row, "case");
	const json_t *cell = json_object_get(row, "cell");
	struct str text = STR_INIT;
	int at;

	add_heading(row, &text);
	at = paint_lines(c, 0, 3, ROLE_HEAD, str_text(&text));
	at = incident ? paint_case(book, c, at, incident) : at + 1;
	str_clear(&text);
	add_what(book, row, true, &text);
	at = paint_lines(c, at, 2, ROLE_HEAD, mine_is_apart(row) ? "" : str_text(&text));
	str_clear(&text);
	add_due(book, row, &text);
	at = paint_lines(
		c, at, 2, doc_flag(row, "overdue") ? ROLE_OVERDUE : ROLE_TEXT, str_text(&text));
	str_clear(&text);
	if (cell) {
		add_cell(book, cell, &text);
		at = paint_lines(c, at, 3, ROLE_TEXT, str_text(&text));
	}
	at = paint_lines(c, at, 6, ROLE_TEXT, explain_words(mine, row)) + 1;
	if (incident && at + 2 < c->rows) {
		(void)board_paint_waiting(book, c, at, incident);
	}
	str_release(&text);
}

static struct canvas
canvas_of_pane(const struct canvas *c, const struct pane *pane)
{
	return paint_part(c, (struct place){ pane->row, pane->col, pane->cols }, pane->rows);
}

static void
paint_table(struct mine *mine, struct canvas *c, const struct mine_layout *l)
{
	int rows = c->rows - 1;
	int top = list_view(&mine->list, rows);

	paint_headings(c, l);
	for (int i = 0; i < rows && top + i < mine->list.n; i++) {
		paint_row(mine, c, i + 1, json_array_get(mine->rows, (size_t)(top + i)), l);
		if (top + i == mine->list.selected) {
			paint_fill(c, (struct place){ i + 1, 0, 1 }, ROLE_SELECTED, ">");
			paint_caret(c, i + 1, 0, false);
		}
	}
}

void
mine_paint(struct screen *screen, struct canvas *c)
{
	struct mine *mine = (struct mine *)screen;
	struct mine_layout l = mine_layout_for(c->cols, c->rows);
	struct canvas table = canvas_of_pane(c, &l.table);
	struct canvas detail = canvas_of_pane(c, &l.detail);

	if (mine->list.n == 0) {
		paint_empty(mine, c);
	} else if (l.detail.row > 0) {
		paint_table(mine, &table, &l);
		paint_rule(c, l.detail.row - 1);
		paint_below(mine, &detail, mine_selected(mine));
	} else {
		paint_table(mine, &table, &l);
		for (int i = 0; i < l.detail.rows; i++) {
			(void)paint_text(
				c, (struct place){ i, l.detail.col - 2, 1 }, ROLE_TEXT, "|");
		}
		paint_beside(mine, &detail, mine_selected(mine));
	}
	paint_part_done(c, &table);
	paint_part_done(c, &detail);
}
