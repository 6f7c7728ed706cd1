/* SPDX-License-Identifier: MIT */
/*
 * Painting rows: cut to whole clusters by the one width table, then handed to
 * curses, which sends the difference to the last frame.
 */
#include "paint.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/text.h"

static const char more[] = " ..."; /* behind a text that goes on */

/* Latin stays, a run of anything a font without Japanese can't draw becomes [JA n]. */
static void
show_ascii(struct str *out, const char *text, size_t len)
{
	size_t pos = 0;
	size_t run = 0;

	while (pos <= len) {
		bool plain = pos == len || (unsigned char)text[pos] < 0x80;

		if (plain && run > 0) {
			str_addf(out, "[JA %zu]", run);
			run = 0;
		}
		if (pos == len) {
			break;
		}
		if (plain) {
			str_add_char(out, text[pos]);
		} else {
			run++;
		}
		pos = text_next(text, len, pos);
	}
}

static void
show(struct canvas *c, const char *text)
{
	str_clear(&c->shown);
	if (!text) {
		return;
	}
	if (!c->ascii) {
		text_show(&c->shown, text, strlen(text), TEXT_FOLD);
		return;
	}
	str_clear(&c->fitted);
	text_show(&c->fitted, text, strlen(text), TEXT_FOLD);
	show_ascii(&c->shown, str_text(&c->fitted), c->fitted.len);
}

/* Cuts `at` to the canvas; false when nothing of it is inside. */
static bool
clip(const struct canvas *c, struct place *at)
{
	if (at->row < 0 || at->row >= c->rows || at->col < 0 || at->col >= c->cols) {
		return false;
	}
	if (at->cols <= 0 || at->cols > c->cols - at->col) {
		at->cols = c->cols - at->col;
	}
	/* Writing the bottom-right cell of the screen scrolls some terminals. */
	if (c->win == stdscr && c->top + at->row == getmaxy((WINDOW *)c->win) - 1 &&
		c->left + at->col + at->cols >= getmaxx((WINDOW *)c->win)) {
		at->cols--;
	}
	return at->cols > 0;
}

static void
write_fitted(struct canvas *c, struct place at, enum role role, size_t len)
{
	WINDOW *win = c->win;
	attr_t attrs = (attr_t)c->theme->attrs[role];

	wattrset(win, (int)attrs);
	mvwaddnstr(win, c->top + at.row, c->left + at.col, str_text(&c->fitted), (int)len);
	wattrset(win, A_NORMAL);
}

int
paint_text(struct canvas *c, struct place at, enum role role, const char *text)
{
	int width;

	if (!text || text[0] == '\0' || !clip(c, &at)) {
		return 0;
	}
	show(c, text);
	width = text_width(str_text(&c->shown), c->shown.len);
	if (width > at.cols) {
		width = at.cols;
	}
	if (width == 0) {
		return 0;
	}
	str_clear(&c->fitted);
	text_fit(&c->fitted, str_text(&c->shown), c->shown.len, width);
	write_fitted(c, at, role, c->fitted.len);
	return width;
}

/* Bytes of the shown text before the dots, of which `cols` columns may be used. */
static size_t
cut_end(const char *text, size_t len, int cols, bool words)
{
	size_t end = len;
	size_t whole;

	while (end > 0 && text_width(text, end) > cols) {
		end = text_prev(text, len, end);
	}
	whole = end;
	while (words && whole > 0 && text[whole] != ' ') {
		whole = text_prev(text, len, whole);
	}
	/* Half an empty column, or "Ishikawa:" and no more, would say less than a cut word. */
	if (whole > 0 && text[whole - 1] != ':' && text_width(text, whole) >= cols / 2) {
		end = whole;
	}
	while (end > 0 && text[end - 1] == ' ') {
		end--;
	}
	return end;
}

static int
paint_dotted(struct canvas *c, struct place at, enum role role, const char *text, bool words)
{
	const char *dots;
	size_t end;

	if (!text || text[0] == '\0' || !clip(c, &at)) {
		return 0;
	}
	show(c, text);
	if (text_width(str_text(&c->shown), c->shown.len) <= at.cols) {
		return paint_text(c, at, role, text);
	}
	dots = text_dots(at.cols);
	end = cut_end(str_text(&c->shown), c->shown.len, at.cols - (int)strlen(dots), words);
	str_clear(&c->fitted);
	str_add_n(&c->fitted, str_text(&c->shown), end);
	str_add(&c->fitted, dots);
	write_fitted(c, at, role, c->fitted.len);
	return text_width(str_text(&c->fitted), c->fitted.len);
}

int
paint_cut(struct canvas *c, struct place at, enum role role, const char *text)
{
	return paint_dotted(c, at, role, text, false);
}

int
paint_words(struct canvas *c, struct place at, enum role role, const char *text)
{
	return paint_dotted(c, at, role, text, true);
}

void
paint_fill(struct canvas *c, struct place at, enum role role, const char *text)
{
	if (!clip(c, &at)) {
		return;
	}
	show(c, text ? text : "");
	str_clear(&c->fitted);
	text_fit(&c->fitted, str_text(&c->shown), c->shown.len, at.cols);
	write_fitted(c, at, role, c->fitted.len);
}

void
paint_right(struct canvas *c, struct place at, enum role role, const char *text)
{
	int width;

	if (!clip(c, &at)) {
		return;
	}
	width = paint_width(text);
	if (width < at.cols) {
		at.col += at.cols - width;
		at.cols = width;
	}
	(void)paint_text(c, at, role, text);
}

int
paint_spans(struct canvas *c, struct place at, const struct span *spans, size_t n)
{
	int end = at.cols > 0 ? at.col + at.cols : c->cols;
	int col = at.col;

	for (size_t i = 0; i < n && col < end; i++) {
		int room = end - col;
		int cols = spans[i].cols > 0 && spans[i].cols < room ? spans[i].cols : room;
		int took = paint_text(
			c, (struct place){ at.row, col, cols }, spans[i].role, spans[i].text);

		col += spans[i].cols > 0 ? spans[i].cols : took;
	}
	return col < end ? col : end;
}

void
paint_rule(struct canvas *c, int row)
{
	struct place at = { row, 0, 0 };

	if (!clip(c, &at)) {
		return;
	}
	str_clear(&c->fitted);
	str_add_repeat(&c->fitted, '-', (size_t)at.cols);
	write_fitted(c, at, ROLE_QUIET, c->fitted.len);
}

/* The last row there is room for: nobody must take half a text for the whole. */
static void
paint_cut_row(struct canvas *c, struct place at, enum role role, const char *text)
{
	size_t len = strlen(text);
	struct str row = STR_INIT;

	str_add_n(&row, text, cut_end(text, len, at.cols - (int)strlen(more), true));
	str_add(&row, more);
	(void)paint_text(c, at, role, str_text(&row));
	str_release(&row);
}

int
paint_wrapped(struct canvas *c, struct place at, struct wrap wrap, enum role role, const char *text)
{
	struct text_row *rows = NULL;
	struct str whole = STR_INIT;
	size_t n = 0;

	if (at.cols <= 0 || at.cols > c->cols - at.col) {
		at.cols = c->cols - at.col;
	}
	if (at.cols < 2) {
		return 0;
	}
	text_show(&whole, text ? text : "", text ? strlen(text) : 0, TEXT_KEEP_NEWLINE);
	if (text_wrap(str_text(&whole), whole.len, at.cols, &rows, &n) == ERR_OK) {
		for (size_t i = 0; i < n && i < (size_t)wrap.rows; i++) {
			char *row = strndup(
				str_text(&whole) + rows[i].start, rows[i].end - rows[i].start);

			if (i + 1 == (size_t)wrap.rows && i + 1 < n) {
				paint_cut_row(c, at, role, row ? row : "");
			} else {
				(void)paint_text(c, at, role, row);
			}
			free(row);
			at.row++;
		}
		free(rows);
	}
	str_release(&whole);
	return (int)n;
}

int
paint_wrap_rows(const char *text, int cols)
{
	struct text_row *rows = NULL;
	struct str whole = STR_INIT;
	size_t n = 1;

	text_show(&whole, text ? text : "", text ? strlen(text) : 0, TEXT_KEEP_NEWLINE);
	if (cols >= 2 && text_wrap(str_text(&whole), whole.len, cols, &rows, &n) == ERR_OK) {
		free(rows);
	}
	str_release(&whole);
	return (int)n;
}

void
paint_caret(struct canvas *c, int row, int col, bool on)
{
	if (row < 0 || row >= c->rows) {
		return;
	}
	c->caret_row = c->top + row;
	c->caret_col = c->left + (col < c->cols ? col : c->cols - 1);
	c->caret_on = on;
}

int
paint_width(const char *text)
{
	struct str shown = STR_INIT;
	int width;

	if (!text) {
		return 0;
	}
	text_show(&shown, text, strlen(text), TEXT_FOLD);
	width = text_width(str_text(&shown), shown.len);
	str_release(&shown);
	return width;
}

struct canvas
paint_part(const struct canvas *c, struct place at, int rows)
{
	struct canvas part = *c;

	part.top = c->top + at.row;
	part.left = c->left + at.col;
	part.rows = rows < c->rows - at.row ? rows : c->rows - at.row;
	part.cols = at.cols > 0 && at.cols < c->cols - at.col ? at.cols : c->cols - at.col;
	part.caret_row = -1;
	part.shown = (struct str)STR_INIT;
	part.fitted = (struct str)STR_INIT;
	return part;
}

void
paint_part_done(struct canvas *c, struct canvas *part)
{
	if (part->caret_row >= 0) {
		c->caret_row = part->caret_row;
		c->caret_col = part->caret_col;
		c->caret_on = part->caret_on;
	}
	paint_release(part);
}

void
paint_release(struct canvas *c)
{
	str_release(&c->shown);
	str_release(&c->fitted);
}
