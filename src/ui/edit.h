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

#include "edit_undo.h"
#include "keys.h"
#include "paint.h"
#include "toban/base/err.h"
#include "toban/base/str.h"
#include "toban/base/text.h"

enum edit_group { GROUP_NONE, GROUP_TYPING, GROUP_DELETING };

struct edit {
	struct str text;
	size_t caret;          /* byte offset, always at a cluster boundary */
	bool area;             /* newlines are allowed */
	size_t max_chars;      /* code points; 0: no limit */
	int goal_col;          /* where Up and Down want to stay; -1: take the caret's */
	int cols;              /* width of the last layout */
	int circle;            /* columns of an ambiguous character then */
	int seen;              /* rows of the last painting */
	int first;             /* first row (area) or column (line) in view */
	struct undo undo;      /* what was done, and what was taken back */
	enum edit_group group; /* what the keys before did: the next of the kind joins their step */
	struct str *killed;    /* what Ctrl-K, Ctrl-U and Ctrl-W cut, for Ctrl-Y; borrowed, may be
				  NULL */
	bool killing;          /* the last key cut: the next cut joins what it cut */
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

/* Replaces the text in one step that can be undone; the limit is not looked at. */
void edit_replace(struct edit *edit, const char *text);

/* The same with bytes from elsewhere, cleaned and cut like a paste; without memory EDIT_FULL. */
enum edit_reply edit_rewrite(struct edit *edit, const char *bytes, size_t len);

enum edit_reply edit_key(struct edit *edit, const struct key *key);

/* The key before the last `behind` bytes in front of the caret, which stays behind them. */
void edit_before(struct edit *edit, size_t behind, const struct key *key);

/* Whoever paused begins a new step of undo. */
void edit_rest(struct edit *edit);

/*
 * Code points in the text, and how many of the `len` bytes there is room for;
 * what is left out of a paste is not counted.
 */
size_t edit_chars(const struct edit *edit);
size_t edit_room(const struct edit *edit, const char *bytes, size_t len);

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

/*
 * edit_word.c: where the word before or behind `pos` begins or ends.  A word is
 * a run of one script: kanji, hiragana and katakana have no blanks between them.
 */
size_t edit_word_left(const char *text, size_t len, size_t pos);
size_t edit_word_right(const char *text, size_t len, size_t pos);

#endif
