/* SPDX-License-Identifier: MIT */
/*
 * The terminal: started, asked for its widths, and put back as it was; keyboard.h
 * reads it key by key.  With theme.c, paint.c and popup.c the only place that sees curses.
 */
#ifndef TOBAN_SRC_UI_TERMINAL_H
#define TOBAN_SRC_UI_TERMINAL_H

#include <stdbool.h>

#include "keyboard.h"
#include "toban/base/err.h"
#include "toban/ui/ui.h"

struct terminal {
	void *screen; /* SCREEN * */
	struct keyboard keyboard;
	bool bracketed;    /* bracketed paste was switched on */
	bool utf8;         /* the terminal draws a kana in two columns, as far as is known */
	bool answered;     /* it told how wide it draws a circle, and that holds now */
	bool foreign_term; /* TERM was unknown: xterm-256color was taken */
};

/*
 * Takes the terminal.  ERR_UNSUPPORTED: it can't position a cursor, or there
 * is none; nothing was changed then.  How wide it draws is asked, and not waited for.
 */
enum err terminal_start(struct terminal *term, const struct ui_options *options);

/* Gives it back; safe after a failed start. */
void terminal_stop(struct terminal *term);

/* Waits for what it says of its widths, until `limit_ms` after it was asked. */
void terminal_await(struct terminal *term, int limit_ms);

/*
 * Takes over what it said of its widths, once it has, however late.  True: just now.
 * *ret_changed: that is not what was taken for granted, and has to be painted anew.
 */
bool terminal_learn(struct terminal *term, bool *ret_changed);

/* Takes over the window's size after a SIGWINCH. */
void terminal_resize(void);

void terminal_size(int *ret_rows, int *ret_cols);

/* Whether there is a shell to come back from. */
bool terminal_can_suspend(void);

/* Stops, back to the shell, and takes the terminal again when continued. */
void terminal_suspend(struct terminal *term);

/* Gives the terminal to another program, and takes it again. */
void terminal_lend(struct terminal *term);
void terminal_take(struct terminal *term);

/* Forgets what is on the screen, so that the next frame paints all of it. */
void terminal_redraw(void);

/* Writes the idle marker of the screen tests. */
void terminal_mark(const struct terminal *term);

#endif
