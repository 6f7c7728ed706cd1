/* SPDX-License-Identifier: MIT */
/*
 * The language of search, and the marks in what was found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/core/find.h"

#define NOW INT64_C(1795354860000) /* 2026-11-22 22:41 +09:00 */
#define ZONE 540

static struct arena *arena;

static struct find_query
parse(const char *text)
{
	struct find_query query;
	struct find_fault fault;

	assert_int_equal(find_parse(arena, text, &query, &fault), ERR_OK);
	return query;
}

static struct find_fault
fails(const char *text)
{
	struct find_query query;
	struct find_fault fault;

	assert_int_equal(find_parse(arena, text, &query, &fault), ERR_INVALID);
	return fault;
}

static void
parse__words_phrases_and_not__are_told_apart(void **state)
{
	struct find_query q = parse("ＦＡＸ \"誤 送信\"　-訓練 -\"a b\" 22:13 http://x -");

	(void)state;
	assert_int_equal(q.n_words, 5);
	assert_string_equal(q.words[0], "fax");
	assert_string_equal(q.words[1], "誤 送信");
	assert_string_equal(q.words[2], "22:13");
	assert_string_equal(q.words[3], "http://x");
	assert_string_equal(q.words[4], "-");
	assert_int_equal(q.n_without, 2);
	assert_string_equal(q.without[0], "訓練");
	assert_string_equal(q.without[1], "a b");
	assert_int_equal(q.n_filters, 0);
}

static void
parse__filters__in_both_languages_and_widths(void **state)
{
	struct find_query q = parse("分類：３ State:OPEN mine -dept:dc 添付:evidence \"mine\"");

	(void)state;
	assert_int_equal(q.n_filters, 5);
	assert_int_equal(q.filters[0].key, FIND_CLASS);
	assert_string_equal(q.filters[0].value, "3");
	assert_int_equal(q.filters[1].key, FIND_STATE);
	assert_string_equal(q.filters[1].value, "open");
	assert_int_equal(q.filters[1].at, 5);
	assert_int_equal(q.filters[2].key, FIND_MINE);
	assert_true(q.filters[3].not );
	assert_int_equal(q.filters[4].key, FIND_HAS);
	assert_int_equal(q.n_words, 1);
	assert_string_equal(q.words[0], "mine");
}

static void
parse__faults__say_what_and_where(void **state)
{
	struct find_fault fault = fails("誤送信 colour:red");

	(void)state;
	assert_int_equal(fault.kind, FIND_UNKNOWN);
	assert_string_equal(fault.part, "colour:red");
	assert_int_equal(fault.at, 4);
	assert_int_equal(fails("state:").kind, FIND_NO_VALUE);
	assert_int_equal(fails("a \"b c").kind, FIND_OPEN_QUOTE);
	assert_int_equal(fails("a \"b c").at, 2);
	assert_int_equal(fails("").kind, FIND_EMPTY);
	assert_int_equal(fails("　 \"\"").kind, FIND_EMPTY);
	assert_int_equal(fails("a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a "
			       "a a a a a a a a a a a a a a")
				 .kind,
		FIND_TOO_MANY);
}

static void
assert_date(const char *value, bool end, const char *expected)
{
	char text[STAMP_SIZE];
	stamp at;

	assert_int_equal(find_date(value, NOW, ZONE, end, &at), ERR_OK);
	stamp_format_short(at, ZONE, text);
	assert_string_equal(text, expected);
}

static void
date__years_months_days__begin_and_end(void **state)
{
	stamp at;

	(void)state;
	assert_date("2025", false, "2025-01-01 00:00");
	assert_date("2025", true, "2025-12-31 23:59");
	assert_date("2025-04", false, "2025-04-01 00:00");
	assert_date("2025-12", true, "2025-12-31 23:59");
	assert_date("2026-11-22", true, "2026-11-22 23:59");
	assert_date("yesterday", false, "2026-11-21 00:00");
	assert_date("yesterday", true, "2026-11-21 23:59");
	assert_date("-30d", false, "2026-10-23 22:41");
	assert_date("-30d", true, "2026-10-23 22:41");
	assert_int_equal(find_date("2025-13", NOW, ZONE, false, &at), ERR_INVALID);
	assert_int_equal(find_date("soon", NOW, ZONE, false, &at), ERR_INVALID);
}

static struct find_snippet
snippet(const char *words, const char *text, size_t most)
{
	struct find_query query = parse(words);
	struct find_snippet found;

	assert_int_equal(find_snippet(arena, &query, text, most, &found), ERR_OK);
	return found;
}

static void
snippet__half_width_kana__is_marked_as_written(void **state)
{
	struct find_snippet s = snippet("サーバ", "新しいｻｰﾊﾞ室", 60);

	(void)state;
	assert_string_equal(s.text, "新しいｻｰﾊﾞ室");
	assert_int_equal(s.n, 1);
	assert_int_equal(s.marks[0].start, 3);
	assert_int_equal(s.marks[0].len, 4);
}

static void
snippet__several_words__join_where_they_touch(void **state)
{
	struct find_snippet s = snippet("ab bc x", "ABC - x-x", 60);

	(void)state;
	assert_int_equal(s.n, 3);
	assert_int_equal(s.marks[0].len, 3);
	assert_int_equal(s.marks[1].start, 6);
	assert_int_equal(s.marks[2].start, 8);
	assert_int_equal(snippet("zz", "abc", 60).n, 0);
}

static void
snippet__long_text__is_cut_around_the_first_mark(void **state)
{
	struct find_snippet s =
		snippet("誤送信", "一二三四五六七八九十一二三四五六七八九十の誤送信があった", 20);

	(void)state;
	assert_int_equal(s.n, 1);
	assert_int_equal(s.marks[0].start, 12);
	assert_string_equal(s.text, "十一二三四五六七八九十の誤送信があった");
}

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	return arena == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse__words_phrases_and_not__are_told_apart),
		cmocka_unit_test(parse__filters__in_both_languages_and_widths),
		cmocka_unit_test(parse__faults__say_what_and_where),
		cmocka_unit_test(date__years_months_days__begin_and_end),
		cmocka_unit_test(snippet__half_width_kana__is_marked_as_written),
		cmocka_unit_test(snippet__several_words__join_where_they_touch),
		cmocka_unit_test(snippet__long_text__is_cut_around_the_first_mark),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
