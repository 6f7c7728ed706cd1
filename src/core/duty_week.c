/* SPDX-License-Identifier: MIT */
/*
 * Moments of a week: see duty_week.h.  The zone is a fixed offset, so every week has
 * seven days of 24 hours and the arithmetic is exact.
 */
#include "duty_week.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "toban/base/attr.h"
#include "toban/core/duty.h"

#define WEEK_MS (WEEK_MIN * MINUTE_MS)
#define THURSDAY_MIN (3 * DAY_MIN) /* 1970-01-01 was one */

static const struct {
	const char *word;
	const char *whole;
	const char *kanji;
} days[] = {
	{ "mon", "monday", "月" },
	{ "tue", "tuesday", "火" },
	{ "wed", "wednesday", "水" },
	{ "thu", "thursday", "木" },
	{ "fri", "friday", "金" },
	{ "sat", "saturday", "土" },
	{ "sun", "sunday", "日" },
};

static bool
is_word(const char *word, size_t len, const char *known)
{
	return strlen(known) == len && strncasecmp(word, known, len) == 0;
}

int
week_day_of(const char *word, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		if (is_word(word, len, days[i].word) || is_word(word, len, days[i].whole) ||
			is_word(word, len, days[i].kanji)) {
			return (int)i;
		}
	}
	return -1;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int
day_minute_of(const char *text, size_t len)
{
	size_t at = 0;
	int hours = 0;
	int minutes;

	for (; at < len && at < 2 && is_digit(text[at]); at++) {
		hours = hours * 10 + (text[at] - '0');
	}
	if (at == 0 || len != at + 3 || text[at] != ':' || !is_digit(text[at + 1]) ||
		!is_digit(text[at + 2])) {
		return -1;
	}
	minutes = (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
	if (minutes > 59 || hours * 60 + minutes > DAY_MIN) {
		return -1;
	}
	return hours * 60 + minutes;
}

bool
week_read(const char *text, int *ret_min)
{
	size_t len = strcspn(text, " ");
	int day = week_day_of(text, len);
	int minute;

	if (day < 0 || text[len] != ' ') {
		return false;
	}
	minute = day_minute_of(text + len + 1, strlen(text + len + 1));
	if (minute < 0) {
		return false;
	}
	*ret_min = day * DAY_MIN + minute;
	return true;
}

void
week_write(int minute, char out[WEEK_TEXT_SIZE])
{
	int at = minute % WEEK_MIN;

	(void)snprintf(out, WEEK_TEXT_SIZE, "%s %02d:%02d", days[at / DAY_MIN].word,
		at % DAY_MIN / 60, at % 60);
}

/* Milliseconds since a Monday 0:00 of the zone. */
static int64_t
into_week(stamp at, int offset_min)
{
	int64_t since = (at + (offset_min + THURSDAY_MIN) * MINUTE_MS) % WEEK_MS;

	return since < 0 ? since + WEEK_MS : since;
}

int
week_minute(stamp at, int offset_min)
{
	return (int)(into_week(at, offset_min) / MINUTE_MS);
}

stamp
week_start(stamp at, int offset_min)
{
	return at - into_week(at, offset_min);
}
