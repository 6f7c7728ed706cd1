/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/width.c, its generated table and src/base/wcwidth.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

static int
reset(void **state)
{
	(void)state;
	width_set_ambiguous(1);
	return 0;
}

/* Checks one character with ambiguous ones narrow, then wide. */
static void
assert_width(uint32_t cp, int narrow, int wide)
{
	const int want[] = { narrow, wide };

	for (int i = 0; i < 2; i++) {
		width_set_ambiguous(i + 1);
		if (width_of(cp) != want[i]) {
			fail_msg("U+%04X is %d wide, not %d", (unsigned)cp, width_of(cp), want[i]);
		}
	}
}

static void
width_of__japanese_table__is_right(void **state)
{
	/* All that people type at a Japanese desk; A stands for ambiguous. */
	enum { A = 9 };
	static const struct {
		uint32_t first;
		uint32_t last;
		int want;
	} rows[] = {
		{ 0x20, 0x7e, 1 },       /* ASCII */
		{ 0x3041, 0x3096, 2 },   /* hiragana */
		{ 0x30a1, 0x30ff, 2 },   /* katakana, middle dot, long vowel, iteration */
		{ 0x3000, 0x3003, 2 },   /* blank 、。〃 */
		{ 0x3005, 0x3029, 2 },   /* 々〆〇 and brackets */
		{ 0x4e00, 0x9fff, 2 },   /* kanji */
		{ 0xf900, 0xfa6d, 2 },   /* compatibility kanji: 﨑 神 */
		{ 0x20b9f, 0x20b9f, 2 }, /* 𠮟 */
		{ 0x9ad9, 0x9ad9, 2 },   /* 髙 */
		{ 0x32ff, 0x32ff, 2 },   /* ㋿ */
		{ 0xff01, 0xff60, 2 },   /* full-width forms */
		{ 0xff61, 0xff9f, 1 },   /* half-width kana with its sound marks */
		{ 0x3099, 0x309a, 0 },   /* combining sound marks */
		{ 0x309b, 0x309c, 2 },   /* spacing ones */
		{ 0x0300, 0x034e, 0 },   /* combining Latin marks */
		{ 0xe0100, 0xe01ef, 0 }, /* selectors of kanji shapes */
		{ 0x203b, 0x203b, A },   /* ※ */
		{ 0x2460, 0x2473, A },   /* ①-⑳ */
		{ 0x25cb, 0x25cb, A },   /* ○ */
		{ 0x25cf, 0x25cf, A },   /* ● */
		{ 0x25a0, 0x25a1, A },   /* ■□ */
		{ 0x25b2, 0x25b2, A },   /* ▲ */
		{ 0x2605, 0x2605, A },   /* ★ */
		{ 0x2190, 0x2193, A },   /* arrows */
		{ 0x2026, 0x2026, A },   /* … */
		{ 0x2014, 0x2014, A },   /* — */
		{ 0x201c, 0x201d, A },   /* “ ” */
		{ 0xa7, 0xa7, A },       /* § */
		{ 0xd7, 0xd7, A },       /* × */
		{ 0x2500, 0x254b, A },   /* box drawing */
		{ 0x1f600, 0x1f64f, 2 }, /* emoji */
		{ 0x231a, 0x231b, 2 },
		{ 0x200b, 0x200f, 0 }, /* zero width */
		{ 0x1160, 0x11ff, 0 }, /* Hangul vowels and finals */
		{ 0xac00, 0xd7a3, 2 },
		{ 0x1fae8, 0x1fae8, 2 }, /* new in Unicode 15 */
		{ 0x0, 0x1f, -1 },
		{ 0x7f, 0x9f, -1 },
		{ 0x378, 0x379, -1 },   /* unassigned */
		{ 0xd800, 0xdfff, -1 }, /* surrogates */
		{ 0xfffe, 0xffff, -1 }, /* noncharacters */
		{ 0x10fffe, 0x110000, -1 },
		{ 0xfffffffe, 0xffffffff, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t cp = rows[i].first;

		bool is_ambiguous = rows[i].want == A;

		do {
			assert_width(cp, is_ambiguous ? 1 : rows[i].want,
				is_ambiguous ? 2 : rows[i].want);
		} while (cp++ != rows[i].last);
	}
}

static void
width_set_ambiguous__nonsense__means_one(void **state)
{
	(void)state;
	width_set_ambiguous(2);
	width_set_ambiguous(7);
	assert_int_equal(width_of(0x25cb), 1);
}

/* Fails if libc's function is linked: it knows nothing of our setting. */
static void
wcwidth__every_code_point__is_ours(void **state)
{
	(void)state;
	width_set_ambiguous(2);
	assert_int_equal(wcwidth(L'○'), 2);
	assert_int_equal(wcwidth(L'\0'), 0);
	for (uint32_t cp = 1; cp < 0x110000; cp++) {
		assert_int_equal(wcwidth((wchar_t)cp), width_of(cp));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(width_of__japanese_table__is_right, reset),
		cmocka_unit_test_teardown(width_set_ambiguous__nonsense__means_one, reset),
		cmocka_unit_test_teardown(wcwidth__every_code_point__is_ours, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
