/* SPDX-License-Identifier: MIT */
/*
 * A difference as rows of a page: `-` what was, `+` what is, and beside a
 * change what stayed.
 */
#ifndef TOBAN_SRC_UI_PAGE_DIFF_H
#define TOBAN_SRC_UI_PAGE_DIFF_H

#include "page.h"
#include "toban/print/diff.h"

/*
 * Appends the rows; what stayed and is not beside a change is one row "...".
 * `stop` is called where a change begins, before its rows are added; may be NULL.
 */
void page_diff(struct page *page, const struct diff *diff, void (*stop)(void *ctx), void *ctx);

#endif
