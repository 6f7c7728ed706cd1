/* SPDX-License-Identifier: MIT */
/*
 * What the help looks like: two columns where there is room, one below the
 * other where there is not; what the selected line does; what the marks mean.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "help.h"
#include "registry.h"
#include "step_row.h"
#include "toban/base/i18n.h"

enum {
	TWO_FROM = 70,      /* columns from which there are two */
	SENTENCE_FROM = 44, /* columns of text from which it is the sentence, not the label */
	KEY_COLS = 13,
	DETAIL_ROWS = 3,
	LEGEND_ROWS = 3,
	LEGEND_FROM = 17, /* rows from which the legend is shown */
	LINES_MAX = 160,
	BLANK = -100, /* a line that is neither a row nor a heading */
};

/* What stands in one column: row numbers, headings and blank lines. */
struct column {
	int lines[LINES_MAX];
	int n;
};

static int
heading(enum help_section section)
{
	return -1 - (int)section;
}

static void
column_add(struct column *column, int line)
{
	if (column->n < LINES_MAX) {
		column->lines[column->n++] = line;
	}
}

/* Adds the rows of a section below its heading; nothing when there are none. */
static void
column_fill(struct column *column, const struct help *help, enum help_section section)
{
	bool begun = false;

	for (int i = 0; i < help->n; i++) {
		if (help->rows[i].section != section) {
			continue;
		}
		if (!begun) {
			if (column->n > 0) {
				column_add(column, BLANK);
			}
			column_add(column, heading(section));
			begun = true;
		}
		column_add(column, i);
	}
}

static int
column_find(const struct column *column, int row)
{
	for (int i = 0; i < column->n; i++) {
		if (column->lines[i] == row) {
			return i;
		}
	}
	return -1;
}

void
help_reason(struct help *help, const struct help_row *row, struct str *out)
{
	if (row->action) {
		(void)action_refused(help->below, row->action, out);
	} else {
		step_row_reason(help->base.app, row->step, out);
	}
}

static void
row_keys(const struct help *help, const struct help_row *row, struct str *out)
{
	if (!row->action) {
		str_addf(out, "a %s", doc_text(row->step, "key"));
		return;
	}
	if (row->action->key == K_NONE) {
		str_addf(out, ":%s", row->action->name);
		return;
	}
	key_label(out, keymap_key(&help->base.app->keymap, row->action));
	if (keymap_alias(&help->base.app->keymap, row->action)) {
		str_add_char(out, ' ');
		key_label(out, row->action->alias);
	}
}

static void
row_words(const struct help_row *row, int cols, struct str *out)
{
	const char *words = !row->action ? doc_words_of(row->step, "label")
		: cols >= SENTENCE_FROM  ? _(row->action->help)
					 : _(row->action->label);

	str_addf(out, row->refused ? "(%s)" : "%s", words);
}

static void
paint_row(struct help *help, struct canvas *c, struct place at, int i)
{
	const struct help_row *row = &help->rows[i];
	bool selected = i == help->list.selected;
	enum role role = row->refused ? ROLE_QUIET : ROLE_TEXT;
	int cols = at.cols - KEY_COLS - 2;
	struct str keys = STR_INIT;
	struct str words = STR_INIT;

	row_keys(help, row, &keys);
	row_words(row, cols, &words);
	if (selected) {
		(void)paint_text(c, (struct place){ at.row, at.col, 1 }, ROLE_SELECTED, ">");
	}
	(void)paint_text(c, (struct place){ at.row, at.col + 2, KEY_COLS - 1 },
		row->refused ? ROLE_QUIET : ROLE_HEAD, str_text(&keys));
	(void)paint_words(c, (struct place){ at.row, at.col + 2 + KEY_COLS, cols },
		selected ? ROLE_SELECTED : role, str_text(&words));
	str_release(&keys);
	str_release(&words);
}

static const char *
section_title(const struct help *help, enum help_section section, struct str *title)
{
	static const char *const titles[] = {
		[HELP_SCREEN] = N_("THIS SCREEN"),
		[HELP_STEPS] = N_("STEPS OF {id}"),
		[HELP_EVERYWHERE] = N_("EVERYWHERE"),
	};

	str_say(title, _(titles[section]), &(struct str_arg){ "id", doc_text(help->steps, "id") },
		1);
	return str_text(title);
}

static void
paint_line(struct help *help, struct canvas *c, struct place at, int line)
{
	if (line >= 0) {
		paint_row(help, c, at, line);
	} else if (line != BLANK) {
		struct str title = STR_INIT;

		(void)paint_text(c, (struct place){ at.row, at.col + 2, at.cols - 2 }, ROLE_TITLE,
			section_title(help, (enum help_section)(-1 - line), &title));
		str_release(&title);
	}
}

/* Scrolls so that the selected line is in view, its heading above it when it is the first. */
static void
scroll(struct help *help, const struct column columns[2], int rows)
{
	int longest = columns[0].n > columns[1].n ? columns[0].n : columns[1].n;
	int at = column_find(&columns[0], help->list.selected);

	if (at < 0) {
		at = column_find(&columns[1], help->list.selected);
	}
	if (at <= help->top) {
		help->top = at > 0 ? at - 1 : 0;
	} else if (at >= help->top + rows) {
		help->top = at - rows + 1;
	}
	if (help->top > longest - rows) {
		help->top = longest > rows ? longest - rows : 0;
	}
}

static void
paint_columns(struct help *help, struct canvas *c, int first, int rows)
{
	struct column columns[2] = { { .n = 0 }, { .n = 0 } };
	int width = help->two ? (c->cols - 2) / 2 : c->cols;

	column_fill(&columns[help->two], help, HELP_SCREEN);
	column_fill(&columns[help->two], help, HELP_STEPS);
	column_fill(&columns[0], help, HELP_EVERYWHERE);
	scroll(help, columns, rows);
	help->list.rows = rows;
	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < rows && help->top + i < columns[k].n; i++) {
			struct place at = { first + i, k * (width + 2), width };

			paint_line(help, c, at, columns[k].lines[help->top + i]);
		}
	}
}

/* What the selected line does, and by which name `:` knows it; or why it cannot be done. */
static void
paint_detail(struct help *help, struct canvas *c, int row)
{
	const struct help_row *selected = &help->rows[help->list.selected];
	struct str text = STR_INIT;

	if (help->n == 0) {
		str_add(&text, _("Nothing here has these words. Esc closes the help."));
	} else if (selected->refused) {
		help_reason(help, selected, &text);
	} else if (selected->action) {
		str_addf(&text, "%s  (:%s)", _(selected->action->help), selected->action->name);
	} else {
		str_add(&text, doc_words_of(selected->step, "explain"));
	}
	(void)paint_wrapped(c, (struct place){ row, 2, c->cols - 3 },
		(struct wrap){ .rows = DETAIL_ROWS }, ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static void
paint_legend(struct canvas *c, int row)
{
	static const char *const lines[LEGEND_ROWS] = {
		N_("!! major accident   ! overdue   * waits for you   > selected   D draft"),
		N_("Arrows, PgUp, PgDn, Home and End move; j k g G as well. Ctrl-L redraws."),
		N_("In brackets: not now, or another role's. Enter says why, and who can."),
	};

	for (int i = 0; i < LEGEND_ROWS; i++) {
		(void)paint_words(
			c, (struct place){ row + i, 2, c->cols - 3 }, ROLE_QUIET, _(lines[i]));
	}
}

void
help_paint(struct screen *screen, struct canvas *c)
{
	struct help *help = (struct help *)screen;
	bool roomy = c->rows >= LEGEND_FROM;
	int first = roomy ? 2 : 1;
	int bottom = c->rows - DETAIL_ROWS - (roomy ? LEGEND_ROWS + 2 : 1);
	int col;

	help->two = c->cols >= TWO_FROM;
	paint_columns(help, c, first, bottom - first);
	paint_rule(c, bottom);
	paint_detail(help, c, bottom + 1);
	if (roomy) {
		paint_rule(c, bottom + 1 + DETAIL_ROWS);
		paint_legend(c, bottom + 2 + DETAIL_ROWS);
	}
	col = 2 + paint_text(c, (struct place){ 0, 2, 0 }, ROLE_QUIET, _("find:"));
	edit_paint(&help->find, c, (struct place){ 0, col + 1, c->cols - col - 2 }, 1, true);
}
