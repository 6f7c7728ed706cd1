/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/text_wrap.c.
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

/* The rows with "|" between them. */
static void
assert_rows(const char *text, int cols, const char *want)
{
	struct str got = STR_INIT;
	struct text_row *rows = NULL;
	size_t n = 0;

	assert_int_equal(text_wrap(text, strlen(text), cols, &rows, &n), ERR_OK);
	for (size_t i = 0; i < n; i++) {
		str_add(&got, i > 0 ? "|" : "");
		str_add_n(&got, text + rows[i].start, rows[i].end - rows[i].start);
	}
	assert_string_equal(str_text(&got), want);
	str_release(&got);
	free(rows);
}

static void
text_wrap__table__breaks_where_a_reader_expects(void **state)
{
	static const struct {
		const char *text;
		int cols;
		const char *want;
	} rows[] = {
		{ "", 10, "" },
		{ "\n", 10, "|" },
		{ "a\n\nb\n", 10, "a||b|" },
		{ "one two three", 8, "one two |three" },
		{ "one two three", 7, "one two |three" },
		{ "one two", 3, "one |two" },
		{ "one  two", 3, "one  |two" },
		{ "  indented text", 8, "  |indented |text" },
		{ "abcdefghij", 4, "abcd|efgh|ij" },
		{ "x abcdefghij", 4, "x |abcd|efgh|ij" },
		{ "日本語の文章", 6, "日本語|の文章" },
		{ "日本語の文章", 7, "日本語|の文章" },
		{ "日本語の文章", 2, "日|本|語|の|文|章" },
		/* no closing mark, small kana or long vowel at a row's start */
		{ "日本語、文章", 6, "日本|語、文|章" },
		{ "日本語。」文章", 6, "日本|語。」|文章" },
		{ "これはデータ", 8, "これは|データ" },
		{ "あああちょっと", 8, "あああ|ちょっと" },
		{ "人々の声", 2, "人|々|の|声" },
		{ "佐々木々々", 6, "佐々|木々々" },
		/* no opening mark at its end */
		{ "報告（一）", 6, "報告|（一）" },
		{ "彼は「はい」と", 6, "彼は|「は|い」と" },
		/* half-width kana may be broken anywhere but before its marks */
		{ "ｶﾞｷﾞｸﾞ", 3, "ｶﾞ|ｷﾞ|ｸﾞ" },
		/* Latin inside of Japanese stays whole */
		{ "障害はweb01で発生", 10, "障害は|web01で発|生" },
		{ "障害はweb01、発生", 11, "障害は|web01、発生" },
		{ "ログは /var/log です", 10, "ログは |/var/log |です" },
		/* clusters stay whole */
		{ "か\u3099き\u3099く\u3099", 4, "か\u3099き\u3099|く\u3099" },
		{ "e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301" },
		/* hopeless widths are taken as 2 */
		{ "日本", 0, "日|本" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_rows(rows[i].text, rows[i].cols, rows[i].want);
	}
}

/*
 * What the editor relies on: the rows follow each other without a gap but the
 * newlines, begin and end at clusters, and are too wide only by blanks.
 */
static void
assert_rows_sound(const char *s, size_t len, int cols)
{
	struct text_row *rows = NULL;
	size_t n = 0;
	size_t at = 0;

	assert_int_equal(text_wrap(s, len, cols, &rows, &n), ERR_OK);
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		size_t end = rows[i].end;
		size_t first = 0;

		assert_int_equal(rows[i].start, at);
		assert_true(end >= at && end <= len);
		assert_null(memchr(s + at, '\n', end - at));
		first = text_next(s, len, at);
		while (end > at && s[end - 1] == ' ') {
			end--;
		}
		/* One cluster alone may be wider than the narrowest rows. */
		assert_true(text_width(s + at, end - at) <= cols || end <= first);
		/* Only the last row may be empty, or one between two newlines. */
		assert_true(end > at || i + 1 == n || s[rows[i].end] == '\n' ||
			rows[i].end > rows[i].start);
		at = rows[i].end + (rows[i].end < len && s[rows[i].end] == '\n' ? 1 : 0);
		if (i + 1 < n) {
			assert_true(at > rows[i].start);
		}
	}
	assert_int_equal(rows[n - 1].end, len);
	free(rows);
}

static void
text_wrap__random_text__every_byte_has_one_row(void **state)
{
	static const char *const pieces[] = { "a", "word", " ", "  ", "\n", "漢", "字", "、", "。",
		"「", "」", "（", "ー", "っ", "か\u3099", "e\u0301", "ｶﾞ", "<U+202E>", "☎", "각",
		"-", ",", "(", ")" };
	uint32_t seed = 99;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		struct str text = STR_INIT;

		for (int i = 0; i < 40; i++) {
			seed = seed * 1664525 + 1013904223;
			str_add(&text, pieces[(seed >> 16) % ARRAY_LEN(pieces)]);
		}
		assert_rows_sound(text.data, text.len, 2 + round % 30);
		str_release(&text);
	}
}

static void
text_wrap__marks_only__gives_up_kinsoku(void **state)
{
	(void)state;
	assert_rows("」」」」」", 4, "」」|」」|」");
	assert_rows("「「「「「", 4, "「「|「「|「");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_wrap__table__breaks_where_a_reader_expects),
		cmocka_unit_test(text_wrap__random_text__every_byte_has_one_row),
		cmocka_unit_test(text_wrap__marks_only__gives_up_kinsoku),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
