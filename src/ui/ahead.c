/* SPDX-License-Identifier: MIT */
/*
 * The kept bytes read as keys once more, without taking them: what they will do is decided
 * when they are handed out.
 */
#include "ahead.h"

#include <string.h>

#include "input.h"
#include "toban/base/text.h"

enum { TAIL = 512 }; /* bytes; more than a row shows */

struct reading {
	struct input input;
	bool pasting;
	size_t text; /* where the characters at the end of the words begin */
};

static void
add_key(struct reading *reading, int code, struct str *out)
{
	const struct key key = { .code = code };
	char utf8[5];
	size_t n = key_utf8(&key, utf8);

	if (key_is_text(&key) && n > 0) {
		str_add_n(out, utf8, n);
		return;
	}
	if (code == K_BACKSPACE && out->len > reading->text) {
		str_truncate(out, text_prev(str_text(out), out->len, out->len));
		return;
	}
	if (code == K_REPORT || code == K_NONE) {
		return; /* the terminal's, not theirs */
	}
	str_add(out, "[");
	key_label(out, code);
	str_add(out, "]");
	reading->text = out->len;
}

/* The mark of a paste that begins or ends at `bytes`, and how long it is; 0: none. */
static size_t
take_mark(struct reading *reading, const char *bytes, struct str *out)
{
	if (strncmp(bytes, PASTE_BEGIN, strlen(PASTE_BEGIN)) == 0) {
		str_add(out, "[...]");
		reading->text = out->len;
		reading->pasting = true;
		return strlen(PASTE_BEGIN);
	}
	if (strncmp(bytes, PASTE_END, strlen(PASTE_END)) == 0) {
		reading->pasting = false;
		return strlen(PASTE_END);
	}
	return 0;
}

/* Where the end of it begins that is long enough; never within a character. */
static size_t
tail_at(const struct keyboard *keyboard)
{
	const char *text = str_text(&keyboard->ahead);
	size_t at = keyboard->ahead_at;

	if (keyboard->ahead.len - at > TAIL) {
		at = keyboard->ahead.len - TAIL;
		while (at < keyboard->ahead.len && ((unsigned char)text[at] & 0xc0) == 0x80) {
			at++;
		}
	}
	return at;
}

void
ahead_words(const struct keyboard *keyboard, struct str *out)
{
	struct reading reading = { .pasting = keyboard->pasting };
	const char *text = str_text(&keyboard->ahead);
	size_t at = tail_at(keyboard);

	if (at == keyboard->ahead_at) {
		reading.input = keyboard->input;
	}
	while (at < keyboard->ahead.len) {
		int keys[INPUT_KEYS];
		size_t mark = take_mark(&reading, text + at, out);
		size_t n = 0;

		if (mark > 0) {
			at += mark;
			continue;
		}
		if (!reading.pasting) {
			n = input_byte(&reading.input, (unsigned char)text[at], keys);
		}
		for (size_t i = 0; i < n; i++) {
			add_key(&reading, keys[i], out);
		}
		at++;
	}
}
