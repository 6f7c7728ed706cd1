/* SPDX-License-Identifier: MIT */
/*
 * What a terminal sends, byte by byte, made into keys: UTF-8 that may be split
 * over reads, and control sequences nobody asked for (mouse, focus, late
 * answers), of which not one byte may count as a command.
 */
#ifndef TOBAN_SRC_UI_INPUT_H
#define TOBAN_SRC_UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum input_state {
	INPUT_PLAIN,
	INPUT_ESC,         /* ESC: the key, or the start of a sequence */
	INPUT_CSI,         /* ESC [ */
	INPUT_SS3,         /* ESC O */
	INPUT_MOUSE,       /* ESC [ M: three bytes of any value follow */
	INPUT_STRING_HEAD, /* ESC ] or ESC P: a string when a digit or sign follows */
	INPUT_STRING,      /* until BEL or ESC \ */
	INPUT_STRING_ESC,
};

enum { INPUT_KEYS = 3 }; /* one byte can end an ESC key, a letter, and be a key itself */

/* Zeroed before the first byte. */
struct input {
	enum input_state state;
	uint32_t point;      /* of the character being read */
	unsigned more;       /* bytes of it still to come */
	unsigned least;      /* smallest code point its length may have: no overlong forms */
	unsigned mouse;      /* bytes of a mouse report still to come */
	unsigned parameters; /* of the sequence: how many bytes were read */
	unsigned numbers;    /* of it, so far: how many stand between the semicolons; 0: others */
	int column;          /* the last of them; with K_REPORT where the cursor stood */
	unsigned char head;  /* ']' or 'P' */
};

/*
 * Takes one byte (0..255) and writes the keys it completes, as in keys.h; the
 * number of keys, 0..INPUT_KEYS.  CR counts as Enter, DEL and BS as Backspace.
 * Malformed UTF-8, C1 controls and foreign sequences give no key, except that a cursor
 * report gives K_REPORT and leaves its column in the struct.
 */
size_t input_byte(struct input *input, unsigned byte, int out[INPUT_KEYS]);

/* No byte follows for now: an ESC alone is the key.  Returns the number of keys. */
size_t input_quiet(struct input *input, int out[INPUT_KEYS]);

/* The same decoder without control sequences, for pasted text: true with a character. */
bool input_text(struct input *input, unsigned byte, uint32_t *ret_point);

/* Whether a sequence or a character is only half read. */
bool input_is_open(const struct input *input);

#endif
