/* SPDX-License-Identifier: MIT */
/*
 * Stamps, their text forms and the system's clock.  The calendar is the
 * proleptic Gregorian one of RFC 3339, years 1 to 9999, computed here: the
 * libc functions read TZ and keep their result in a shared buffer.
 */
#include "toban/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock_read.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)

/* Day numbers count from 0001-01-01. */
#define DAYS_TO_1970 719162
#define DAYS_400Y 146097
#define DAYS_100Y 36524
#define DAYS_4Y 1461
#define DAYS_1Y 365

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z. */
#define STAMP_MIN (-INT64_C(719162) * DAY)
#define STAMP_MAX (INT64_C(2932897) * DAY - 1)

/* Days before each month of a common year. */
static const int month_start[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };

static const struct unit {
	char letter;
	int64_t ms;
} units[] = {
	{ 's', SECOND },
	{ 'm', MINUTE },
	{ 'h', HOUR },
	{ 'd', DAY },
	{ 'w', WEEK },
};

/* Longer lengths than this are typing errors; it also keeps sums far from overflow. */
#define DURATION_MAX (INT64_C(36525) * DAY)

/* The board's column for time left is 8 wide: "-99999d" is the longest form. */
#define LEFT_DAYS_MAX 99999
#define LEFT_HOURS_SHOWN_DAYS 3

static bool
year_is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
	int days = month_start[month] - month_start[month - 1];

	return month == 2 && year_is_leap(year) ? days + 1 : days;
}

/* Days from 0001-01-01 to the date, which must exist. */
static int64_t
days_from_date(int year, int month, int day)
{
	int y = year - 1;
	int64_t days = (int64_t)y * DAYS_1Y + y / 4 - y / 100 + y / 400;

	days += month_start[month - 1] + day - 1;
	return month > 2 && year_is_leap(year) ? days + 1 : days;
}

/* The date of a day number >= 0. */
static void
date_from_days(int64_t days, struct moment *m)
{
	int rest = (int)(days % DAYS_400Y);
	int centuries = rest / DAYS_100Y;
	int fours = 0;
	int years = 0;

	/* The last day of a cycle would count as a fifth century or year. */
	centuries = centuries == 4 ? 3 : centuries;
	rest -= centuries * DAYS_100Y;
	fours = rest / DAYS_4Y;
	rest -= fours * DAYS_4Y;
	years = rest / DAYS_1Y;
	years = years == 4 ? 3 : years;
	rest -= years * DAYS_1Y;

	m->year = (int)(days / DAYS_400Y) * 400 + centuries * 100 + fours * 4 + years + 1;
	m->month = 1;
	while (rest >= month_days(m->year, m->month)) {
		rest -= month_days(m->year, m->month);
		m->month++;
	}
	m->day = rest + 1;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

bool
moment_to_stamp(const struct moment *m, int offset_min, stamp *ret_at)
{
	stamp at = 0;

	if (m->year < 1 || m->year > 9999 || m->month < 1 || m->month > 12 || m->day < 1 ||
		m->day > month_days(m->year, m->month)) {
		return false;
	}
	if (m->hour < 0 || m->hour > 23 || m->minute < 0 || m->minute > 59 || m->second < 0 ||
		m->second > 60 || m->milli < 0 || m->milli > 999) {
		return false;
	}
	at = (days_from_date(m->year, m->month, m->day) - DAYS_TO_1970) * DAY + m->hour * HOUR +
		m->minute * MINUTE + m->second * SECOND + m->milli - offset_min * MINUTE;
	/* RFC 3339 §5.7: a leap second stands only at the end of a UTC day. */
	if (m->second == 60 && floor_div(at, SECOND) % (24 * 60 * 60) != 0) {
		return false;
	}
	if (at < STAMP_MIN || at > STAMP_MAX) {
		return false;
	}
	*ret_at = at;
	return true;
}

void
moment_from_stamp(stamp at, int offset_min, struct moment *ret)
{
	int64_t local = (at < STAMP_MIN                  ? STAMP_MIN
					: at > STAMP_MAX ? STAMP_MAX
							 : at) +
		offset_min * MINUTE;
	int64_t days = 0;
	int64_t rest = 0;

	local = local < STAMP_MIN ? STAMP_MIN : local > STAMP_MAX ? STAMP_MAX : local;
	days = floor_div(local, DAY);
	rest = local - days * DAY;
	date_from_days(days + DAYS_TO_1970, ret);
	ret->hour = (int)(rest / HOUR);
	ret->minute = (int)(rest % HOUR / MINUTE);
	ret->second = (int)(rest % MINUTE / SECOND);
	ret->milli = (int)(rest % SECOND);
}

static stamp
system_now(void *ctx)
{
	struct timespec ts = { 0 };

	(void)ctx;
	(void)clock_gettime(CLOCK_REALTIME, &ts); /* cannot fail for this clock */
	return (stamp)ts.tv_sec * SECOND + ts.tv_nsec / 1000000;
}

int64_t
clock_steady_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail for this clock */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_uptime_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts); /* cannot fail for this clock */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static stamp
fixed_now(void *ctx)
{
	return *(const stamp *)ctx;
}

struct clock
clock_system(void)
{
	return (struct clock){ .now = system_now };
}

struct clock
clock_fixed(const stamp *at)
{
	/* The context is shared with clocks that write theirs; fixed_now() only reads. */
	union {
		const stamp *in;
		void *out;
	} at_ctx = { .in = at };

	return (struct clock){ .now = fixed_now, .ctx = at_ctx.out };
}

stamp
clock_now(const struct clock *clock)
{
	return clock->now(clock->ctx);
}

void
stamp_format(stamp at, int offset_min, char out[STAMP_SIZE])
{
	struct moment m = { 0 };
	int off = offset_min < 0 ? -offset_min : offset_min;
	char milli[8] = "";

	if (at == STAMP_NONE) {
		out[0] = '\0';
		return;
	}
	moment_from_stamp(at, offset_min, &m);
	if (m.milli != 0) {
		(void)snprintf(milli, sizeof(milli), ".%03d", m.milli);
	}
	(void)snprintf(out, STAMP_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%s%c%02d:%02d", m.year,
		m.month, m.day, m.hour, m.minute, m.second, milli, offset_min < 0 ? '-' : '+',
		off / 60 % 24, off % 60);
}

void
stamp_format_short(stamp at, int offset_min, char out[STAMP_SIZE])
{
	struct moment m = { 0 };

	if (at == STAMP_NONE) {
		out[0] = '\0';
		return;
	}
	moment_from_stamp(at, offset_min, &m);
	(void)snprintf(out, STAMP_SIZE, "%04d-%02d-%02d %02d:%02d", m.year, m.month, m.day, m.hour,
		m.minute);
}

enum err
duration_parse(const char *text, int64_t *ret_ms)
{
	int64_t sum = 0;

	if (*text == '\0') {
		return ERR_INVALID;
	}
	while (*text != '\0') {
		int64_t n = 0;
		size_t digits = strspn(text, "0123456789");
		size_t u = 0;

		/* Ten digits of seconds pass 100 years; more could overflow. */
		if (digits == 0 || digits > 10) {
			return ERR_INVALID;
		}
		for (; digits > 0; digits--) {
			n = n * 10 + (*text++ - '0');
		}
		while (u < ARRAY_LEN(units) && units[u].letter != *text) {
			u++;
		}
		if (u == ARRAY_LEN(units) || n > DURATION_MAX / units[u].ms) {
			return ERR_INVALID;
		}
		text++;
		sum += n * units[u].ms;
		if (sum > DURATION_MAX) {
			return ERR_INVALID;
		}
	}
	*ret_ms = sum;
	return ERR_OK;
}

void
duration_format_left(int64_t left_ms, char out[STAMP_SIZE])
{
	/*
	 * Whole minutes, rounded down: a minute that is not full any more is not
	 * promised, and whatever is late by a second is already "-0:01".
	 */
	int64_t minutes = floor_div(left_ms, MINUTE);
	const char *sign = minutes < 0 ? "-" : "";
	int64_t size = minutes < 0 ? -minutes : minutes;
	int64_t days = size / (24 * 60);

	if (days == 0) {
		(void)snprintf(
			out, STAMP_SIZE, "%s%d:%02d", sign, (int)(size / 60), (int)(size % 60));
	} else if (days < LEFT_HOURS_SHOWN_DAYS) {
		/* TRANSLATORS: days and hours of a length of time, at most 8 columns with a sign.
		 */
		(void)snprintf(
			out, STAMP_SIZE, _("%s%dd %02dh"), sign, (int)days, (int)(size / 60 % 24));
	} else {
		days = days < LEFT_DAYS_MAX ? days : LEFT_DAYS_MAX;
		/* TRANSLATORS: whole days of a length of time, at most 8 columns with a sign. */
		(void)snprintf(out, STAMP_SIZE, _("%s%dd"), sign, (int)days);
	}
}
