/* SPDX-License-Identifier: MIT */
/*
 * What the screens of a handover share.
 */
#ifndef TOBAN_SRC_UI_HANDOVER_H
#define TOBAN_SRC_UI_HANDOVER_H

#include <jansson.h>

#include "page.h"

struct app;
struct book;

/* What is painted of a shift; documents are borrowed. */
struct handover_view {
	const json_t *sheet; /* handover.sheet: as of now */
	const json_t *given; /* handover.show of the one that waits; NULL: none waits */
	const json_t *past;  /* handover.list */
};

/* The cases, and what is handed over already, into one page; the rest into the other. */
void handover_paint_cases(struct book *book, const struct handover_view *view, struct page *page);
void handover_paint_rest(struct book *book, const struct handover_view *view, struct page *page);

/* "山田 > 佐藤 22:41": who hands over to whom, since when. */
void handover_words(struct book *book, const json_t *handover, struct str *out);

/* Writes the remark and hands over; or the reason for accepting in another's place. */
void handover_give_open(struct app *app);
void handover_reason_open(struct app *app);

#endif
