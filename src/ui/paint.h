/* SPDX-License-Identifier: MIT */
/*
 * Painting a window row by row.  All text passes text_show() and text_fit()
 * here, so no screen can cut a wide character in half or let a stored text
 * command the terminal.
 */
#ifndef TOBAN_SRC_UI_PAINT_H
#define TOBAN_SRC_UI_PAINT_H

#include <stdbool.h>
#include <stddef.h>

#include "theme.h"
#include "toban/base/str.h"

/* A part of a window; coordinates of everything below are relative to it. */
struct canvas {
	void *win; /* WINDOW *, kept opaque so that screens need no curses */
	const struct theme *theme;
	int top;
	int left;
	int rows;
	int cols;
	bool ascii;    /* no Japanese on this terminal: show [JA n] */
	int caret_row; /* where the cursor rests after the frame, in the window; -1: hidden */
	int caret_col;
	bool caret_on;
	struct str shown;
	struct str fitted;
};

struct place {
	int row;
	int col;
	int cols; /* at most; the text is cut to whole clusters */
};

/* One piece of a row: `cols` 0 means as wide as the text. */
struct span {
	int cols;
	enum role role;
	const char *text;
};

/* Paints `text` at `at`; returns the columns it took.  Outside the canvas: nothing. */
int paint_text(struct canvas *c, struct place at, enum role role, const char *text);

/* The same of what people wrote: a text that is too long ends with dots. */
int paint_cut(struct canvas *c, struct place at, enum role role, const char *text);

/* The same, but before the dots it ends after a whole word where it can. */
int paint_words(struct canvas *c, struct place at, enum role role, const char *text);

/* Paints text with the whole width filled in the role's attributes. */
void paint_fill(struct canvas *c, struct place at, enum role role, const char *text);

/* Paints the text so that it ends at the last column of `at`. */
void paint_right(struct canvas *c, struct place at, enum role role, const char *text);

/* Paints pieces one after the other; returns the column after the last. */
int paint_spans(struct canvas *c, struct place at, const struct span *spans, size_t n);

/* A rule of '-' over the whole row. */
void paint_rule(struct canvas *c, int row);

/*
 * Paints wrapped text from `at` on, at most `rows` rows; the last one ends with
 * dots when the text goes on.  Returns how many rows the whole text has.
 */
struct wrap {
	int rows;
};
int paint_wrapped(
	struct canvas *c, struct place at, struct wrap wrap, enum role role, const char *text);

/* Rows `text` takes at `cols` columns. */
int paint_wrap_rows(const char *text, int cols);

/* Puts the visible caret, or with `on` false only the hidden cursor. */
void paint_caret(struct canvas *c, int row, int col, bool on);

/* Columns `text` takes when shown. */
int paint_width(const char *text);

/* A part of `c`; paint into it and give it back to paint_part_done(). */
struct canvas paint_part(const struct canvas *c, struct place at, int rows);
void paint_part_done(struct canvas *c, struct canvas *part);

void paint_release(struct canvas *c);

#endif
