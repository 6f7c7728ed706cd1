/* SPDX-License-Identifier: MIT */
/*
 * A page of text to read.
 */
#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "toban/base/text.h"

enum { MORE_COLS = 5 }; /* the dots at the end of a page that goes on, a blank around them */

static void
clear(struct page *page)
{
	for (size_t i = 0; i < page->n; i++) {
		free(page->lines[i].text);
	}
	page->n = 0;
}

void
page_begin(struct page *page, int cols, int label_cols)
{
	clear(page);
	page->cols = cols;
	page->label_cols = label_cols;
}

/* Takes over `text`.  Without memory a line is missing from the page. */
static void
add_line(struct page *page, enum role role, int col, char *text)
{
	if (page->n == page->cap) {
		size_t cap = page->cap ? page->cap * 2 : 64;
		struct page_line *lines = realloc(page->lines, cap * sizeof(*lines));

		if (!lines) {
			free(text);
			return;
		}
		page->lines = lines;
		page->cap = cap;
	}
	page->lines[page->n++] = (struct page_line){ role, col, text };
}

static void
add_wrapped(struct page *page, enum role role, int col, const char *text)
{
	struct str shown = STR_INIT;
	struct text_row *rows = NULL;
	size_t n = 0;
	int cols = page->cols - col - 1;

	text_show(&shown, text, strlen(text), TEXT_KEEP_NEWLINE);
	if (text_wrap(str_text(&shown), shown.len, cols < 8 ? 8 : cols, &rows, &n) == ERR_OK) {
		for (size_t i = 0; i < n; i++) {
			add_line(page, role, col,
				strndup(str_text(&shown) + rows[i].start,
					rows[i].end - rows[i].start));
		}
		free(rows);
	}
	str_release(&shown);
}

void
page_heading(struct page *page, const char *text)
{
	add_wrapped(page, ROLE_HEAD, 1, text);
}

void
page_text(struct page *page, enum role role, const char *text)
{
	add_wrapped(page, role, 3, text);
}

void
page_gap(struct page *page)
{
	if (page->n > 0) {
		add_line(page, ROLE_TEXT, 0, strdup(""));
	}
}

int
page_value_cols(const struct page *page)
{
	int cols = page->cols - (3 + page->label_cols) - 1;

	return cols < 8 ? 8 : cols;
}

void
page_field_in(struct page *page, enum role role, const char *label, const char *value)
{
	size_t first = page->n;
	int col = 3 + page->label_cols;

	add_wrapped(page, role, col, value && value[0] ? value : "-");
	if (first < page->n) {
		/* The label is a line of its own painted on the same row: col < 0. */
		add_line(page, ROLE_QUIET, -1 - (int)(page->n - first), strdup(label));
	}
}

void
page_field(struct page *page, const char *label, const char *value)
{
	page_field_in(page, ROLE_TEXT, label, value);
}

/* Rows of the page: labels share a row with their value. */
static int
count_rows(const struct page *page)
{
	int rows = 0;

	for (size_t i = 0; i < page->n; i++) {
		rows += page->lines[i].col >= 0;
	}
	return rows;
}

/* The row a line is painted on. */
static int
row_of(const struct page *page, size_t at)
{
	int row = 0;

	for (size_t i = 0; i < at; i++) {
		row += page->lines[i].col >= 0;
	}
	return page->lines[at].col >= 0 ? row : row - (-1 - page->lines[at].col);
}

void
page_paint(struct page *page, struct canvas *c)
{
	int total = count_rows(page);
	bool more;
	int row;

	page->rows = c->rows;
	if (page->top > total - c->rows) {
		page->top = total - c->rows;
	}
	if (page->top < 0) {
		page->top = 0;
	}
	more = page->top + c->rows < total;
	row = -page->top;
	for (size_t i = 0; i < page->n; i++) {
		const struct page_line *line = &page->lines[i];

		if (line->col < 0) {
			int up = -1 - line->col;

			(void)paint_text(c, (struct place){ row - up, 3, page->label_cols - 1 },
				line->role, line->text);
			continue;
		}
		/* Dots painted over a wide character would leave half of it in the window. */
		(void)paint_text(c,
			(struct place){ row, line->col,
				more && row == c->rows - 1 ? c->cols - MORE_COLS - line->col : 0 },
			line->role, line->text);
		row++;
	}
	if (more) {
		paint_right(c, (struct place){ c->rows - 1, 0, c->cols - 1 }, ROLE_QUIET, "...");
	}
	paint_caret(c, 0, 0, false);
	if (page->found > 0 && page->found <= page->n) {
		row = row_of(page, page->found - 1) - page->top;
		(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, ">");
		paint_caret(c, row, 0, false);
	}
}

bool
page_key(struct page *page, int code)
{
	int step = page->rows > 1 ? page->rows - 1 : 1;

	switch (code) {
	case K_UP:
	case 'k':
		page->top--;
		return true;
	case K_DOWN:
	case 'j':
		page->top++;
		return true;
	case K_PGUP:
	case K_CTRL('U'):
		page->top -= step;
		return true;
	case K_PGDN:
	case K_CTRL('D'):
	case ' ':
		page->top += step;
		return true;
	case K_HOME:
	case 'g':
		page->top = 0;
		return true;
	case K_END:
	case 'G':
		page->top = (int)page->n;
		return true;
	default:
		return false;
	}
}

static bool
line_holds(const struct page_line *line, const char *folded)
{
	struct str text = STR_INIT;
	bool found;

	text_fold(&text, line->text, strlen(line->text));
	found = strstr(str_text(&text), folded) != NULL;
	str_release(&text);
	return found;
}

bool
page_find(struct page *page, const char *folded, int by)
{
	size_t from = page->found > 0 ? page->found - 1 : by > 0 ? page->n - 1 : 0;

	for (size_t step = 1; step <= page->n; step++) {
		size_t at = (by > 0 ? from + step : from + page->n - step) % page->n;

		if (line_holds(&page->lines[at], folded)) {
			page->found = at + 1;
			page->top = row_of(page, at) - page->rows / 2;
			return true;
		}
	}
	return false;
}

void
page_release(struct page *page)
{
	clear(page);
	free(page->lines);
	*page = (struct page){ 0 };
}
