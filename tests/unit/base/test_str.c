/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/str.c.
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

static void
str_add__all_forms__append_in_order(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	assert_string_equal(str_text(&s), "");
	str_add(&s, "a");
	str_add_n(&s, "b\0c", 3);
	str_add_char(&s, 'd');
	str_add_repeat(&s, '-', 3);
	str_addf(&s, "%d%s", 42, "!");
	assert_int_equal(s.len, 11);
	assert_memory_equal(s.data, "ab\0cd---42!", 12);
	str_clear(&s);
	assert_string_equal(str_text(&s), "");
	str_release(&s);
}

static void
str_add__beyond_every_first_size__keeps_all(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		str_addf(&s, "%04d", i);
	}
	assert_int_equal(s.len, 40000);
	assert_memory_equal(s.data + 4 * 9876, "9876", 4);
	str_release(&s);
}

static void
str_splice__table__replaces(void **state)
{
	static const struct {
		size_t pos;
		size_t del;
		const char *with;
		const char *want;
	} rows[] = {
		{ 0, 0, "", "abcdef" },
		{ 0, 0, "xy", "xyabcdef" },
		{ 2, 2, "", "abef" },
		{ 2, 2, "xyz", "abxyzef" },
		{ 6, 0, "!", "abcdef!" },
		{ 4, 99, "!", "abcd!" },
		{ 99, 99, "!", "abcdef!" },
		{ 0, SIZE_MAX, "", "" },
		{ 3, SIZE_MAX, "", "abc" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str s = STR_INIT;

		str_add(&s, "abcdef");
		str_splice(&s, rows[i].pos, rows[i].del, rows[i].with, strlen(rows[i].with));
		assert_string_equal(str_text(&s), rows[i].want);
		assert_int_equal(s.len, strlen(rows[i].want));
		str_release(&s);
	}
}

static void
str_truncate__shorter_and_longer__only_cuts(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	str_truncate(&s, 3);
	str_add(&s, "abc");
	str_truncate(&s, 9);
	assert_string_equal(str_text(&s), "abc");
	str_truncate(&s, 1);
	assert_string_equal(str_text(&s), "a");
	str_release(&s);
}

static void
str_reserve__impossible_size__fails_for_good(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	str_add(&s, "abc");
	assert_false(str_reserve(&s, SIZE_MAX - 2));
	assert_true(s.failed);
	str_add(&s, "more");
	assert_string_equal(str_text(&s), "abc");
	assert_null(str_detach(&s));
	assert_false(s.failed);
	str_release(&s);
}

static void
str_detach__empty_and_filled__gives_the_buffer(void **state)
{
	struct str s = STR_INIT;
	char *text = str_detach(&s);

	(void)state;
	assert_string_equal(text, "");
	free(text);
	str_add(&s, "abc");
	text = str_detach(&s);
	assert_string_equal(text, "abc");
	assert_int_equal(s.len, 0);
	free(text);
}

static void
str_say__table__fills_placeholders(void **state)
{
	static const struct str_arg args[] = {
		{ "who", "佐藤" },
		{ "what", "{who}" },
		{ "none", NULL },
	};
	static const struct {
		const char *pattern;
		const char *want;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "{who} acts", "佐藤 acts" },
		{ "{what}{who}", "{who}佐藤" },
		{ "[{none}]", "[]" },
		{ "{whom} {wh} {} {who", "{whom} {wh} {} {who" },
		{ "{{who}}", "{佐藤}" },
		{ "%s %n {who}%", "%s %n 佐藤%" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str s = STR_INIT;

		str_say(&s, rows[i].pattern, args, ARRAY_LEN(args));
		assert_string_equal(str_text(&s), rows[i].want);
		str_release(&s);
	}
}

/* Whether `word` lies anywhere in the memory of the string. */
static bool
holds(const struct str *s, const char *word)
{
	return s->data != NULL && memmem(s->data, s->cap, word, strlen(word)) != NULL;
}

static void
str_wiping__shortened_in_every_way__holds_nothing_of_it(void **state)
{
	struct str s = STR_WIPING;

	(void)state;
	str_add(&s, "keep secret");
	str_truncate(&s, 5);
	assert_string_equal(str_text(&s), "keep ");
	assert_false(holds(&s, "secret"));

	str_add(&s, "aa secret");
	str_splice(&s, 5, 3, "", 0);
	assert_string_equal(str_text(&s), "keep secret");
	assert_false(holds(&s, "secretret"));

	str_clear(&s);
	assert_false(holds(&s, "secret"));
	assert_int_equal(s.len, 0);
	str_release(&s);
	assert_true(s.wipes);
}

static void
str_wiping__grown_and_detached__keeps_the_text(void **state)
{
	struct str s = STR_WIPING;
	char *data;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		str_add(&s, "0123456789");
	}
	assert_int_equal(s.len, 10000);
	assert_memory_equal(s.data + 9990, "0123456789", 11);
	data = str_detach(&s);
	assert_int_equal(strlen(data), 10000);
	assert_null(s.data);
	free(data);
	str_add(&s, "again");
	assert_string_equal(str_text(&s), "again");
	str_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(str_add__all_forms__append_in_order),
		cmocka_unit_test(str_add__beyond_every_first_size__keeps_all),
		cmocka_unit_test(str_splice__table__replaces),
		cmocka_unit_test(str_truncate__shorter_and_longer__only_cuts),
		cmocka_unit_test(str_reserve__impossible_size__fails_for_good),
		cmocka_unit_test(str_detach__empty_and_filled__gives_the_buffer),
		cmocka_unit_test(str_say__table__fills_placeholders),
		cmocka_unit_test(str_wiping__shortened_in_every_way__holds_nothing_of_it),
		cmocka_unit_test(str_wiping__grown_and_detached__keeps_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
