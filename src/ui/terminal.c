/* SPDX-License-Identifier: MIT */
/*
 * The terminal.  Input comes byte by byte in raw mode, because
 * cbreak mode would keep Ctrl-S and Ctrl-Q for the line, and get_wch() loses the
 * first bytes of a character that arrives in two reads.
 */
#include "terminal.h"

#include <curses.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "toban/base/text.h"

static bool
can_position(void)
{
	return cursor_address != NULL && clear_screen != NULL;
}

enum kind { KIND_UNKNOWN, KIND_DUMB, KIND_USABLE };

/*
 * What TERM names.  One that is known and can place no cursor, such as "dumb",
 * must not be asked anything: it would show the question.  One that is unknown
 * is not given to newterm(), which forgets memory when it fails.
 */
static enum kind
kind_of_terminal(void)
{
	int known = 0;
	bool usable;

	if (setupterm(NULL, STDOUT_FILENO, &known) != OK) {
		return KIND_UNKNOWN;
	}
	usable = can_position();
	(void)del_curterm(cur_term); /* newterm() makes one of its own */
	return usable ? KIND_USABLE : KIND_DUMB;
}

/* The console of the machine itself has a font of 512 characters: no kana is among them. */
static bool
has_no_japanese(void)
{
	return strncmp(termname(), "linux", 5) == 0;
}

/* newterm() with the person's TERM, or with the commonest one when that is unknown. */
static enum err
start_curses(struct terminal *term, enum kind kind)
{
	SCREEN *screen;

	term->foreign_term = kind == KIND_UNKNOWN;
	screen = newterm(term->foreign_term ? "xterm-256color" : NULL, stdout, stdin);
	if (!screen) {
		return ERR_UNSUPPORTED;
	}
	term->screen = screen;
	set_term(screen);
	if (!can_position()) {
		endwin();
		delscreen(screen);
		term->screen = NULL;
		return ERR_UNSUPPORTED;
	}
	return ERR_OK;
}

static void
put_string(const char *bytes)
{
	(void)putp(bytes);
	fflush(stdout);
}

enum err
terminal_start(struct terminal *term, const struct ui_options *options)
{
	const char *end_paste;
	enum kind kind;
	enum err e;

	*term = (struct terminal){ 0 };
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return ERR_UNSUPPORTED;
	}
	kind = kind_of_terminal();
	if (kind == KIND_DUMB) {
		return ERR_UNSUPPORTED;
	}
	e = start_curses(term, kind);
	if (e != ERR_OK) {
		return e;
	}
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	idlok(stdscr, TRUE);
	keyboard_start(&term->keyboard);
	term->utf8 = !has_no_japanese();
	width_set_ambiguous(options->ambiguous == 2 ? 2 : 1);
	if (options->ambiguous == 0) {
		probe_ask(&term->keyboard.probe); /* before the first frame, which wipes it away */
	}
	term->keyboard.guesses = true;
	end_paste = tigetstr("BD");
	if (end_paste && end_paste != (char *)-1) {
		term->bracketed = true;
		term->keyboard.guesses = false;
		put_string("\033[?2004h");
	}
	return ERR_OK;
}

void
terminal_stop(struct terminal *term)
{
	if (!term->screen) {
		return;
	}
	if (term->bracketed) {
		put_string("\033[?2004l");
	}
	curs_set(1);
	/* No delscreen(): it would lose what the panel library keeps of the screen. */
	endwin();
	term->screen = NULL;
	keyboard_release(&term->keyboard);
}

void
terminal_await(struct terminal *term, int limit_ms)
{
	probe_await(&term->keyboard.probe, &term->keyboard.ahead, limit_ms);
}

bool
terminal_learn(struct terminal *term, bool *ret_changed)
{
	const struct probe *probe = &term->keyboard.probe;
	bool utf8 = term->utf8 && probe_draws_kana(probe);

	if (term->answered || !probe_is_answered(probe)) {
		return false;
	}
	*ret_changed = probe_ambiguous(probe) == 2 || utf8 != term->utf8;
	term->answered = true;
	term->utf8 = utf8;
	width_set_ambiguous(probe_ambiguous(probe));
	return true;
}

void
terminal_size(int *ret_rows, int *ret_cols)
{
	getmaxyx(stdscr, *ret_rows, *ret_cols);
}

void
terminal_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
		(void)resizeterm(size.ws_row, size.ws_col);
	}
}

bool
terminal_can_suspend(void)
{
	pid_t parent = getppid();

	/* Somebody in this session must be there to continue it: a shell in a group of its own. */
	return getsid(parent) == getsid(0) && getpgid(parent) != getpgrp();
}

void
terminal_lend(struct terminal *term)
{
	if (term->bracketed) {
		put_string("\033[?2004l");
	}
	curs_set(1);
	endwin();
}

void
terminal_take(struct terminal *term)
{
	refresh();
	if (term->bracketed) {
		put_string("\033[?2004h");
	}
	terminal_redraw();
}

void
terminal_suspend(struct terminal *term)
{
	terminal_lend(term);
	/* SIGTSTP itself is read from a descriptor and stops nobody. */
	(void)kill(0, SIGSTOP);
	terminal_take(term);
}

void
terminal_redraw(void)
{
	clearok(curscr, TRUE);
}

void
terminal_mark(const struct terminal *term)
{
	printf("\033]5522;%ld\007", term->keyboard.events);
	fflush(stdout);
}
