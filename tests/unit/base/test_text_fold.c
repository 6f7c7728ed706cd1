/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/text_fold.c: the form that is searched and the form kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/str.h"
#include "toban/base/text.h"

struct row {
	const char *text;
	const char *want;
};

static void
text_fold__table__makes_equals_equal(void **state)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "Server DOWN 42", "server down 42" },
		{ "ＡＢＣ１２３！", "abc123!" },
		{ "ｻｰﾊﾞｰ", "サーバー" },
		{ "ﾊﾟﾋﾟﾌﾟ", "パピプ" },
		{ "ひらがな", "ひらがな" },
		{ "①㍿㎒", "1株式会社mhz" },
		{ "か\u3099", "が" },
		{ "Straße ΣΑΣ", "strasse σασ" },
		{ "É e\u0301", "é é" },
		{ "全角　空白", "全角 空白" },
		{ "A\xff"
		  "B",
			"a\ufffdb" },
		{ "\xe6\x97", "\ufffd\ufffd" },
		{ "\x1bX\n", "\x1bx\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str once = STR_INIT;
		struct str twice = STR_INIT;

		text_fold(&once, rows[i].text, strlen(rows[i].text));
		assert_string_equal(str_text(&once), rows[i].want);
		text_fold(&twice, str_text(&once), once.len);
		assert_string_equal(str_text(&twice), rows[i].want);
		str_release(&once);
		str_release(&twice);
	}
}

static void
text_fold__bytes_with_nul__keeps_them(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	text_fold(&out, "A\0日", 5);
	assert_int_equal(out.len, 5);
	assert_memory_equal(out.data, "a\0日", 6);
	str_release(&out);
}

static void
text_compose__table__composes_letters_and_leaves_names(void **state)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "か\u3099ハ\u309a", "がパ" },
		{ "う\u3099 ヷ", "ゔ ヷ" },
		{ "ワ\u3099", "ヷ" },
		{ "あ\u3099", "あ\u3099" },
		{ "漢\u3099", "漢\u3099" },
		{ "\u3099か", "\u3099か" },
		{ "e\u0301E\u0301x", "éÉx" },
		{ "e\u0302\u0301", "ế" },
		{ "A\u030a", "Å" },
		{ "q\u0301", "q\u0301" },
		{ "=\u0338", "=\u0338" },
		{ "\u0391\u0301", "\u0391\u0301" },
		{ "\uFA19\uFA11", "\uFA19\uFA11" },
		{ "①Ａｶﾞ", "①Ａｶﾞ" },
		{ "\u212b", "\u212b" },
		{ "か\xff\xe3\x82\x99", "か\xff\u3099" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str out = STR_INIT;

		str_add(&out, "before ");
		text_compose(&out, rows[i].text, strlen(rows[i].text));
		assert_string_equal(str_text(&out) + strlen("before "), rows[i].want);
		str_release(&out);
	}
}

/* A mark at the very start must not join what the caller had before. */
static void
text_compose__mark_first__leaves_the_callers_text(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	str_add(&out, "か");
	text_compose(&out, "\u3099", 3);
	assert_string_equal(str_text(&out), "か\u3099");
	str_release(&out);
}

static void
text_fold_key__full_width_forms__are_ascii(void **state)
{
	(void)state;
	for (uint32_t cp = '!'; cp <= '~'; cp++) {
		assert_int_equal(text_fold_key(0xff01 + cp - '!'), cp);
		assert_int_equal(text_fold_key(cp), cp);
	}
	assert_int_equal(text_fold_key(0x3000), ' ');
	assert_int_equal(text_fold_key(0xff00), 0xff00);
	assert_int_equal(text_fold_key(0xff5f), 0xff5f);
	assert_int_equal(text_fold_key(0x3042), 0x3042);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_fold__table__makes_equals_equal),
		cmocka_unit_test(text_fold__bytes_with_nul__keeps_them),
		cmocka_unit_test(text_compose__table__composes_letters_and_leaves_names),
		cmocka_unit_test(text_compose__mark_first__leaves_the_callers_text),
		cmocka_unit_test(text_fold_key__full_width_forms__are_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
