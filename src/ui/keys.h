/* SPDX-License-Identifier: MIT */
/*
 * Keys as one number, and the action table of a screen: what a key does is
 * written once, and footer, help and dispatch are all read from it.
 */
#ifndef TOBAN_SRC_UI_KEYS_H
#define TOBAN_SRC_UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/str.h"

/* Function keys live above Unicode, so that one int holds every key. */
enum key_code {
	K_NONE = 0,
	K_TAB = 9,
	K_ENTER = 10,
	K_ESC = 27,
	K_REDO = 30, /* Ctrl-^ */
	K_UNDO = 31, /* Ctrl-_ */
	K_FN = 0x110000,
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_BACKSPACE,
	K_DELETE,
	K_BACKTAB,
	K_WORD_LEFT,  /* Ctrl-Left, Alt-b */
	K_WORD_RIGHT, /* Ctrl-Right, Alt-f */
	K_TEXT_HOME,  /* Ctrl-Home */
	K_TEXT_END,   /* Ctrl-End */
	K_F1,
	K_F2,
	K_F3,
	K_F4,
	K_F5,
	K_F6,
	K_F7,
	K_F8,
	K_F9,
	K_F10,
	K_F11,
	K_F12,
	K_PASTE,  /* a bracketed paste; the text is in struct key */
	K_RESIZE, /* the window has another size; never reaches a screen */
	K_REPORT, /* the terminal says where its cursor is; never reaches a screen */
};

/* The code of Ctrl and a capital letter. */
#define K_CTRL(letter) ((letter) - '@')

struct key {
	int code;          /* a code point, a control code or one of enum key_code */
	const char *paste; /* K_PASTE only: UTF-8, the keyboard's, until keyboard_used() */
	size_t paste_len;
	size_t lost; /* K_PASTE only: characters of it that were too many to be held */
};

/* Whether the key writes a character into a text. */
bool key_is_text(const struct key *key);

/* UTF-8 of a character key; returns its length, 0 for any other key. */
size_t key_utf8(const struct key *key, char out[5]);

/*
 * A key pressed where commands are expected, folded: full-width letters count
 * as ASCII, because the input method of Japanese writers is often still on.
 */
int key_command(const struct key *key);

/* Whether the key is kana or kanji: in command context the input method is on. */
bool key_is_kana(const struct key *key);

struct app;
struct screen;

enum action_flags {
	ACTION_PLAIN = 0,
	ACTION_HINT = 1,   /* shown in the footer while there is room */
	ACTION_TEXT = 2,   /* works while a text is being written, too */
	ACTION_WRITES = 4, /* leads to a change of the record: refused with --read-only */
	ACTION_FINAL = 8,  /* what it does cannot be taken back */
	ACTION_OVER = 16,  /* takes a key of every screen for itself here, knowingly */
	ACTION_LIVE = 32,  /* its hint is shown only while it can be done */
	ACTION_STEP = 64,  /* a step in a case: not for auditors and administrators */
};

/* One row of a screen's action table. */
struct action {
	const char *name;  /* what `:` calls it; also its id in tests */
	int key;           /* 0: reached by name only */
	int alias;         /* 0: none */
	const char *label; /* N_(): one or two words for the footer */
	const char *help;  /* N_(): a sentence for the help */
	unsigned flags;
	void (*run)(struct screen *screen);
};

/* Tables end with a row whose name is NULL. */
const struct action *action_find_key(const struct action *table, int code);
const struct action *action_find_name(const struct action *table, const char *name);

/* Appends how a person reads the key: "n", "Enter", "Ctrl-S". */
void key_label(struct str *out, int code);

#endif
