/* SPDX-License-Identifier: MIT */
/*
 * Tests of text_show(), the function that stands between hostile text and
 * everything that displays it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/str.h"
#include "toban/base/text.h"

/* The forms that must reach no terminal, decoded anew so as not to ask the code under test. */
static bool
is_forbidden(uint32_t cp)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} rows[] = {
		{ 0x00, 0x1f },       /* C0 */
		{ 0x7f, 0x9f },       /* DEL, C1 */
		{ 0xad, 0xad },       /* soft hyphen */
		{ 0x34f, 0x34f },     /* grapheme joiner */
		{ 0x61c, 0x61c },     /* Arabic letter mark */
		{ 0x115f, 0x115f },   /* Hangul filler */
		{ 0x180b, 0x180f },   /* Mongolian selectors */
		{ 0x200b, 0x200f },   /* zero width, marks of direction */
		{ 0x2028, 0x202e },   /* separators, embeddings, overrides */
		{ 0x2060, 0x206f },   /* word joiner, isolates */
		{ 0x3164, 0x3164 },   /* Hangul filler */
		{ 0xd800, 0xdfff },   /* surrogates */
		{ 0xfeff, 0xfeff },   /* byte order mark */
		{ 0xfff9, 0xfffb },   /* interlinear annotation */
		{ 0xfffe, 0xffff },   /* noncharacters */
		{ 0x1d173, 0x1d17a }, /* musical controls */
		{ 0x1f1e6, 0x1f1ff }, /* halves of flags */
		{ 0xe0000, 0xe00ff }, /* tags */
		{ 0xe01f0, 0xe0fff }, /* unassigned, never shown */
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (cp >= rows[i].first && cp <= rows[i].last) {
			return true;
		}
	}
	return false;
}

/* Strict decoding by the table of RFC 3629 §4; 0 bytes: not well-formed. */
static size_t
decode(const char *s, size_t len, uint32_t *ret_cp)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	uint32_t cp = n == 1 ? u[0] : u[0] & (0x7fU >> n);

	if (n == 0 || n > len || u[0] > 0xf4) {
		return 0;
	}
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80) {
			return 0;
		}
		cp = cp << 6 | (u[i] & 0x3fU);
	}
	if ((n == 3 && cp < 0x800) || (n == 4 && (cp < 0x10000 || cp > 0x10ffff)) ||
		(cp >= 0xd800 && cp <= 0xdfff)) {
		return 0;
	}
	*ret_cp = cp;
	return n;
}

static void
encode(struct str *out, uint32_t cp)
{
	if (cp < 0x80) {
		str_add_char(out, (char)cp);
	} else if (cp < 0x800) {
		str_addf(out, "%c%c", (int)(0xc0 | cp >> 6), (int)(0x80 | (cp & 0x3f)));
	} else if (cp < 0x10000) {
		str_addf(out, "%c%c%c", (int)(0xe0 | cp >> 12), (int)(0x80 | (cp >> 6 & 0x3f)),
			(int)(0x80 | (cp & 0x3f)));
	} else {
		str_addf(out, "%c%c%c%c", (int)(0xf0 | cp >> 18), (int)(0x80 | (cp >> 12 & 0x3f)),
			(int)(0x80 | (cp >> 6 & 0x3f)), (int)(0x80 | (cp & 0x3f)));
	}
}

/* Checks everything that holds for any input; `newlines` may stand in it. */
static void
assert_harmless(const struct str *shown, bool newlines)
{
	int marks = 0;
	struct str again = STR_INIT;

	assert_false(shown->failed);
	for (size_t at = 0; at < shown->len;) {
		uint32_t cp = 0;
		size_t n = decode(shown->data + at, shown->len - at, &cp);

		assert_int_not_equal(n, 0);
		if (!(newlines && cp == '\n')) {
			assert_false(is_forbidden(cp));
			assert_true(width_of(cp) >= 0);
			marks = width_of(cp) == 0 ? marks + 1 : 0;
			assert_true(marks <= 4);
		}
		at += n;
	}
	/* Showing twice is showing once: layers may each be careful. */
	text_show(&again, str_text(shown), shown->len, newlines ? TEXT_KEEP_NEWLINE : TEXT_LINE);
	assert_string_equal(str_text(&again), str_text(shown));
	str_release(&again);
}

static void
text_show__table__shows_marks(void **state)
{
#define ROW(s, want)                                                                               \
	{                                                                                          \
		s, sizeof(s) - 1, want                                                             \
	}
	static const struct {
		const char *text;
		size_t len;
		const char *want;
	} rows[] = {
		ROW("", ""),
		ROW("plain ~!", "plain ~!"),
		ROW("日本語 ｶﾞ ※① Ａ", "日本語 ｶﾞ ※① Ａ"),
		ROW("髙﨑𠮟 μ №", "髙﨑𠮟 μ №"),
		ROW("\x1b[31mred", "<U+001B>[31mred"),
		ROW("\x1b]52;c;eA==\a", "<U+001B>]52;c;eA==<U+0007>"),
		ROW("a\rb\nc\td\be\x7f", "a<U+000D>b<U+000A>c<U+0009>d<U+0008>e<U+007F>"),
		ROW("a\0b", "a<U+0000>b"),
		ROW("\xc2\x9b"
		    "2J",
			"<U+009B>2J"),
		ROW("\x9b"
		    "2J",
			"<h9B>2J"),
		ROW("\xc0\xaf", "<hC0><hAF>"),
		ROW("\xed\xa0\x80", "<hED><hA0><h80>"),
		ROW("\xf4\x90\x80\x80", "<hF4><h90><h80><h80>"),
		ROW("ab\xe6\x97", "ab<hE6><h97>"),
		ROW("\xe6\x97"
		    "A",
			"<hE6><h97>A"),
		ROW("\u202eevil\u202c", "<U+202E>evil<U+202C>"),
		ROW("\u2066x\u2069", "<U+2066>x<U+2069>"),
		ROW("a\u200bb\u200d\ufeff", "a<U+200B>b<U+200D><U+FEFF>"),
		ROW("a\u2028b\u2029", "a<U+2028>b<U+2029>"),
		ROW("a\U000e0041", "a<U+E0041>"),
		ROW("a\u00adb", "a<U+00AD>b"),
		ROW("a\u0378b", "a<U+0378>b"),
		ROW("e\u0301", "e\u0301"),
		ROW("か\u3099", "か\u3099"),
		ROW("葛\U000e0100", "葛\U000e0100"),
		ROW("a\U000e0100", "a<U+E0100>"),
		ROW("葛\U000e0100\U000e0101", "葛\U000e0100<U+E0101>"),
		ROW("\u0301a", "<U+0301>a"),
		ROW("\x1b\u0301a", "<U+001B><U+0301>a"),
		ROW("e\u0301\u0302\u0303\u0304", "e\u0301\u0302\u0303\u0304"),
		ROW("e\u0301\u0302\u0303\u0304\u0305\u0306x", "e\u0301\u0302\u0303\u0304<+2>x"),
		ROW("\u3164\u115f", "<U+3164><U+115F>"),
		ROW("👨\u200d👩\u200d👧!", "👨!"),
		ROW("👍🏽 ok", "👍 ok"),
		ROW("☎\ufe0f 1\ufe0f\u20e3 #", "☎ 1 #"),
		ROW("👨\u200d", "👨<U+200D>"),
		ROW("👨\u200d"
		    "a",
			"👨<U+200D>a"),
		ROW("👨\ufe0f\u200d"
		    "a",
			"👨<U+200D>a"),
		ROW("a\ufe0f", "a<U+FE0F>"),
		ROW("🇯🇵", "<U+1F1EF><U+1F1F5>"),
		ROW("<U+202E> typed", "<U+202E> typed"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str shown = STR_INIT;

		text_show(&shown, rows[i].text, rows[i].len, TEXT_LINE);
		assert_string_equal(str_text(&shown), rows[i].want);
		assert_harmless(&shown, false);
		str_release(&shown);
	}
}

static void
text_show__keep_newline__keeps_only_newlines(void **state)
{
	struct str shown = STR_INIT;

	(void)state;
	text_show(&shown, "a\n\tb\r\n\u0301c", 9, TEXT_KEEP_NEWLINE);
	assert_string_equal(str_text(&shown), "a\n<U+0009>b<U+000D>\n<U+0301>c");
	assert_harmless(&shown, true);
	str_clear(&shown);
	/* Many lines in one row of a list; a mark still stands by itself. */
	text_show(&shown, "a\n\tb\r\n\u0301c", 9, TEXT_FOLD);
	assert_string_equal(str_text(&shown), "a  b<U+000D> <U+0301>c");
	assert_harmless(&shown, false);
	str_release(&shown);
}

/* Every code point there is, but only samples of kanji and of the empty planes. */
static uint32_t
next_point(uint32_t cp)
{
	bool alike = (cp >= 0x3400 && cp < 0x9f00) || (cp >= 0xac00 && cp < 0xd700) ||
		(cp >= 0x20000 && cp < 0xdff00) || cp >= 0xf0000;

	return alike ? cp + 0x3f : cp + 1;
}

static void
text_show__every_code_point__is_harmless(void **state)
{
	static const char *const before[] = { "", "a", "葛", "👨" };

	(void)state;
	for (uint32_t cp = 0; cp < 0x110000; cp = next_point(cp)) {
		for (size_t i = 0; i < ARRAY_LEN(before); i++) {
			struct str text = STR_INIT;
			struct str shown = STR_INIT;

			str_add(&text, before[i]);
			encode(&text, cp);
			text_show(&shown, text.data, text.len, TEXT_LINE);
			assert_harmless(&shown, false);
			str_release(&text);
			str_release(&shown);
		}
	}
}

static void
text_show__ten_thousand_marks__stay_one_letter(void **state)
{
	struct str text = STR_INIT;
	struct str shown = STR_INIT;

	(void)state;
	str_add(&text, "Z");
	for (int i = 0; i < 10000; i++) {
		str_add(&text, "\u0301");
	}
	text_show(&shown, text.data, text.len, TEXT_LINE);
	assert_string_equal(str_text(&shown), "Z\u0301\u0301\u0301\u0301<+9996>");
	str_release(&text);
	str_release(&shown);
}

static void
text_show__a_mebibyte_of_controls__is_shown_whole(void **state)
{
	struct str text = STR_INIT;
	struct str shown = STR_INIT;

	(void)state;
	str_add_repeat(&text, '\x1b', 1 << 20);
	text_show(&shown, text.data, text.len, TEXT_LINE);
	assert_int_equal(shown.len, 8 << 20);
	str_release(&text);
	str_release(&shown);
}

/* Random bytes and random pieces, by a fixed generator: the same everywhere. */
static void
text_show__random_input__is_harmless(void **state)
{
	static const char *const pieces[] = { "\x1b", "\xc2", "\x9b", "\u202e", "\u200d", "\ufe0f",
		"👨", "🇯", "\U000e0041", "\u0301", "\u3099", "か", "漢", "a", "1", "\u20e3", "🏽",
		"\xf0\x9f", "\xed\xa0", "\n", "\U000e0100", "ｶ", "ﾞ", "\u1100", "\u1161", "각" };
	uint32_t seed = 42;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct str text = STR_INIT;
		struct str shown = STR_INIT;
		char *exact = NULL;

		for (int i = 0; i < 24; i++) {
			seed = seed * 1664525 + 1013904223;
			if (round % 2 == 0) {
				str_add_char(&text, (char)(seed >> 24));
			} else {
				str_add(&text, pieces[(seed >> 16) % ARRAY_LEN(pieces)]);
			}
		}
		/* An exact copy, so that the sanitizer sees a read past the end. */
		exact = malloc(text.len);
		assert_non_null(exact);
		memcpy(exact, text.data, text.len);
		text_show(&shown, exact, text.len, round % 3 == 0 ? TEXT_KEEP_NEWLINE : TEXT_LINE);
		assert_harmless(&shown, round % 3 == 0);
		free(exact);
		str_release(&text);
		str_release(&shown);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_show__table__shows_marks),
		cmocka_unit_test(text_show__keep_newline__keeps_only_newlines),
		cmocka_unit_test(text_show__every_code_point__is_harmless),
		cmocka_unit_test(text_show__ten_thousand_marks__stay_one_letter),
		cmocka_unit_test(text_show__a_mebibyte_of_controls__is_shown_whole),
		cmocka_unit_test(text_show__random_input__is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
