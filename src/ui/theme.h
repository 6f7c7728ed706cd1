/* SPDX-License-Identifier: MIT */
/*
 * Roles of text and the attributes they are shown in.  A colour never carries
 * a meaning alone: the markers in the text do.
 */
#ifndef TOBAN_SRC_UI_THEME_H
#define TOBAN_SRC_UI_THEME_H

#include <stdbool.h>

enum role {
	ROLE_TEXT,
	ROLE_MAJOR,   /* crisis, major accident; marker !! */
	ROLE_OVERDUE, /* late; marker ! */
	ROLE_MINE,    /* waits for the person at the screen; marker * */
	ROLE_DONE,    /* done, approved; marker ok */
	ROLE_QUIET,   /* less important, not permitted */
	ROLE_ADDED,
	ROLE_REMOVED,
	ROLE_SELECTED, /* marker > */
	ROLE_TITLE,    /* the first row */
	ROLE_HEAD,     /* column headings */
	ROLE_DRILL,    /* the first row of a drill, the title of a popup */
	ROLE_COUNT
};

struct theme {
	unsigned long attrs[ROLE_COUNT]; /* curses attribute bits, colour pair included */
};

/* Chooses attributes for the terminal curses just started on. */
void theme_init(struct theme *theme, bool no_color);

#endif
