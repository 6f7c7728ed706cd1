/* SPDX-License-Identifier: MIT */
/*
 * What comes from the terminal, key by key: typed keys, pastes with and without
 * marks, and the answers to what probe.c asked.
 */
#ifndef TOBAN_SRC_UI_KEYBOARD_H
#define TOBAN_SRC_UI_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "input.h"
#include "keys.h"
#include "probe.h"
#include "toban/base/str.h"

/* Before and behind a paste, where the terminal marks them. */
#define PASTE_BEGIN "\033[200~"
#define PASTE_END "\033[201~"

/* How long the rest of a sequence is waited for: 25 splits arrow keys on slow lines. */
#define ESC_DELAY_MS 100

/* Zeroed before the start; `guesses` is set by the terminal.  What was read is overwritten. */
struct keyboard {
	bool guesses;     /* pastes come without marks, as far as is known */
	struct str paste; /* text of the paste that is being read or was read last */
	size_t lost;      /* characters of it that came after all there is room for */
	bool stale;       /* the text is that of an earlier paste: the next byte begins anew */
	bool pasting;     /* between the marks */
	bool flood;       /* a paste without marks is being read */
	int held;         /* what came in it and is no character: a key if silence follows */
	long events;      /* keys, pastes and resizes read so far */
	struct input input;
	struct probe probe;
	struct str ahead; /* typed before curses was there, or while nothing could be done */
	size_t ahead_at;  /* how much of it is read */
	int keys[128];    /* read, not handed out yet */
	size_t n_keys;
	int64_t last_ms; /* when the last byte came */
};

/* Teaches curses the sequences terminfo does not name; once it runs. */
void keyboard_start(struct keyboard *keyboard);
void keyboard_release(struct keyboard *keyboard);

/* Reads one key that is already there.  False: none.  *ret_gone: the terminal hung up. */
bool keyboard_read(struct keyboard *keyboard, struct key *ret_key, bool *ret_gone);

/*
 * What the last key that was handed out asked for is done: it, and the text of its paste, are
 * overwritten, for it may be a part of a PIN or a passphrase.
 */
void keyboard_used(struct keyboard *keyboard, struct key *key);

/*
 * Reads at once what comes within the time, to be kept.  False: nothing did; errno EIO: the line is
 * gone.
 */
bool keyboard_refill(struct keyboard *keyboard, int wait_ms);

/*
 * Reads what is there and keeps it for keyboard_read(), while nothing can be done with it.
 * With `stops`, a lone Esc or a Ctrl-C among it is taken out and told in *ret_stop.
 * False: the terminal hung up.
 */
bool keyboard_keep(struct keyboard *keyboard, bool stops, bool *ret_stop);

/* Whether something was kept. */
bool keyboard_waits(const struct keyboard *keyboard);

/*
 * A paste whose end has not come: makes what came of it the key.  Without
 * `at_once` only when nothing more came for a second.  False: there is none.
 */
bool keyboard_break_paste(struct keyboard *keyboard, bool at_once, struct key *ret_key);

#endif
