/* SPDX-License-Identifier: MIT */
/*
 * Bytes and codes of the terminal made into keys.  Pastes are kept apart from
 * typing: by their marks, and where the terminal sets none by their size and speed.
 */
#include "keyboard.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "burst.h"
#include "toban/base/attr.h"
#include "toban/base/clock.h"

enum {
	PASTE_MOST = 16 * 1024 * 1024, /* bytes; what comes after them is counted and said */
	PASTE_KEPT = 64 * 1024,        /* memory kept between two pastes */
	TYPED_MOST = 100,              /* bytes before a mark that are keys; fewer than `keys` */
	FLOOD_BYTES = 256,             /* more than anybody types ahead */
	FLOOD_QUIET_MS = 50,           /* after which a paste without marks is over */
	BURST_GAP_MS = 5,              /* nobody types faster, except a paste without marks */
	STALE_MS = 1000,               /* after which half a sequence is line noise */
	SEQUENCE_MOST = 12,            /* bytes; longer than any key's */
	REPORT_COLS = 9,               /* columns of cursor reports that pass for function keys */
	CODE_PASTE_BEGIN = 2001,       /* above every code terminfo hands out */
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
	{ PASTE_BEGIN, CODE_PASTE_BEGIN },
	{ PASTE_END, CODE_PASTE_END },
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

void
keyboard_start(struct keyboard *kb)
{
	set_escdelay(ESC_DELAY_MS);
	for (size_t i = 0; i < ARRAY_LEN(sequences); i++) {
		(void)define_key(sequences[i].bytes, sequences[i].code);
	}
	/* F15 or F51 for xterm, and a cursor report in the first row: nothing here is on F15. */
	for (int col = 2; col <= REPORT_COLS; col++) {
		char report[16];

		(void)snprintf(report, sizeof(report), "\033[1;%dR", col);
		(void)define_key(report, 0);
	}
	/* No mouse was asked for; its reports are read as foreign sequences. */
	(void)keyok(KEY_MOUSE, FALSE);
	kb->held = K_NONE;
	/* Whatever is typed may be meant for a PIN or a passphrase. */
	kb->paste.wipes = true;
	kb->ahead.wipes = true;
}

void
keyboard_release(struct keyboard *kb)
{
	str_release(&kb->paste);
	str_release(&kb->ahead);
	explicit_bzero(kb->keys, sizeof(kb->keys));
	kb->n_keys = 0;
}

/* --- pastes ------------------------------------------------------------------------------ */

static void
queue(struct keyboard *kb, int code)
{
	if (code != K_NONE && kb->n_keys < ARRAY_LEN(kb->keys)) {
		kb->keys[kb->n_keys++] = code;
	}
}

/* The text of the paste before may still be waited for: it goes with the first byte of this. */
static void
drop_old(struct keyboard *kb)
{
	if (!kb->stale) {
		return;
	}
	if (kb->paste.cap > PASTE_KEPT) {
		str_release(&kb->paste);
	}
	str_clear(&kb->paste);
	kb->lost = 0;
	kb->stale = false;
}

/* A terminal sends the newlines of a paste as CR. */
static void
paste_add(struct keyboard *kb, unsigned byte)
{
	struct key key = { 0 };
	uint32_t point = 0;
	char utf8[5];
	size_t n;

	if (!input_text(&kb->input, byte, &point)) {
		return;
	}
	drop_old(kb);
	key.code = (int)point;
	n = key_utf8(&key, utf8);
	if (kb->paste.len + sizeof(utf8) > PASTE_MOST) {
		kb->lost++;
	} else if (point == '\r') {
		str_add_char(&kb->paste, '\n');
	} else if (n > 0) {
		str_add_n(&kb->paste, utf8, n);
	} else if (point > 0 && point < 0x80) {
		str_add_char(&kb->paste, (char)point);
	}
}

static void
flood_begin(struct keyboard *kb)
{
	kb->flood = true;
	kb->stale = true;
	kb->held = K_NONE;
}

static void
paste_end(struct keyboard *kb)
{
	drop_old(kb); /* it was empty */
	kb->pasting = false;
	kb->flood = false;
	kb->input = (struct input){ 0 };
	queue(kb, K_PASTE);
	queue(kb, kb->held);
	kb->held = K_NONE;
}

/* What was taken for a paste was typed after all. */
static void
queue_typed(struct keyboard *kb)
{
	struct input input = { 0 };
	int keys[INPUT_KEYS];

	for (size_t i = 0; i < kb->paste.len && !kb->stale; i++) {
		unsigned byte = (unsigned char)str_text(&kb->paste)[i];
		size_t n = input_byte(&input, byte == '\n' ? '\r' : byte, keys);

		for (size_t k = 0; k < n; k++) {
			queue(kb, keys[k]);
		}
	}
	queue(kb, kb->held);
	kb->held = K_NONE;
}

/*
 * The first mark tells that this terminal sets them: what came fast before it was typed.
 * More than that was a paste of its own, and is handed out before this one is read.
 */
static void
paste_begin(struct keyboard *kb)
{
	if (kb->flood && (kb->stale || kb->paste.len <= TYPED_MOST)) {
		queue_typed(kb);
	} else if (kb->flood) {
		paste_end(kb);
	}
	kb->guesses = false;
	kb->stale = true;
	kb->flood = false;
	kb->input = (struct input){ 0 };
	kb->pasting = true;
}

/*
 * Where the terminal marks no pastes, one is known by its size: nobody types
 * that much ahead, and as keys it would be a hundred commands.
 */
static bool
is_flood(const struct keyboard *kb)
{
	int waiting = 0;

	if (keyboard_waits(kb)) {
		return kb->guesses && kb->ahead.len - kb->ahead_at >= FLOOD_BYTES;
	}
	return ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting >= FLOOD_BYTES;
}

/* What is no character is a part of the paste when more of it follows, and else a key. */
static void
flood_hold(struct keyboard *kb, int code)
{
	if (kb->held > 0 && kb->held < 0x80) {
		paste_add(kb, (unsigned)kb->held); /* the editor leaves it out, and says so */
	}
	kb->held = code;
}

static void
flood_add(struct keyboard *kb, unsigned byte)
{
	bool control =
		(byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t') || byte == 0x7f;

	flood_hold(kb, K_NONE);
	if (control && !input_is_open(&kb->input)) {
		flood_hold(kb, byte == 0x7f || byte == '\b' ? K_BACKSPACE : (int)byte);
	} else {
		paste_add(kb, byte);
	}
}

/* --- keys -------------------------------------------------------------------------------- */

static void
take_byte(struct keyboard *kb, unsigned byte)
{
	int keys[INPUT_KEYS];
	size_t n;

	if (!kb->pasting && !kb->flood && !input_is_open(&kb->input) && byte != 0x1b &&
		is_flood(kb)) {
		flood_begin(kb);
	}
	if (kb->pasting) {
		paste_add(kb, byte);
		return;
	}
	if (kb->flood) {
		flood_add(kb, byte);
		return;
	}
	n = input_byte(&kb->input, byte, keys);
	for (size_t i = 0; i < n; i++) {
		if (keys[i] == K_REPORT) {
			probe_take(&kb->probe, kb->input.column);
		} else {
			queue(kb, keys[i]);
		}
	}
}

static void
take_code(struct keyboard *kb, int code)
{
	if (code == CODE_PASTE_BEGIN) {
		paste_begin(kb);
	} else if (code == CODE_PASTE_END) {
		if (kb->pasting) {
			paste_end(kb);
		}
	} else if (code == KEY_RESIZE || kb->pasting) {
		return;
	} else if (kb->flood) {
		flood_hold(kb, map_code(code));
	} else {
		queue(kb, map_code(code));
	}
}

/* Nothing is there to read: what may still come?  True: look again. */
static bool
take_silence(struct keyboard *kb)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	int keys[INPUT_KEYS];
	size_t n;

	if (kb->flood) {
		if (poll(&fd, 1, FLOOD_QUIET_MS) == 1 && fd.revents & POLLIN) {
			return true;
		}
		paste_end(kb);
		return true;
	}
	n = input_quiet(&kb->input, keys);
	for (size_t i = 0; i < n; i++) {
		queue(kb, keys[i]);
	}
	return n > 0;
}

/* A sequence or a paste whose end got lost must not swallow what is typed later. */
static void
drop_stale(struct keyboard *kb)
{
	int64_t now = clock_steady_ms();

	if (now - kb->last_ms > STALE_MS) {
		if (kb->pasting) {
			paste_end(kb);
		}
		kb->input = (struct input){ 0 };
	}
	kb->last_ms = now;
}

static void
take(struct keyboard *kb, int code)
{
	drop_stale(kb);
	if (code >= KEY_MIN) {
		take_code(kb, code);
	} else {
		take_byte(kb, (unsigned)code & 0xff);
	}
}

/* --- reading ----------------------------------------------------------------------------- */

/* The next `n` bytes of what is kept were read. */
static void
step_over(struct keyboard *kb, size_t n)
{
	explicit_bzero(kb->ahead.data + kb->ahead_at, n);
	kb->ahead_at += n;
}

/*
 * The next byte, or the code of the sequence it begins, of what was read without curses:
 * curses does not look for sequences in what is given back to it.
 */
static int
from_ahead(struct keyboard *kb)
{
	char bytes[SEQUENCE_MOST + 1] = "\033";
	int first = (unsigned char)str_text(&kb->ahead)[kb->ahead_at];
	bool waits = first == 0x1b;

	for (size_t n = 2; waits && n <= SEQUENCE_MOST; n++) {
		int code;

		if (kb->ahead.len - kb->ahead_at < n && !keyboard_refill(kb, ESC_DELAY_MS)) {
			break;
		}
		bytes[n - 1] = str_text(&kb->ahead)[kb->ahead_at + n - 1];
		code = bytes[n - 1] ? key_defined(bytes) : 0;
		if (code > 0) {
			step_over(kb, n);
			return code;
		}
		waits = code < 0;
	}
	step_over(kb, 1);
	return first;
}

/* The next byte or code; ERR: none now. */
static int
next_input(struct keyboard *kb)
{
	bool bulk = kb->pasting || kb->flood;

	if (kb->ahead_at < kb->ahead.len || (bulk && keyboard_refill(kb, 0))) {
		return from_ahead(kb);
	}
	if (bulk) {
		return ERR;
	}
	errno = 0;
	return getch();
}

static bool
comes_at_once(const struct keyboard *kb)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return kb->ahead_at < kb->ahead.len ||
		(poll(&fd, 1, BURST_GAP_MS) == 1 && fd.revents & POLLIN);
}

/*
 * The terminal marks no pastes: what comes right behind a character is looked at together
 * with it.  A paste then goes on as a flood does, until there is silence.
 */
static void
gather(struct keyboard *kb)
{
	size_t plain;

	while (kb->guesses && !kb->flood && kb->n_keys > 0 &&
		burst_is_plain(kb->keys[kb->n_keys - 1]) &&
		kb->n_keys + INPUT_KEYS <= ARRAY_LEN(kb->keys) && comes_at_once(kb)) {
		int code = next_input(kb);

		if (code == ERR) {
			break; /* a resize, or half a sequence: the next read goes on */
		}
		take(kb, code);
	}
	if (!kb->guesses || kb->flood || !burst_is_paste(kb->keys, kb->n_keys)) {
		return;
	}
	flood_begin(kb);
	drop_old(kb);
	plain = burst_text(kb->keys, kb->n_keys, &kb->paste);
	for (size_t i = plain; i < kb->n_keys; i++) {
		flood_hold(kb, kb->keys[i]);
	}
	if (kb->input.state == INPUT_ESC) {
		kb->input.state = INPUT_PLAIN;
		flood_hold(kb, K_ESC);
	}
	explicit_bzero(kb->keys, sizeof(kb->keys));
	kb->n_keys = 0;
}

static void
first_key(struct keyboard *kb, struct key *ret_key)
{
	*ret_key = (struct key){ .code = kb->keys[0] };
	if (ret_key->code == K_PASTE) {
		ret_key->paste = str_text(&kb->paste);
		ret_key->paste_len = kb->paste.len;
		ret_key->lost = kb->lost;
		kb->stale = true;
	}
	kb->n_keys--;
	memmove(kb->keys, kb->keys + 1, kb->n_keys * sizeof(kb->keys[0]));
	kb->keys[kb->n_keys] = K_NONE;
	kb->events++;
}

void
keyboard_used(struct keyboard *kb, struct key *key)
{
	explicit_bzero(key, sizeof(*key));
	if (kb->n_keys == 0) {
		drop_old(kb);
	}
}

bool
keyboard_read(struct keyboard *kb, struct key *ret_key, bool *ret_gone)
{
	*ret_gone = false;
	while (kb->n_keys == 0) {
		bool ahead = kb->ahead_at < kb->ahead.len;
		int code = next_input(kb);

		if (code == ERR) {
			*ret_gone = errno == EIO || errno == EBADF;
			if (*ret_gone || !take_silence(kb)) {
				return false;
			}
			continue;
		}
		take(kb, code);
		if (kb->guesses && !ahead) {
			gather(kb);
		}
	}
	first_key(kb, ret_key);
	return true;
}

bool
keyboard_break_paste(struct keyboard *kb, bool at_once, struct key *ret_key)
{
	if (!kb->pasting && !kb->flood) {
		return false;
	}
	if (!at_once && clock_steady_ms() - kb->last_ms < STALE_MS) {
		return false;
	}
	paste_end(kb);
	first_key(kb, ret_key);
	return true;
}
