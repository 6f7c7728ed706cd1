/* SPDX-License-Identifier: MIT */
/*
 * A page of text to read: headings, labelled values, paragraphs.  Built anew
 * for each frame from the document, so that it always fits the width.
 */
#ifndef TOBAN_SRC_UI_PAGE_H
#define TOBAN_SRC_UI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "paint.h"

struct page_line {
	enum role role;
	int col;
	char *text;
};

struct page {
	struct page_line *lines;
	size_t n;
	size_t cap;
	int cols; /* width the text is wrapped to */
	int label_cols;
	int top;      /* first line in view */
	int rows;     /* lines in view, as last painted */
	size_t found; /* the line page_find() is at, + 1; 0: none */
};

/* Empties the page for a new frame; scrolling stays. */
void page_begin(struct page *page, int cols, int label_cols);

void page_heading(struct page *page, const char *text);
void page_text(struct page *page, enum role role, const char *text);
void page_gap(struct page *page);

/* "label   value", the value wrapped beside its label.  An empty value shows "-". */
void page_field(struct page *page, const char *label, const char *value);
void page_field_in(struct page *page, enum role role, const char *label, const char *value);

/* Columns a value has before it wraps. */
int page_value_cols(const struct page *page);

void page_paint(struct page *page, struct canvas *c);

/* Scrolling keys; true when used. */
bool page_key(struct page *page, int code);

/*
 * Scrolls to the next (by 1) or previous (by -1) line that holds the folded
 * text, round the end; false: there is none.
 */
bool page_find(struct page *page, const char *folded, int by);

void page_release(struct page *page);

#endif
