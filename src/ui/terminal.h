/* SPDX-License-Identifier: MIT */
/*
 * The terminal: started, asked for its widths, read key by key, and put back
 * as it was.  With theme.c, paint.c and popup.c the only place that sees curses.
 */
#ifndef TOBAN_SRC_UI_TERMINAL_H
#define TOBAN_SRC_UI_TERMINAL_H

#include <stdbool.h>

#include "input.h"
#include "keys.h"
#include "toban/base/err.h"
#include "toban/base/str.h"
#include "toban/ui/ui.h"

struct terminal {
	void *screen;     /* SCREEN * */
	struct str paste; /* text of the paste that is being read or was read last */
	bool pasting;
	bool bracketed;    /* bracketed paste was switched on */
	bool utf8;         /* the terminal draws a kana in two columns */
	bool answered;     /* it told how wide it draws a circle */
	bool foreign_term; /* TERM was unknown: xterm-256color was taken */
	long events;       /* keys, pastes and resizes read so far */
	struct input input;
	struct str ahead; /* typed before curses was there */
	size_t ahead_at;  /* how much of it is read */
	int keys[128];    /* read, not handed out yet */
	size_t n_keys;
	bool flood;      /* a paste without marks is being read */
	int64_t last_ms; /* when the last byte came */
};

/*
 * Takes the terminal.  ERR_UNSUPPORTED: it can't position a cursor, or there
 * is none; nothing was changed then.
 */
enum err terminal_start(struct terminal *term, const struct ui_options *options);

/* Gives it back; safe after a failed start. */
void terminal_stop(struct terminal *term);

/* Reads one key that is already there.  False: none.  *ret_gone: the terminal hung up. */
bool terminal_read(struct terminal *term, struct key *ret_key, bool *ret_gone);

/*
 * A paste whose end has not come: makes what came of it the key.  Without
 * `at_once` only when nothing more came for a second.  False: there is none.
 */
bool terminal_break_paste(struct terminal *term, bool at_once, struct key *ret_key);

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
