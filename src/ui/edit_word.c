/* SPDX-License-Identifier: MIT */
/*
 * Words in a text without blanks: runs of one script.
 */
#include <stdint.h>
#include <string.h>

#include "edit.h"
#include "toban/base/attr.h"

enum script {
	SCRIPT_NONE, /* blanks and newlines: between words */
	SCRIPT_SIGN, /* punctuation */
	SCRIPT_WORD, /* letters and digits of any alphabet */
	SCRIPT_HIRAGANA,
	SCRIPT_KATAKANA,
	SCRIPT_KANJI,
};

struct range {
	uint32_t first;
	uint32_t last;
	enum script script;
};

/* The first row that holds the code point decides. */
static const struct range ranges[] = {
	{ 0x00, 0x20, SCRIPT_NONE },
	{ '0', '9', SCRIPT_WORD },
	{ 'A', 'Z', SCRIPT_WORD },
	{ '_', '_', SCRIPT_WORD },
	{ 'a', 'z', SCRIPT_WORD },
	{ 0x21, 0x7f, SCRIPT_SIGN },
	{ 0xa0, 0xa0, SCRIPT_NONE },
	{ 0x80, 0xbf, SCRIPT_SIGN },
	{ 0x2000, 0x2bff, SCRIPT_SIGN },
	{ 0x3000, 0x3000, SCRIPT_NONE },
	{ 0x3005, 0x3007, SCRIPT_KANJI },
	{ 0x3001, 0x3040, SCRIPT_SIGN },
	{ 0x3041, 0x309f, SCRIPT_HIRAGANA },
	{ 0x30fb, 0x30fb, SCRIPT_SIGN },
	{ 0x30a0, 0x30ff, SCRIPT_KATAKANA },
	{ 0x3400, 0x9fff, SCRIPT_KANJI },
	{ 0xf900, 0xfaff, SCRIPT_KANJI },
	{ 0xff10, 0xff19, SCRIPT_WORD },
	{ 0xff21, 0xff3a, SCRIPT_WORD },
	{ 0xff41, 0xff5a, SCRIPT_WORD },
	{ 0xff66, 0xff9f, SCRIPT_KATAKANA },
	{ 0xff00, 0xff65, SCRIPT_SIGN },
	{ 0x20000, 0x3ffff, SCRIPT_KANJI },
};

static uint32_t
decode(const char *s)
{
	const unsigned char *b = (const unsigned char *)s;

	if (b[0] < 0x80) {
		return b[0];
	}
	if (b[0] < 0xe0) {
		return (uint32_t)(b[0] & 0x1f) << 6 | (b[1] & 0x3fU);
	}
	if (b[0] < 0xf0) {
		return (uint32_t)(b[0] & 0x0f) << 12 | (uint32_t)(b[1] & 0x3f) << 6 |
			(b[2] & 0x3fU);
	}
	return (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3f) << 12 |
		(uint32_t)(b[2] & 0x3f) << 6 | (b[3] & 0x3fU);
}

/* By the cluster's first code point: marks belong to their letter. */
static enum script
script_at(const char *text, size_t pos)
{
	uint32_t cp = decode(text + pos);

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		if (cp >= ranges[i].first && cp <= ranges[i].last) {
			return ranges[i].script;
		}
	}
	return SCRIPT_WORD;
}

size_t
edit_word_left(const char *text, size_t len, size_t pos)
{
	size_t before = pos;
	enum script script = SCRIPT_NONE;

	while (pos > 0 && script == SCRIPT_NONE) {
		pos = text_prev(text, len, pos);
		script = script_at(text, pos);
	}
	before = pos;
	while (before > 0) {
		before = text_prev(text, len, before);
		if (script_at(text, before) != script) {
			break;
		}
		pos = before;
	}
	return pos;
}

size_t
edit_word_right(const char *text, size_t len, size_t pos)
{
	enum script script;

	while (pos < len && script_at(text, pos) == SCRIPT_NONE) {
		pos = text_next(text, len, pos);
	}
	if (pos == len) {
		return len;
	}
	script = script_at(text, pos);
	while (pos < len && script_at(text, pos) == script) {
		pos = text_next(text, len, pos);
	}
	return pos;
}
