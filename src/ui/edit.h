/* SPDX-License-Identifier: MIT */
/*
 * The editor of one text: a line that scrolls sideways, or an area that wraps.
 * The text is stored exactly as typed (composed, see text_compose()); what a
 * terminal can't show safely is only *shown* as a mark.
 */
#ifndef TOBAN_SRC_UI_EDIT_H
#define TOBAN_SRC_UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "keys.h"
#include "paint.h"
#include "toban/base/err.h"
#include "toban/base/str.h"
#include "toban/base/text.h"

struct edit_state; /* one step of undo */

struct edit {
	struct str text;
	size_t caret;     /* byte offset, always at a cluster boundary */
	bool area;        /* newlines are allowed */
	size_t max_chars; /* code points; 0: no limit */
	int goal_col;     /* where Up and Down want to stay; -1: take the caret's */
	int cols;         /* width of the last layout */
	int first;        /* first row (area) or column (line) in view */
	struct edit_state *undo;
	size_t n_undo;
	bool typing; /* the last change was typing: the next one joins its undo step */
	/* Layout of the text as shown; rebuilt when `laid_out` is false. */
	bool laid_out;
	struct str shown;
	struct text_row *rows;
	size_t n_rows;
	size_t *raw_at;   /* for each cluster its offset in text ... */
	size_t *shown_at; /* ... and in shown; one more entry than clusters */
	size_t n_clusters;
};

enum edit_reply {
	EDIT_IGNORED, /* not a key of the editor */
	EDIT_MOVED,
	EDIT_CHANGED,
	EDIT_EDGE,    /* Up in the first row, Down in the last: the form moves on */
	EDIT_FULL,    /* the text has reached max_chars; nothing was lost but the new text */
	EDIT_CLEANED, /* changed, but control characters of a paste were left out */
};

void edit_init(struct edit *edit, bool area, size_t max_chars);
void edit_release(struct edit *edit);

/* Replaces the text, puts the caret at its end and forgets undo. */
void edit_set(struct edit *edit, const char *text);
const char *edit_text(const struct edit *edit);

enum edit_reply edit_key(struct edit *edit, const struct key *key);

/* Rows an area needs at `cols` columns. */
int edit_rows(struct edit *edit, int cols);

/*
 * Paints the text into `rows` rows at `at`; with `focus` the caret goes to its
 * place.  Keeps the caret in view.
 */
void edit_paint(struct edit *edit, struct canvas *c, struct place at, int rows, bool focus);

/* edit_view.c: where things are in the laid-out text. */
void edit_layout(struct edit *edit, int cols);
void edit_locate(struct edit *edit, int *ret_row, int *ret_col);
size_t edit_offset_at(struct edit *edit, int row, int col);

#endif
