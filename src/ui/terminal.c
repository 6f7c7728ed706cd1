/* SPDX-License-Identifier: MIT */
/*
 * The terminal.  Before curses starts it is asked how wide it draws an
 * ambiguous character; afterwards all input comes through get_wch() in raw
 * mode, because cbreak mode would keep Ctrl-S and Ctrl-Q for the line.
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
#include <termios.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

enum {
	PROBE_LIMIT_MS = 300,
	ESC_DELAY_MS = 100,      /* 25 splits arrow keys on slow lines */
	CODE_PASTE_BEGIN = 2001, /* above every code terminfo hands out */
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
};

static bool
can_position(void)
{
	return cursor_address != NULL && clear_screen != NULL;
}

/*
 * Whether the terminal of TERM is known and can place no cursor, such as
 * "dumb": it must not be asked anything either, it would show the question.
 */
static bool
is_known_dumb(void)
{
	int known = 0;
	bool dumb;

	if (setupterm(NULL, STDOUT_FILENO, &known) != OK) {
		return false;
	}
	dumb = !can_position();
	(void)del_curterm(cur_term); /* newterm() makes one of its own */
	return dumb;
}

/* Writes `text` and reads the column the cursor then stands in; 0: no answer. */
static int
probe_column(const char *text)
{
	char answer[32];
	size_t len = 0;
	int row = 0;
	int col = 0;

	printf("\r%s\033[6n", text);
	fflush(stdout);
	while (len < sizeof(answer) - 1) {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

		if (poll(&fd, 1, PROBE_LIMIT_MS) <= 0 || read(STDIN_FILENO, answer + len, 1) != 1) {
			break;
		}
		if (answer[len++] == 'R') {
			break;
		}
	}
	printf("\r\033[K");
	fflush(stdout);
	answer[len] = '\0';
	{
		const char *start = strrchr(answer, '\033');

		if (!start || sscanf(start, "\033[%d;%dR", &row, &col) != 2) {
			return 0;
		}
	}
	return col;
}

/* One question each for the circle and the kana; asked once, before curses. */
static void
probe(struct terminal *term, int ambiguous)
{
	struct termios before;
	struct termios quiet;
	int col;

	term->utf8 = true;
	if (ambiguous != 0 || tcgetattr(STDIN_FILENO, &before) != 0) {
		width_set_ambiguous(ambiguous == 2 ? 2 : 1);
		return;
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &quiet); /* a terminal that refuses won't answer */
	col = probe_column("\xe2\x97\x8b");
	width_set_ambiguous(col == 3 ? 2 : 1);
	if (col > 0) {
		int kana = probe_column("\xe3\x81\x82");

		term->utf8 = kana == 0 || kana == 3;
	}
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/* newterm() with the person's TERM, or with the commonest one when that is unknown. */
static enum err
start_curses(struct terminal *term)
{
	SCREEN *screen = newterm(NULL, stdout, stdin);

	if (!screen) {
		screen = newterm("xterm-256color", stdout, stdin);
		term->foreign_term = true;
	}
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
	enum err e;

	*term = (struct terminal){ 0 };
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || is_known_dumb()) {
		return ERR_UNSUPPORTED;
	}
	probe(term, options->ambiguous);
	set_escdelay(ESC_DELAY_MS);
	e = start_curses(term);
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
paste_add(struct terminal *term, wint_t ch)
{
	struct key key = { .code = (int)ch };
	char utf8[5];
	size_t n;

	if (ch == '\r') {
		str_add_char(&term->paste, '\n');
		return;
	}
	n = key_utf8(&key, utf8);
	if (n > 0) {
		str_add_n(&term->paste, utf8, n);
	} else if (ch < 0x80) {
		str_add_char(&term->paste, (char)ch);
	}
}

/* True when the paste is complete. */
static bool
paste_code(struct terminal *term, int code, struct key *ret_key)
{
	if (code == CODE_PASTE_BEGIN) {
		term->pasting = true;
		str_clear(&term->paste);
	} else if (code == CODE_PASTE_END && term->pasting) {
		term->pasting = false;
		*ret_key = (struct key){ .code = K_PASTE,
			.paste = str_text(&term->paste),
			.paste_len = term->paste.len };
		return true;
	}
	return false;
}

/* A key that is complete goes to *ret_key; everything else is kept or dropped. */
static bool
take(struct terminal *term, int kind, wint_t ch, struct key *ret_key)
{
	if (kind == KEY_CODE_YES) {
		int code = (int)ch;

		if (code == CODE_PASTE_BEGIN || code == CODE_PASTE_END) {
			return paste_code(term, code, ret_key);
		}
		if (code == KEY_RESIZE || term->pasting) {
			return false;
		}
		*ret_key = (struct key){ .code = map_code(code) };
		return true;
	}
	if (term->pasting) {
		paste_add(term, ch);
		return false;
	}
	if (ch == '\r') {
		ch = K_ENTER;
	} else if (ch == 0x7f || ch == '\b') {
		ch = K_BACKSPACE;
	}
	*ret_key = (struct key){ .code = (int)ch };
	return true;
}

bool
terminal_read(struct terminal *term, struct key *ret_key, bool *ret_gone)
{
	*ret_gone = false;
	for (;;) {
		wint_t ch = 0;
		int kind;

		errno = 0;
		kind = get_wch(&ch);
		if (kind == ERR) {
			*ret_gone = errno == EIO || errno == EBADF;
			return false;
		}
		if (take(term, kind, ch, ret_key)) {
			term->events++;
			return true;
		}
	}
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

void
terminal_suspend(struct terminal *term)
{
	if (term->bracketed) {
		put_string("\033[?2004l");
	}
	endwin();
	(void)raise(SIGTSTP);
	refresh();
	if (term->bracketed) {
		put_string("\033[?2004h");
	}
	terminal_redraw();
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
