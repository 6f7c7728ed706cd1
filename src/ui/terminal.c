/* SPDX-License-Identifier: MIT */
/*
 * The terminal.  Input comes byte by byte in raw mode, because
 * cbreak mode would keep Ctrl-S and Ctrl-Q for the line, and get_wch() loses the
 * first bytes of a character that arrives in two reads.
 */
#include "terminal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "burst.h"
#include "probe.h"
#include "toban/base/clock.h"
#include "toban/base/text.h"

enum {
	PASTE_MOST = 1024 * 1024, /* bytes; many times the longest field */
	FLOOD_BYTES = 256,        /* more than anybody types ahead */
	FLOOD_QUIET_MS = 50,      /* after which a paste without marks is over */
	BURST_GAP_MS = 5,         /* nobody types faster, except a paste without marks */
	STALE_MS = 1000,          /* after which half a sequence is line noise */
	ESC_DELAY_MS = 100,       /* 25 splits arrow keys on slow lines */
	CODE_PASTE_BEGIN = 2001,  /* above every code terminfo hands out */
	CODE_PASTE_END = 2002,
	CODE_WORD_LEFT = 2003,
	CODE_WORD_RIGHT = 2004,
	CODE_TEXT_HOME = 2005,
	CODE_TEXT_END = 2006,
};

struct sequence {
	const char *bytes;
	int code;
};

/* What terminals send in the cursor-key mode terminfo does not expect. */
static const struct sequence sequences[] = {
	{ "\033[A", KEY_UP },
	{ "\033[B", KEY_DOWN },
	{ "\033[C", KEY_RIGHT },
	{ "\033[D", KEY_LEFT },
	{ "\033[H", KEY_HOME },
	{ "\033[F", KEY_END },
	{ "\033OA", KEY_UP },
	{ "\033OB", KEY_DOWN },
	{ "\033OC", KEY_RIGHT },
	{ "\033OD", KEY_LEFT },
	{ "\033OH", KEY_HOME },
	{ "\033OF", KEY_END },
	{ "\033[1~", KEY_HOME },
	{ "\033[4~", KEY_END },
	{ "\033[Z", KEY_BTAB },
	{ "\033[1;5D", CODE_WORD_LEFT },
	{ "\033[1;5C", CODE_WORD_RIGHT },
	{ "\033[1;3D", CODE_WORD_LEFT },
	{ "\033[1;3C", CODE_WORD_RIGHT },
	{ "\033Od", CODE_WORD_LEFT },
	{ "\033Oc", CODE_WORD_RIGHT },
	{ "\033b", CODE_WORD_LEFT },
	{ "\033f", CODE_WORD_RIGHT },
	{ "\033[1;5H", CODE_TEXT_HOME },
	{ "\033[1;5F", CODE_TEXT_END },
	{ "\033[200~", CODE_PASTE_BEGIN },
	{ "\033[201~", CODE_PASTE_END },
};

struct code_map {
	int from;
	int to;
};

static const struct code_map codes[] = {
	{ KEY_UP, K_UP },
	{ KEY_DOWN, K_DOWN },
	{ KEY_LEFT, K_LEFT },
	{ KEY_RIGHT, K_RIGHT },
	{ KEY_HOME, K_HOME },
	{ KEY_END, K_END },
	{ KEY_FIND, K_HOME },
	{ KEY_SELECT, K_END },
	{ KEY_PPAGE, K_PGUP },
	{ KEY_NPAGE, K_PGDN },
	{ KEY_BACKSPACE, K_BACKSPACE },
	{ KEY_DC, K_DELETE },
	{ KEY_BTAB, K_BACKTAB },
	{ CODE_WORD_LEFT, K_WORD_LEFT },
	{ CODE_WORD_RIGHT, K_WORD_RIGHT },
	{ CODE_TEXT_HOME, K_TEXT_HOME },
	{ CODE_TEXT_END, K_TEXT_END },
	{ KEY_ENTER, K_ENTER },
	{ KEY_F(1), K_F1 },
	{ KEY_F(2), K_F2 },
	{ KEY_F(3), K_F3 },
	{ KEY_F(4), K_F4 },
	{ KEY_F(5), K_F5 },
	{ KEY_F(6), K_F6 },
	{ KEY_F(7), K_F7 },
	{ KEY_F(8), K_F8 },
	{ KEY_F(9), K_F9 },
	{ KEY_F(10), K_F10 },
	{ KEY_F(11), K_F11 },
	{ KEY_F(12), K_F12 },
};

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

/* How wide are ambiguous characters?  What the environment says is not asked. */
static void
find_widths(struct terminal *term, int ambiguous)
{
	term->utf8 = true;
	if (ambiguous == 0) {
		struct probe_answer answer = probe_widths(&term->ahead);

		ambiguous = answer.ambiguous;
		term->utf8 = answer.kana;
		term->answered = answer.answered;
	}
	width_set_ambiguous(ambiguous == 2 ? 2 : 1);
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
	find_widths(term, options->ambiguous);
	set_escdelay(ESC_DELAY_MS);
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
	for (size_t i = 0; i < ARRAY_LEN(sequences); i++) {
		(void)define_key(sequences[i].bytes, sequences[i].code);
	}
	/* No mouse was asked for; its reports are read as foreign sequences. */
	(void)keyok(KEY_MOUSE, FALSE);
	term->utf8 = term->utf8 && !has_no_japanese();
	end_paste = tigetstr("BD");
	if (end_paste && end_paste != (char *)-1) {
		term->bracketed = true;
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
	str_release(&term->paste);
	str_release(&term->ahead);
}

static int
map_code(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i].from == code) {
			return codes[i].to;
		}
	}
	return K_NONE;
}

/* A terminal sends the newlines of a paste as CR. */
static void
paste_add(struct terminal *term, unsigned byte)
{
	struct key key = { 0 };
	uint32_t point = 0;
	char utf8[5];
	size_t n;

	if (!input_text(&term->input, byte, &point) || term->paste.len >= PASTE_MOST) {
		return;
	}
	key.code = (int)point;
	n = key_utf8(&key, utf8);
	if (point == '\r') {
		str_add_char(&term->paste, '\n');
	} else if (n > 0) {
		str_add_n(&term->paste, utf8, n);
	} else if (point > 0 && point < 0x80) {
		str_add_char(&term->paste, (char)point);
	}
}

static void
paste_begin(struct terminal *term)
{
	if (!term->flood) {
		str_clear(&term->paste);
	}
	term->input = (struct input){ 0 };
	term->flood = false;
	term->pasting = true;
}

static void
queue(struct terminal *term, int code)
{
	if (term->n_keys < ARRAY_LEN(term->keys)) {
		term->keys[term->n_keys++] = code;
	}
}

static void
paste_end(struct terminal *term)
{
	term->pasting = false;
	term->flood = false;
	term->input = (struct input){ 0 };
	queue(term, K_PASTE);
}

/*
 * Where the terminal marks no pastes, one is known by its size: nobody types
 * that much ahead, and as keys it would be a hundred commands.
 */
static bool
is_flood(void)
{
	int waiting = 0;

	return ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting >= FLOOD_BYTES;
}

static void
take_byte(struct terminal *term, unsigned byte)
{
	int keys[INPUT_KEYS];
	size_t n;

	if (!term->pasting && !term->flood && !input_is_open(&term->input) && byte != 0x1b &&
		term->ahead_at >= term->ahead.len && is_flood()) {
		term->flood = true;
		str_clear(&term->paste);
	}
	if (term->pasting || term->flood) {
		paste_add(term, byte);
		return;
	}
	n = input_byte(&term->input, byte, keys);
	for (size_t i = 0; i < n; i++) {
		queue(term, keys[i]);
	}
}

static void
take_code(struct terminal *term, int code)
{
	if (code == CODE_PASTE_BEGIN) {
		paste_begin(term);
	} else if (code == CODE_PASTE_END) {
		if (term->pasting) {
			paste_end(term);
		}
	} else if (code != KEY_RESIZE && !term->pasting && !term->flood) {
		queue(term, map_code(code));
	}
}

/* Nothing is there to read: what may still come?  True: look again. */
static bool
take_silence(struct terminal *term)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	int keys[INPUT_KEYS];
	size_t n;

	if (term->flood) {
		if (poll(&fd, 1, FLOOD_QUIET_MS) == 1 && fd.revents & POLLIN) {
			return true;
		}
		paste_end(term);
		return true;
	}
	n = input_quiet(&term->input, keys);
	for (size_t i = 0; i < n; i++) {
		queue(term, keys[i]);
	}
	return n > 0;
}

/* A sequence or a paste whose end got lost must not swallow what is typed later. */
static void
drop_stale(struct terminal *term)
{
	int64_t now = clock_steady_ms();

	if (now - term->last_ms > STALE_MS) {
		if (term->pasting) {
			paste_end(term);
		}
		term->input = (struct input){ 0 };
	}
	term->last_ms = now;
}

/* The next byte or code; ERR: none now. */
static int
next_input(struct terminal *term)
{
	if (term->ahead_at < term->ahead.len) {
		return (unsigned char)str_text(&term->ahead)[term->ahead_at++];
	}
	errno = 0;
	return getch();
}

static void
first_key(struct terminal *term, struct key *ret_key)
{
	*ret_key = (struct key){ .code = term->keys[0] };
	if (ret_key->code == K_PASTE) {
		ret_key->paste = str_text(&term->paste);
		ret_key->paste_len = term->paste.len;
	}
	term->n_keys--;
	memmove(term->keys, term->keys + 1, term->n_keys * sizeof(term->keys[0]));
	term->events++;
}

static void
take(struct terminal *term, int code)
{
	drop_stale(term);
	if (code >= KEY_MIN) {
		take_code(term, code);
	} else {
		take_byte(term, (unsigned)code & 0xff);
	}
}

static bool
comes_at_once(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&fd, 1, BURST_GAP_MS) == 1 && fd.revents & POLLIN;
}

/*
 * The terminal marks no pastes: what comes right behind a character is looked at together
 * with it.  A paste then goes on as a flood does, until there is silence.
 */
static void
gather(struct terminal *term)
{
	while (!term->flood && term->n_keys > 0 && burst_is_plain(term->keys[term->n_keys - 1]) &&
		term->n_keys + INPUT_KEYS <= ARRAY_LEN(term->keys) && comes_at_once()) {
		int code = getch();

		if (code == ERR) {
			break; /* a resize, or half a sequence: the next read goes on */
		}
		take(term, code);
	}
	if (!term->flood && !term->pasting && burst_is_paste(term->keys, term->n_keys)) {
		str_clear(&term->paste);
		burst_text(term->keys, term->n_keys, &term->paste);
		term->n_keys = 0;
		term->flood = true;
	}
}

bool
terminal_read(struct terminal *term, struct key *ret_key, bool *ret_gone)
{
	*ret_gone = false;
	while (term->n_keys == 0) {
		bool ahead = term->ahead_at < term->ahead.len;
		int code = next_input(term);

		if (code == ERR) {
			*ret_gone = errno == EIO || errno == EBADF;
			if (*ret_gone || !take_silence(term)) {
				return false;
			}
			continue;
		}
		take(term, code);
		if (!term->bracketed && !ahead) {
			gather(term);
		}
	}
	first_key(term, ret_key);
	return true;
}

bool
terminal_break_paste(struct terminal *term, bool at_once, struct key *ret_key)
{
	if (!term->pasting && !term->flood) {
		return false;
	}
	if (!at_once && clock_steady_ms() - term->last_ms < STALE_MS) {
		return false;
	}
	paste_end(term);
	first_key(term, ret_key);
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
	printf("\033]5522;%ld\007", term->events);
	fflush(stdout);
}
