/* SPDX-License-Identifier: MIT */
/*
 * The Retry-After header, which strangers write: seconds or a date.  libcurl
 * could read it too, but by the machine's own clock and taking "7 apples" for 7.
 */
#include "retry_after.h"

#include <string.h>
#include <time.h>

#include "toban/base/attr.h"

#define MOST_SECONDS (INT64_C(100) * 366 * 86400)

/*
 * The forms a date may have; all are in GMT.  strptime() knows English names
 * because the program never leaves the C locale for LC_TIME (i18n_start()
 * changes LC_CTYPE only).
 */
static const char *const date_forms[] = {
	"%a, %d %b %Y %H:%M:%S GMT", /* the one in use today */
	"%A, %d-%b-%y %H:%M:%S GMT", /* RFC 850 */
	"%a %b %e %H:%M:%S %Y",      /* asctime() */
};

static int64_t
parse_seconds(const char *text)
{
	int64_t seconds = 0;

	if (*text == '\0') {
		return -1;
	}
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9') {
			return -1;
		}
		if (seconds < MOST_SECONDS) {
			seconds = seconds * 10 + (*text - '0');
		}
	}
	return (seconds < MOST_SECONDS ? seconds : MOST_SECONDS) * 1000;
}

static int64_t
parse_date(const char *text, stamp now)
{
	for (size_t i = 0; i < ARRAY_LEN(date_forms); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, date_forms[i], &tm);

		if (end != NULL && *end == '\0') {
			int64_t left = (int64_t)timegm(&tm) * 1000 - now;

			return left < 0 ? -1 : left;
		}
	}
	return -1;
}

int64_t
retry_after_parse(const char *value, size_t len, stamp now)
{
	char text[64]; /* longer than any of the forms; RFC 9110 allows blanks around */

	while (len > 0 && strchr(" \t\r\n", value[0]) != NULL && value[0] != '\0') {
		value++;
		len--;
	}
	while (len > 0 && value[len - 1] != '\0' && strchr(" \t\r\n", value[len - 1]) != NULL) {
		len--;
	}
	if (len >= sizeof(text) || memchr(value, '\0', len) != NULL) {
		return -1;
	}
	memcpy(text, value, len);
	text[len] = '\0';

	int64_t seconds = parse_seconds(text);

	return seconds >= 0 ? seconds : parse_date(text, now);
}
