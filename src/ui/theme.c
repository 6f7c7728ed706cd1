/* SPDX-License-Identifier: MIT */
/*
 * The palette.  The 256-colour entries reach a contrast of about 4:1 on black
 * and on white, so one palette serves dark and light terminals.
 */
#include "theme.h"

#include <curses.h>

struct look {
	short color256; /* -1: the terminal's own */
	short color8;
	attr_t with_color;
	attr_t mono;
};

static const struct look looks[ROLE_COUNT] = {
	[ROLE_TEXT] = { -1, -1, A_NORMAL, A_NORMAL },
	[ROLE_MAJOR] = { 196, COLOR_RED, A_BOLD, A_BOLD | A_REVERSE },
	/* Not bold: yellow of 8 colours would be unreadable on white, and on a board that is
	 * late all over it is a tenth of what a slow line carries. */
	[ROLE_OVERDUE] = { 130, COLOR_YELLOW, A_NORMAL, A_BOLD },
	[ROLE_MINE] = { 63, COLOR_CYAN, A_UNDERLINE, A_UNDERLINE },
	[ROLE_DONE] = { 29, COLOR_GREEN, A_NORMAL, A_NORMAL },
	[ROLE_QUIET] = { 243, -1, A_NORMAL, A_DIM },
	[ROLE_ADDED] = { 29, COLOR_GREEN, A_NORMAL, A_BOLD },
	[ROLE_REMOVED] = { 196, COLOR_RED, A_NORMAL, A_DIM },
	[ROLE_SELECTED] = { -1, -1, A_REVERSE, A_REVERSE },
	[ROLE_TITLE] = { -1, -1, A_BOLD, A_BOLD },
	[ROLE_HEAD] = { -1, -1, A_BOLD, A_BOLD },
	[ROLE_DRILL] = { -1, -1, A_REVERSE, A_REVERSE },
};

static bool
start_colors(bool no_color)
{
	/* Default colours keep the person's own background. */
	return !no_color && has_colors() && start_color() == OK && use_default_colors() == OK;
}

void
theme_init(struct theme *theme, bool no_color)
{
	bool color = start_colors(no_color);

	for (short i = 0; i < ROLE_COUNT; i++) {
		const struct look *look = &looks[i];
		short number = COLORS >= 256 ? look->color256 : look->color8;
		attr_t attrs = look->with_color;

		if (!color) {
			theme->attrs[i] = look->mono;
			continue;
		}
		if (number >= 0 && init_pair((short)(i + 1), number, -1) == OK) {
			attrs |= (attr_t)COLOR_PAIR(i + 1);
		}
		theme->attrs[i] = attrs;
	}
}
