/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins for ambiguous characters.
 */
#include "wide.h"

#include <stdbool.h>
#include "toban/base/text.h"

enum { PLANE_3 = 0x30000 };

/* The length of a character by its first byte; 1 for anything odd. */
static size_t
length_of(unsigned char first)
{
	if (first >= 0xf0) {
		return 4;
	}
	if (first >= 0xe0) {
		return 3;
	}
	return first >= 0xc0 ? 2 : 1;
}

static bool
is_ambiguous(uint32_t code)
{
	int narrow;

	width_set_ambiguous(1);
	narrow = width_of(code);
	width_set_ambiguous(2);
	return width_of(code) != narrow;
}

/* Appends one complete character of two or three bytes, or its stand-in. */
static void
add_character(const char *ch, size_t len, struct str *out)
{
	uint32_t code = (unsigned char)ch[0] & (len == 2 ? 0x1fu : 0x0fu);
	char text[4];

	for (size_t i = 1; i < len; i++) {
		code = code << 6 | ((unsigned char)ch[i] & 0x3fu);
	}
	if (len < 2 || len > 3 || !is_ambiguous(code)) {
		str_add_n(out, ch, len);
		return;
	}
	code += PLANE_3;
	text[0] = (char)(0xf0 | code >> 18);
	text[1] = (char)(0x80 | (code >> 12 & 0x3f));
	text[2] = (char)(0x80 | (code >> 6 & 0x3f));
	text[3] = (char)(0x80 | (code & 0x3f));
	str_add_n(out, text, 4);
}

void
wide_translate(struct wide *wide, const char *bytes, size_t len, struct str *out)
{
	for (size_t i = 0; i < len; i++) {
		wide->pending[wide->n_pending++] = bytes[i];
		if (wide->n_pending == length_of((unsigned char)wide->pending[0])) {
			add_character(wide->pending, wide->n_pending, out);
			wide->n_pending = 0;
		}
	}
}

uint32_t
wide_origin(uint32_t ch)
{
	return ch >= PLANE_3 && ch < PLANE_3 + 0x10000 ? ch - PLANE_3 : ch;
}
