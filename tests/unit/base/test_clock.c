/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/clock.c: the calendar, RFC 3339 and lengths of time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/clock.h"

#define DAY INT64_C(86400000)

static void
stamp__known_moments__parse_and_format(void **state)
{
	/* Expected numbers: GNU date(1). */
	static const struct {
		const char *text;
		int offset_min;
		stamp want;
	} rows[] = {
		{ "1970-01-01T00:00:00+00:00", 0, 0 },
		{ "1970-01-01T09:00:00+09:00", 540, 0 },
		{ "1969-12-31T23:59:59.999+00:00", 0, -1 },
		{ "2026-11-22T22:41:00+09:00", 540, INT64_C(1795354860000) },
		{ "2026-11-22T13:41:00.250+00:00", 0, INT64_C(1795354860250) },
		{ "2028-02-29T12:00:00-03:30", -210, INT64_C(1835451000000) },
		{ "2038-01-19T03:14:08+00:00", 0, INT64_C(2147483648000) },
		{ "2000-02-29T00:00:00+00:00", 0, INT64_C(951782400000) },
		{ "2100-03-01T00:00:00+00:00", 0, INT64_C(4107542400000) },
		{ "2027-12-31T23:59:59+14:00", 840, INT64_C(1830247199000) },
		{ "0001-01-01T00:00:00+00:00", 0, INT64_C(-62135596800000) },
		{ "9999-12-31T23:59:59.999+00:00", 0, INT64_C(253402300799999) },
		{ "1600-12-31T00:00:00+00:00", 0, INT64_C(-11644560000000) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[STAMP_SIZE];
		stamp at = 1;

		assert_int_equal(stamp_parse(rows[i].text, &at), ERR_OK);
		assert_int_equal(at, rows[i].want);
		stamp_format(at, rows[i].offset_min, text);
		assert_string_equal(text, rows[i].text);
	}
}

static void
stamp_parse__other_lawful_forms__read(void **state)
{
	static const struct {
		const char *text;
		stamp want;
	} rows[] = {
		{ "1970-01-01t00:00:01z", 1000 },
		{ "1970-01-01 00:00:01Z", 1000 },
		{ "1970-01-01T00:00:00.5Z", 500 },
		{ "1970-01-01T00:00:00.123456789Z", 123 },
		{ "1970-01-01T00:00:00-00:00", 0 },
		{ "1990-12-31T23:59:60Z", INT64_C(662688000000) },
		{ "1990-12-31T15:59:60-08:00", INT64_C(662688000000) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		stamp at = 1;

		assert_int_equal(stamp_parse(rows[i].text, &at), ERR_OK);
		assert_int_equal(at, rows[i].want);
	}
}

static void
stamp_parse__faulty__refused_and_untouched(void **state)
{
	static const char *const rows[] = { "", "2026", "2026-11-22", "2026-11-22T22:41:00",
		"2026-11-22T22:41+09:00", "2026-11-22T22:41:00+0900", "2026-11-22T22:41:00+9:00",
		"2026-11-22T22:41:00+24:00", "2026-11-22T22:41:00+09:60",
		"2026-11-22T22:41:00.+09:00", "2026-11-22T22:41:00+09:00 ",
		" 2026-11-22T22:41:00+09:00", "2026-11-22T24:00:00+09:00",
		"2026-11-22T22:60:00+09:00", "2026-11-22T22:41:61+09:00",
		"2026-11-22T22:41:60+09:00", "2026-06-31T00:00:00Z", "2026-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "0000-01-01T00:00:00Z",
		"0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-00:01", "-2026-01-01T00:00:00Z",
		"12026-01-01T00:00:00Z", "2026-11-22T-1:41:00Z", "2026-11-22T22:41:00 Z",
		"2026-1-1T00:00:00Z", "２０２６-01-01T00:00:00Z" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		stamp at = 77;

		assert_int_equal(stamp_parse(rows[i], &at), ERR_INVALID);
		assert_int_equal(at, 77);
	}
}

/* An independent count: one day after the other, by the rules of the calendar. */
static void
stamp__every_day_of_ten_thousand_years__counts_on(void **state)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	stamp at = INT64_C(-62135596800000);

	(void)state;
	for (int year = 1; year <= 9999; year++) {
		bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

		for (int month = 1; month <= 12; month++) {
			int days = lengths[month - 1] + (month == 2 && leap ? 1 : 0);

			/* The ends of each month; the middle follows from them. */
			for (int day = 1; day <= days; day += days - 1) {
				char want[STAMP_SIZE];
				char text[STAMP_SIZE];
				stamp back = 0;

				(void)snprintf(want, sizeof(want), "%04d-%02d-%02dT00:00:00+00:00",
					year, month, day);
				stamp_format(at + (day - 1) * DAY, 0, text);
				assert_string_equal(text, want);
				assert_int_equal(stamp_parse(text, &back), ERR_OK);
				assert_int_equal(back, at + (day - 1) * DAY);
			}
			at += days * DAY;
		}
	}
}

static void
stamp_format__edges__clamped_or_empty(void **state)
{
	char text[STAMP_SIZE];

	(void)state;
	stamp_format(STAMP_NONE, 0, text);
	assert_string_equal(text, "");
	stamp_format_short(STAMP_NONE, 0, text);
	assert_string_equal(text, "");
	stamp_format(INT64_MAX, 1439, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999+23:59");
	stamp_format(INT64_MIN + 1, -1439, text);
	assert_string_equal(text, "0001-01-01T00:00:00-23:59");
	stamp_format_short(INT64_C(1795354860000), 540, text);
	assert_string_equal(text, "2026-11-22 22:41");
}

static void
duration_parse__table__sums_units(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: refused */
	} rows[] = {
		{ "90s", 90000 },
		{ "30m", 1800000 },
		{ "4h", 4 * 3600000 },
		{ "5d", 5 * DAY },
		{ "2w", 14 * DAY },
		{ "1h30m", 5400000 },
		{ "0s", 0 },
		{ "36525d", 36525 * DAY },
		{ "36526d", -1 },
		{ "36525d1s", -1 },
		{ "9999999999s", -1 },
		{ "99999999999999999999s", -1 },
		{ "", -1 },
		{ "5", -1 },
		{ "d", -1 },
		{ "-5d", -1 },
		{ "5 d", -1 },
		{ "5d ", -1 },
		{ "1.5h", -1 },
		{ "5y", -1 },
		{ "5D", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t ms = 77;
		enum err e = duration_parse(rows[i].text, &ms);

		assert_int_equal(e, rows[i].want < 0 ? ERR_INVALID : ERR_OK);
		assert_int_equal(ms, rows[i].want < 0 ? 77 : rows[i].want);
	}
}

static void
duration_format_left__table__fits_the_column(void **state)
{
	static const struct {
		int64_t left_ms;
		const char *want;
	} rows[] = {
		{ 0, "0:00" },
		{ 59999, "0:00" },
		{ 18 * 60000, "0:18" },
		{ -1, "-0:01" },
		{ -60000, "-0:01" },
		{ -12 * 60000, "-0:12" },
		{ DAY - 1, "23:59" },
		{ DAY, "1d 00h" },
		{ 26 * 3600000, "1d 02h" },
		{ 3 * DAY - 1, "2d 23h" },
		{ 3 * DAY, "3d" },
		{ 6 * DAY + 5, "6d" },
		{ -26 * 3600000, "-1d 02h" },
		{ -6 * DAY, "-6d" },
		{ INT64_MAX, "99999d" },
		{ INT64_MIN, "-99999d" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[STAMP_SIZE];

		duration_format_left(rows[i].left_ms, text);
		assert_string_equal(text, rows[i].want);
		assert_true(strlen(text) <= 8);
	}
}

static void
clock_fixed__moved_by_its_owner__follows(void **state)
{
	stamp at = 5;
	struct clock clock = clock_fixed(&at);

	(void)state;
	assert_int_equal(clock_now(&clock), 5);
	at = 3;
	assert_int_equal(clock_now(&clock), 3);
}

static void
clock_system__asked__is_after_this_was_written(void **state)
{
	struct clock clock = clock_system();

	(void)state;
	assert_true(clock_now(&clock) > INT64_C(1700000000000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamp__known_moments__parse_and_format),
		cmocka_unit_test(stamp_parse__other_lawful_forms__read),
		cmocka_unit_test(stamp_parse__faulty__refused_and_untouched),
		cmocka_unit_test(stamp__every_day_of_ten_thousand_years__counts_on),
		cmocka_unit_test(stamp_format__edges__clamped_or_empty),
		cmocka_unit_test(duration_parse__table__sums_units),
		cmocka_unit_test(duration_format_left__table__fits_the_column),
		cmocka_unit_test(clock_fixed__moved_by_its_owner__follows),
		cmocka_unit_test(clock_system__asked__is_after_this_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
