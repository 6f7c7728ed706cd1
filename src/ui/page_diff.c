/* SPDX-License-Identifier: MIT */
/*
 * A difference as rows of a page.
 */
#include "page_diff.h"

#include "toban/base/str.h"

static bool
is_change(const struct diff *diff, size_t i)
{
	return i < diff->n && diff->lines[i].kind != DIFF_SAME;
}

static void
add_line(struct page *page, const struct diff_line *line)
{
	static const char *const marks[] = { "", "-", "+" };
	static const enum role roles[] = { ROLE_TEXT, ROLE_REMOVED, ROLE_ADDED };
	struct str text = STR_INIT;

	str_add_n(&text, line->text, line->len);
	page_field_in(page, roles[line->kind], marks[line->kind], str_text(&text));
	str_release(&text);
}

void
page_diff(struct page *page, const struct diff *diff, void (*stop)(void *ctx), void *ctx)
{
	bool gap = false;

	for (size_t i = 0; i < diff->n; i++) {
		bool near = is_change(diff, i) || is_change(diff, i + 1) ||
			(i > 0 && is_change(diff, i - 1));

		if (!near && !gap) {
			page_text(page, ROLE_QUIET, "...");
		}
		gap = !near;
		if (stop && is_change(diff, i) && (i == 0 || !is_change(diff, i - 1))) {
			stop(ctx);
		}
		if (near) {
			add_line(page, &diff->lines[i]);
		}
	}
}
