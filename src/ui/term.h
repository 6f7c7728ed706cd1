/* SPDX-License-Identifier: MIT */
/*
 * The terminal: started, asked for its widths, read key by key, and put back
 * as it was.  With theme.c, paint.c and popup.c the only place that sees curses.
 */
#ifndef TOBAN_SRC_UI_TERM_H
#define TOBAN_SRC_UI_TERM_H

#include <stdbool.h>

#include "keys.h"
#include "toban/base/err.h"
#include "toban/base/str.h"
#include "toban/ui/ui.h"

struct term {
	void *screen;      /* SCREEN * */
	struct str paste;  /* text of the paste that is being read or was read last */
	bool pasting;
	bool bracketed;    /* bracketed paste was switched on */
	bool utf8;         /* the terminal draws a kana in two columns */
	bool foreign_term; /* TERM was unknown: xterm-256color was taken */
	long events;       /* keys, pastes and resizes read so far */
};

/*
 * Takes the terminal.  ERR_UNSUPPORTED: it can't position a cursor, or there
 * is none; nothing was changed then.
 */
enum err term_start(struct term *term, const struct ui_options *options);

/* Gives it back; safe after a failed start. */
void term_stop(struct term *term);

/* Reads one key that is already there.  False: none.  *ret_gone: the terminal hung up. */
bool term_read(struct term *term, struct key *ret_key, bool *ret_gone);

/* Takes over the window's size after a SIGWINCH. */
void term_resize(struct term *term);

void term_size(int *ret_rows, int *ret_cols);

/* Leaves to the shell with SIGTSTP, and comes back. */
void term_suspend(struct term *term);

/* Forgets what is on the screen, so that the next frame paints all of it. */
void term_redraw(void);

/* Writes the idle marker of the screen tests. */
void term_mark(const struct term *term);

#endif
