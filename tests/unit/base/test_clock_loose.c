/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/clock_read.c: the moments people type.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/clock.h"

#define ZONE 540

/* Early in the day, so that UTC and the zone differ in the date. */
#define NOW "2026-11-23T00:30:15+09:00"

static void
stamp_parse_loose__what_people_type__is_understood(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "2026-11-22T22:41:00Z", "2026-11-23T07:41:00+09:00" },
		{ "2026-11-22 22:13", "2026-11-22T22:13:00+09:00" },
		{ "2026-11-22 22:13:07", "2026-11-22T22:13:07+09:00" },
		{ "2026/11/22 9:05", "2026-11-22T09:05:00+09:00" },
		{ "2026/1/2", "2026-01-02T00:00:00+09:00" },
		{ "2026-11-22", "2026-11-22T00:00:00+09:00" },
		{ "2028-02-29 23:59", "2028-02-29T23:59:00+09:00" },
		{ "22:13", "2026-11-23T22:13:00+09:00" },
		{ "  22:13\xe3\x80\x80", "2026-11-23T22:13:00+09:00" },
		{ "２２：１３", "2026-11-23T22:13:00+09:00" },
		{ "２０２６－１１－２２　２２：１３", "2026-11-22T22:13:00+09:00" },
		{ "２０２６／１１／２２　２２：１３", "2026-11-22T22:13:00+09:00" },
		{ "yesterday 22:13", "2026-11-22T22:13:00+09:00" },
		{ "Yesterday  22:13", "2026-11-22T22:13:00+09:00" },
		{ "昨日 22:13", "2026-11-22T22:13:00+09:00" },
		{ "昨日２２：１３", "2026-11-22T22:13:00+09:00" },
		{ "今日 7:00", "2026-11-23T07:00:00+09:00" },
		{ "tomorrow 17:00", "2026-11-24T17:00:00+09:00" },
		{ "明日", "2026-11-24T00:00:00+09:00" },
		{ "now", "2026-11-23T00:30:15+09:00" },
		{ "ＮＯＷ", "2026-11-23T00:30:15+09:00" },
		{ "今", "2026-11-23T00:30:15+09:00" },
		{ "-2h", "2026-11-22T22:30:15+09:00" },
		{ "-15m", "2026-11-23T00:15:15+09:00" },
		{ "-3d", "2026-11-20T00:30:15+09:00" },
		{ "－１５ｍ", "2026-11-23T00:15:15+09:00" },
		{ "ー15m", "2026-11-23T00:15:15+09:00" },
		{ "\xe2\x88\x92"
		  "15m",
			"2026-11-23T00:15:15+09:00" },
		{ "30m", "2026-11-23T01:00:15+09:00" },
		{ "+30M", "2026-11-23T01:00:15+09:00" },
		{ "4h", "2026-11-23T04:30:15+09:00" },
		{ "5d", "2026-11-28T00:30:15+09:00" },
		{ "2w", "2026-12-07T00:30:15+09:00" },
		{ "1h30m", "2026-11-23T02:00:15+09:00" },
	};
	stamp now = 0;

	(void)state;
	assert_int_equal(stamp_parse(NOW, &now), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[STAMP_SIZE];
		stamp at = 0;

		assert_int_equal(stamp_parse_loose(rows[i].text, now, ZONE, &at), ERR_OK);
		stamp_format(at, ZONE, text);
		assert_string_equal(text, rows[i].want);
	}
}

static void
stamp_parse_loose__anything_else__refused_and_untouched(void **state)
{
	static const char *const rows[] = { "", " ", "\xe3\x80\x80", "soon", "22", "22:1", "22:60",
		"24:00", "22:13:60", "22:13x", "2026-11", "2026-02-29", "2026-11-31 10:00",
		"2026-11-22 24:00", "2026-11-22x", "2026-11-2222:13", "yesterdayish", "yesterday x",
		"昨日 昨日", "--2h", "-", "+", "-2", "2 h", "h", "9999d9999d9999d9999d",
		"0000-01-01", "10000-01-01", "now now", "\xff", "22:13\xff", "22:13\n", "\x1b[2J",
		"2026-11-22 22:13:00 +09:00",
		("2026-11-22T22:13:00."
		 "00000000000000000000000000000000000000000000000000000000000+09:00") };
	stamp now = 0;

	(void)state;
	assert_int_equal(stamp_parse(NOW, &now), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		stamp at = 77;

		assert_int_equal(stamp_parse_loose(rows[i], now, ZONE, &at), ERR_INVALID);
		assert_int_equal(at, 77);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamp_parse_loose__what_people_type__is_understood),
		cmocka_unit_test(stamp_parse_loose__anything_else__refused_and_untouched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
