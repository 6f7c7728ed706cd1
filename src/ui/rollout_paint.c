/* SPDX-License-Identifier: MIT */
/*
 * How the roll-out looks: measures down, departments across, sums right and
 * below, and what is known of the marked cell.
 */
#include "rollout.h"

#include <string.h>

#include "app.h"
#include "doc.h"
#include "incident.h"
#include "toban/base/i18n.h"

enum {
	DETAIL_ROWS = 6,
	DETAIL_ROWS_TALL = 14,
	TALL = 34,
	LEGEND_ROWS = 3,
	LEGEND_FROM = 18,
};

static const char *
row_label(const void *ctx, int row)
{
	const json_t *measure = rollout_measure_at(ctx, row);
	struct arena *arena = ((const struct rollout *)ctx)->base.arena;
	const char *label =
		arena_printf(arena, "%s %s", doc_text(measure, "key"), doc_text(measure, "text"));

	return label ? label : "";
}

static const char *
col_label(const void *ctx, int col)
{
	const struct rollout *rollout = ctx;
	const char *id = rollout_department_at(rollout, col);
	const json_t *found =
		doc_find(doc_list(book_org(&rollout->base.app->book), "departments"), "id", id);
	const char *code = doc_text(found, "code");

	return code[0] ? code : id;
}

static bool
is_late(const struct rollout *rollout, const json_t *cell)
{
	stamp due = doc_time(cell, "due_at");

	return due != STAMP_NONE && due < book_now(&rollout->base.app->book) &&
		strcmp(doc_text(cell, "state"), "accepted") != 0;
}

static bool
is_state(const json_t *cell, const char *state)
{
	return strcmp(doc_text(cell, "state"), state) == 0;
}

/* One word for each state; the legend says what it means. */
static const char *
cell_text(const void *ctx, int row, int col, enum role *ret_role)
{
	const struct rollout *rollout = ctx;
	const json_t *cell = rollout_cell_at(rollout, row, col);

	*ret_role = ROLE_TEXT;
	if (!cell) {
		*ret_role = ROLE_QUIET;
		return "-";
	}
	if (is_state(cell, "accepted")) {
		*ret_role = ROLE_DONE;
		return doc_flag(cell, "not_applicable") ? _("n/a") : _("DONE");
	}
	if (is_state(cell, "applied")) {
		return _("check");
	}
	if (is_state(cell, "not-applicable")) {
		return _("n/a?");
	}
	if (is_late(rollout, cell)) {
		*ret_role = ROLE_OVERDUE;
		return _("LATE");
	}
	return is_state(cell, "sent-back") ? _("redo") : _("ask");
}

/* How many cells are accepted, of those asked; -1: all rows or columns. */
static void
count_cells(const struct rollout *rollout, int row, int col, int *ret_done, int *ret_all)
{
	*ret_done = 0;
	*ret_all = 0;
	for (int r = 0; r < rollout->matrix.rows; r++) {
		for (int k = 0; k < rollout->matrix.cols; k++) {
			const json_t *cell = (row < 0 || r == row) && (col < 0 || k == col)
				? rollout_cell_at(rollout, r, k)
				: NULL;

			*ret_all += cell != NULL;
			*ret_done += cell && is_state(cell, "accepted");
		}
	}
}

static const char *
total_text(const void *ctx, int row, int col)
{
	const struct rollout *rollout = ctx;
	const char *text;
	int done;
	int all;

	count_cells(rollout, row, col, &done, &all);
	text = arena_printf(rollout->base.arena, "%d/%d", done, all);
	return text ? text : "";
}

static int
count_late(const struct rollout *rollout)
{
	int late = 0;

	for (int row = 0; row < rollout->matrix.rows; row++) {
		for (int col = 0; col < rollout->matrix.cols; col++) {
			const json_t *cell = rollout_cell_at(rollout, row, col);

			late += cell && is_late(rollout, cell) &&
				(is_state(cell, "asked") || is_state(cell, "sent-back"));
		}
	}
	return late;
}

void
rollout_head(struct screen *screen, struct head *head)
{
	struct rollout *rollout = (struct rollout *)screen;
	int late = count_late(rollout);
	int done;
	int all;

	str_addf(&head->title, "%s  %s", rollout->id, _("Roll-out"));
	head->drill = doc_flag(rollout->show, "drill");
	str_add(&head->state, doc_text(rollout->show, "title"));
	count_cells(rollout, -1, -1, &done, &all);
	str_addf(&head->state_right, "%s %d/%d", _("done"), done, all);
	if (late > 0) {
		str_addf(&head->state_right, "   ! %s %d", _("late"), late);
	}
}

bool
rollout_is_about(const struct rollout *rollout, const json_t *event)
{
	const json_t *fields = json_object_get(json_object_get(event, "body"), "fields");

	return strcmp(doc_text(fields, "measure"),
		       doc_text(rollout_measure_at(rollout, rollout->matrix.row), "key")) == 0 &&
		strcmp(doc_text(fields, "department"),
			rollout_department_at(rollout, rollout->matrix.col)) == 0;
}

/* Who answers for a department: its owner; "" where the organisation names none. */
static const char *
officer_of(struct book *book, const char *department)
{
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(book), "people"), i, person)
	{
		if (strcmp(doc_text(person, "department"), department) == 0 &&
			doc_holds(doc_list(person, "roles"), "owner")) {
			return doc_words_of(person, "name");
		}
	}
	return "";
}

static void
add_cell_head(struct rollout *rollout, const json_t *cell, struct str *out)
{
	struct book *book = &rollout->base.app->book;
	const char *department = rollout_department_at(rollout, rollout->matrix.col);
	const char *officer = officer_of(book, department);
	char at[STAMP_SIZE];

	str_addf(out, "%s x %s   ",
		doc_text(rollout_measure_at(rollout, rollout->matrix.row), "key"),
		book_department(book, department));
	if (!cell) {
		str_add(out, _("this department was not asked"));
		return;
	}
	str_add(out, book_cell(book, doc_text(cell, "state")));
	if (doc_flag(cell, "not_applicable") && is_state(cell, "accepted")) {
		str_addf(out, " (%s)", _("not applicable"));
	}
	if (doc_time(cell, "due_at") != STAMP_NONE) {
		book_time(book, doc_time(cell, "due_at"), at);
		str_addf(out, "   %s%s %s", is_late(rollout, cell) ? "! " : "", _("due"), at);
	}
	if (officer[0]) {
		str_addf(out, "   %s", officer);
	}
}

/* The newest entries about the cell, oldest first. */
static void
paint_history(struct rollout *rollout, struct canvas *c, int row)
{
	struct book *book = &rollout->base.app->book;
	const json_t *log = doc_list(rollout->show, "log");
	size_t first = json_array_size(log);
	int found = 0;

	while (first > 0 && found < c->rows - row) {
		found += rollout_is_about(rollout, json_array_get(log, --first));
	}
	for (size_t i = first; i < json_array_size(log) && found > 0; i++) {
		const json_t *event = json_array_get(log, i);
		struct str text = STR_INIT;
		char at[STAMP_SIZE];

		if (rollout_is_about(rollout, event)) {
			book_time(book, doc_time(event, "at"), at);
			str_addf(&text, "%s  %s  ", at, book_kind(book, doc_text(event, "kind")));
			book_short_person(book, doc_text(event, "actor"), &text);
			str_add(&text, "  ");
			incident_entry_text(book, event, &text);
			(void)paint_cut(c, (struct place){ row++, 3, c->cols - 4 }, ROLE_TEXT,
				str_text(&text));
		}
		str_release(&text);
	}
	if (found == 0) {
		(void)paint_text(c, (struct place){ row, 3, 0 }, ROLE_QUIET,
			_("(no answer of the department yet)"));
	}
}

static void
paint_cell(struct rollout *rollout, struct canvas *c)
{
	const json_t *cell = rollout_cell_at(rollout, rollout->matrix.row, rollout->matrix.col);
	const json_t *measure = rollout_measure_at(rollout, rollout->matrix.row);
	struct str text = STR_INIT;
	int row = 1;

	paint_rule(c, 0);
	add_cell_head(rollout, cell, &text);
	(void)paint_words(c, (struct place){ row++, 1, c->cols - 2 }, ROLE_HEAD, str_text(&text));
	str_clear(&text);
	/* The whole measure: its row may have been too narrow. */
	str_addf(&text, "%s: %s", doc_text(measure, "key"), doc_text(measure, "text"));
	row += paint_wrapped(c, (struct place){ row, 1, c->cols - 2 }, (struct wrap){ .rows = 2 },
		       ROLE_TEXT, str_text(&text)) > 1
		? 2
		: 1;
	str_release(&text);
	if (cell) {
		paint_history(rollout, c, row);
	}
}

/* What the words mean; wrapped, quiet. */
static void
paint_legend(struct canvas *c)
{
	paint_rule(c, 0);
	(void)paint_wrapped(c, (struct place){ 1, 1, c->cols - 2 }, (struct wrap){ .rows = 2 },
		ROLE_QUIET,
		_("DONE accepted   check answered, the office decides   ask no answer yet\n"
		  "LATE past due  redo sent back  n/a not applicable (n/a? claimed)  - not asked"));
}

void
rollout_paint(struct screen *screen, struct canvas *c)
{
	struct rollout *rollout = (struct rollout *)screen;
	struct matrix_model model = { rollout, row_label, col_label, cell_text, total_text,
		_("MEASURE"), _("done") };
	int legend = c->rows >= LEGEND_FROM ? LEGEND_ROWS : 0;
	int rows = c->rows >= TALL ? DETAIL_ROWS_TALL : DETAIL_ROWS;
	struct canvas table = paint_part(c, (struct place){ 0, 0, 0 }, c->rows - rows - legend);
	struct canvas detail = paint_part(c, (struct place){ c->rows - rows - legend, 0, 0 }, rows);
	struct canvas below = paint_part(c, (struct place){ c->rows - LEGEND_ROWS, 0, 0 }, legend);

	/* Row labels live for one frame. */
	arena_clear(screen->arena);
	if (rollout->matrix.rows == 0) {
		(void)paint_wrapped(c, (struct place){ 1, 2, c->cols - 4 },
			(struct wrap){ .rows = 3 }, ROLE_TEXT,
			_("No measures yet. After the approval the office plans them."));
	} else {
		matrix_paint(&rollout->matrix, &table, &model);
		paint_cell(rollout, &detail);
	}
	if (legend > 0) {
		paint_legend(&below);
	}
	paint_part_done(c, &table);
	paint_part_done(c, &detail);
	paint_part_done(c, &below);
}
