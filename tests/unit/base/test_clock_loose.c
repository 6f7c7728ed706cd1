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
		{ "11-22 22:13", "2026-11-22T22:13:00+09:00" },
		{ "11/22", "2026-11-22T00:00:00+09:00" },
		{ "１１－２２　２２：１３", "2026-11-22T22:13:00+09:00" },
		{ "11月22日22時13分", "2026-11-22T22:13:00+09:00" },
		{ "11月22日 22:13", "2026-11-22T22:13:00+09:00" },
		{ "2026年11月22日", "2026-11-22T00:00:00+09:00" },
		{ "22時", "2026-11-23T22:00:00+09:00" },
		{ "昨日22時5分", "2026-11-22T22:05:00+09:00" },
		{ "一昨日 23:59", "2026-11-21T23:59:00+09:00" },
		{ "明後日 9:00", "2026-11-25T09:00:00+09:00" },
		{ "in 30m", "2026-11-23T01:00:15+09:00" },
		{ "In 2h", "2026-11-23T02:30:15+09:00" },
		{ "15m ago", "2026-11-23T00:15:15+09:00" },
		{ "30分前", "2026-11-23T00:00:15+09:00" },
		{ "２時間３０分後", "2026-11-23T03:00:15+09:00" },
		{ "5日後", "2026-11-28T00:30:15+09:00" },
		{ "1週間前", "2026-11-16T00:30:15+09:00" },
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
		"2026-11-22 22:13:00 +09:00", "13-01", "11-31", "0-5", "2-30", "11-22-", "11月22",
		"11月22日x", "22時x", "22時13", "5日", "30分", "前", "in", "in ", "-in 3h",
		"-3h ago", "in 3時間", "3h前後", "11-2222:13",
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

static void
assert_loose(const char *now_text, const char *text, const char *want)
{
	char got[STAMP_SIZE];
	stamp now = 0;
	stamp at = 0;

	assert_int_equal(stamp_parse(now_text, &now), ERR_OK);
	assert_int_equal(stamp_parse_loose(text, now, ZONE, &at), ERR_OK);
	stamp_format(at, ZONE, got);
	assert_string_equal(got, want);
}

static void
stamp_parse_loose__a_day_without_a_year__is_the_nearest(void **state)
{
	(void)state;
	assert_loose("2027-01-01T00:05:00+09:00", "12-31 23:50", "2026-12-31T23:50:00+09:00");
	assert_loose("2026-12-31T23:55:00+09:00", "1-1 0:10", "2027-01-01T00:10:00+09:00");
	assert_loose("2026-12-31T23:55:00+09:00", "明日 0:10", "2027-01-01T00:10:00+09:00");
	assert_loose("2027-01-01T00:05:00+09:00", "昨日 23:50", "2026-12-31T23:50:00+09:00");
	assert_loose("2028-03-01T00:05:00+09:00", "2-29 23:00", "2028-02-29T23:00:00+09:00");
	assert_loose("2027-03-01T00:05:00+09:00", "2/29", "2028-02-29T00:00:00+09:00");
	assert_loose("2028-03-01T00:05:00+09:00", "yesterday 23:00", "2028-02-29T23:00:00+09:00");
}

static void
stamp_parse_due__a_day_alone__means_its_end_or_its_start(void **state)
{
	static const struct {
		const char *text;
		bool day_start;
		const char *want;
	} rows[] = {
		{ "11-30", false, "2026-11-30T23:59:59+09:00" },
		{ "2026-11-30", true, "2026-11-30T00:00:00+09:00" },
		{ "11月30日", false, "2026-11-30T23:59:59+09:00" },
		{ "tomorrow", false, "2026-11-24T23:59:59+09:00" },
		{ "明日", true, "2026-11-24T00:00:00+09:00" },
		{ "today", true, NOW },
		{ "今日", false, "2026-11-23T23:59:59+09:00" },
		{ "明日 9:00", false, "2026-11-24T09:00:00+09:00" },
		{ "+2h", false, "2026-11-23T02:30:15+09:00" },
		{ "5d", true, "2026-11-28T00:30:15+09:00" },
	};
	stamp now = 0;

	(void)state;
	assert_int_equal(stamp_parse(NOW, &now), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[STAMP_SIZE];
		stamp at = 0;

		assert_int_equal(
			stamp_parse_due(rows[i].text, now, ZONE, rows[i].day_start, &at), ERR_OK);
		stamp_format(at, ZONE, text);
		assert_string_equal(text, rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamp_parse_loose__what_people_type__is_understood),
		cmocka_unit_test(stamp_parse_loose__anything_else__refused_and_untouched),
		cmocka_unit_test(stamp_parse_loose__a_day_without_a_year__is_the_nearest),
		cmocka_unit_test(stamp_parse_due__a_day_alone__means_its_end_or_its_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
