/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/text.c: validity, clusters, columns, fields, input.
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

static void
utf8_valid__table__follows_rfc_3629(void **state)
{
#define BYTES(s, want)                                                                             \
	{                                                                                          \
		s, sizeof(s) - 1, want                                                             \
	}
	static const struct {
		const char *text;
		size_t len;
		bool want;
	} rows[] = {
		BYTES("", true),
		BYTES("plain", true),
		BYTES("日本語", true),
		BYTES("a\0b", true),
		BYTES("\xf0\xa0\xae\x9f", true),
		BYTES("\xf4\x8f\xbf\xbf", true),
		BYTES("\x80", false),
		BYTES("\xc0\x80", false),
		BYTES("\xc1\xbf", false),
		BYTES("\xe0\x9f\xbf", false),
		BYTES("\xed\xa0\x80", false),
		BYTES("\xf0\x8f\xbf\xbf", false),
		BYTES("\xf4\x90\x80\x80", false),
		BYTES("\xf5\x80\x80\x80", false),
		BYTES("\xe6\x97", false),
		BYTES("\xe6\x97"
		      "A",
			false),
		BYTES("\xff", false),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(utf8_valid(rows[i].text, rows[i].len), rows[i].want);
	}
}

/* Walks forward over the cluster ends, and back over their starts. */
static void
assert_clusters(const char *s, size_t len, const size_t *ends, size_t n)
{
	size_t pos = 0;

	for (size_t i = 0; i < n; i++) {
		pos = text_next(s, len, pos);
		assert_int_equal(pos, ends[i]);
	}
	assert_int_equal(pos, len);
	for (size_t i = n; i-- > 0;) {
		pos = text_prev(s, len, pos);
		assert_int_equal(pos, i == 0 ? 0 : ends[i - 1]);
	}
}

/* One line of GraphemeBreakTest.txt: "÷ 0020 × 0308 ÷"; false when it is none. */
static bool
break_line_read(const char *line, struct str *text, size_t *ends, size_t *n)
{
	const char *at = line + strlen("÷");

	if (strncmp(line, "÷", strlen("÷")) != 0) {
		return false;
	}
	*n = 0;
	for (;;) {
		char *end = NULL;
		unsigned long cp = strtoul(at, &end, 16);

		if (end == at) {
			return true;
		}
		/* wctomb() would need a locale, so the encoder is spelled out. */
		if (cp < 0x80) {
			str_add_char(text, (char)cp);
		} else if (cp < 0x800) {
			str_addf(text, "%c%c", (int)(0xc0 | cp >> 6), (int)(0x80 | (cp & 0x3f)));
		} else if (cp < 0x10000) {
			str_addf(text, "%c%c%c", (int)(0xe0 | cp >> 12),
				(int)(0x80 | (cp >> 6 & 0x3f)), (int)(0x80 | (cp & 0x3f)));
		} else {
			str_addf(text, "%c%c%c%c", (int)(0xf0 | cp >> 18),
				(int)(0x80 | (cp >> 12 & 0x3f)), (int)(0x80 | (cp >> 6 & 0x3f)),
				(int)(0x80 | (cp & 0x3f)));
		}
		at = end + strspn(end, " ");
		if (strncmp(at, "÷", strlen("÷")) == 0) {
			ends[(*n)++] = text->len;
		}
		at += strlen("÷"); /* "×" has as many bytes */
	}
}

static void
text_next__unicodes_own_break_test__agrees(void **state)
{
	FILE *file = fopen(UNICODE_DIR "/auxiliary/GraphemeBreakTest.txt", "r");
	char line[1024];
	int cases = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		struct str text = STR_INIT;
		size_t ends[64];
		size_t n = 0;

		if (break_line_read(line, &text, ends, &n)) {
			assert_clusters(text.data, text.len, ends, n);
			cases++;
		}
		str_release(&text);
	}
	assert_int_equal(fclose(file), 0);
	assert_true(cases > 500);
}

static void
text_next__japanese_and_emoji__whole_clusters(void **state)
{
	static const struct {
		const char *text;
		size_t ends[6];
		size_t n;
	} rows[] = {
		{ "a日b", { 1, 4, 5 }, 3 },
		{ "か\u3099x", { 6, 7 }, 2 },
		{ "ｶﾞx", { 6, 7 }, 2 },
		{ "葛\U000e0100城", { 7, 10 }, 2 },
		{ "🇯🇵🇯🇵🇯", { 8, 16, 20 }, 3 },
		{ "👨\u200d👩\u200d👧👧", { 18, 22 }, 2 },
		{ "👍🏽!", { 8, 9 }, 2 },
		{ "a\r\nb", { 1, 3, 4 }, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_clusters(rows[i].text, strlen(rows[i].text), rows[i].ends, rows[i].n);
	}
}

static void
text_next__past_the_end__stays(void **state)
{
	(void)state;
	assert_int_equal(text_next("abc", 3, 3), 3);
	assert_int_equal(text_next("abc", 3, 99), 3);
	assert_int_equal(text_next("", 0, 0), 0);
	assert_int_equal(text_prev("abc", 3, 0), 0);
	assert_int_equal(text_prev("abc", 3, 99), 2);
}

static void
text_prev__random_input__undoes_next(void **state)
{
	static const char *const pieces[] = { "\xff", "\xe6\x97", "🇯", "\u200d", "👨", "\u0301",
		"か", "a", "\n", "\r", "🏽", "\u1100", "\u1161", "각", "\u0600", "\u0903" };
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct str text = STR_INIT;

		for (int i = 0; i < 20; i++) {
			seed = seed * 1664525 + 1013904223;
			str_add(&text, pieces[(seed >> 16) % ARRAY_LEN(pieces)]);
		}
		for (size_t pos = 0; pos < text.len;) {
			size_t next = text_next(text.data, text.len, pos);

			assert_true(next > pos && next <= text.len);
			assert_int_equal(text_prev(text.data, text.len, next), pos);
			pos = next;
		}
		str_release(&text);
	}
}

static void
text_width__table__counts_columns(void **state)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "日本語", 6 },
		{ "か\u3099", 2 },
		{ "ｶﾞ", 2 },
		{ "e\u0301", 1 },
		{ "葛\U000e0100", 2 },
		{ "※①", 2 },
		{ "𠮟る", 4 },
		{ "a\nb", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(text_width(rows[i].text, strlen(rows[i].text)), rows[i].want);
	}
}

static void
text_fit__table__fills_exactly(void **state)
{
	static const struct {
		const char *text;
		int cols;
		const char *want;
		bool cut;
	} rows[] = {
		{ "abc", 5, "abc  ", false },
		{ "abc", 3, "abc", false },
		{ "abc", 2, "ab", true },
		{ "", 3, "   ", false },
		{ "", 0, "", false },
		{ "abc", 0, "", true },
		{ "abc", -4, "", true },
		{ "日本語", 6, "日本語", false },
		{ "日本語", 5, "日本 ", true },
		{ "日本語", 1, " ", true },
		{ "a日本語", 6, "a日本 ", true },
		{ "か\u3099き", 2, "か\u3099", true },
		{ "e\u0301x", 1, "e\u0301", true },
		{ "ab\ncd", 8, "ab<U+000", true },
		{ "\x1b[2J", 11, "<U+001B>[2J", false },
		{ "\u202e", 4, "<U+2", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str out = STR_INIT;

		assert_int_equal(text_fit(&out, rows[i].text, strlen(rows[i].text), rows[i].cols),
			rows[i].cut);
		assert_string_equal(str_text(&out), rows[i].want);
		str_release(&out);
	}
}

static void
text_fit__long_hostile_texts__fill_exactly_and_quickly(void **state)
{
	static const char *const units[] = { "漢", "e\u0301\u0301\u0301\u0301\u0301",
		"👨\u200d👩\u200d👧", "\x1b", "\u202e", "🇯", "\xff", "a日", "\u0301" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct str text = STR_INIT;

		for (int n = 0; n < 20000; n++) {
			str_add(&text, units[i]);
		}
		for (int cols = 1; cols < 200; cols += 7) {
			struct str out = STR_INIT;

			assert_true(text_fit(&out, text.data, text.len, cols));
			assert_int_equal(text_width(out.data, out.len), cols);
			assert_true(utf8_valid(out.data, out.len));
			str_release(&out);
		}
		str_release(&text);
	}
}

static void
text_input_ok__table__names_the_first_fault(void **state)
{
#define FINE SIZE_MAX
	static const struct {
		const char *text;
		size_t len;
		size_t want;
	} rows[] = {
		BYTES("", FINE),
		BYTES("two\n\tlines 日本語 \u202e 👨\u200d👩", FINE),
		BYTES("a\rb", 1),
		BYTES("a\0b", 1),
		BYTES("日\x1b", 3),
		BYTES("ab\x7f", 2),
		BYTES("a\xc2\x9b", 1),
		BYTES("a\xc2\xa0", FINE),
		BYTES("a\xff", 1),
		BYTES("ab\xe6\x97", 2),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t at = FINE;

		assert_int_equal(
			text_input_ok(rows[i].text, rows[i].len, &at), rows[i].want == FINE);
		assert_int_equal(at, rows[i].want);
		assert_int_equal(
			text_input_ok(rows[i].text, rows[i].len, NULL), rows[i].want == FINE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_valid__table__follows_rfc_3629),
		cmocka_unit_test(text_next__unicodes_own_break_test__agrees),
		cmocka_unit_test(text_next__japanese_and_emoji__whole_clusters),
		cmocka_unit_test(text_next__past_the_end__stays),
		cmocka_unit_test(text_prev__random_input__undoes_next),
		cmocka_unit_test(text_width__table__counts_columns),
		cmocka_unit_test(text_fit__table__fills_exactly),
		cmocka_unit_test(text_fit__long_hostile_texts__fill_exactly_and_quickly),
		cmocka_unit_test(text_input_ok__table__names_the_first_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
