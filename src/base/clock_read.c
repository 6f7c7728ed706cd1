/* SPDX-License-Identifier: MIT */
/*
 * Reading times: RFC 3339 strictly, and what a person types at a form loosely.
 */
#include <ctype.h>
#include <string.h>

#include <unistr.h>

#include "clock_read.h"
#include "toban/base/attr.h"
#include "toban/base/text.h"

#define DAY_MS INT64_C(86400000)

/* Longer input is no time; it bounds the copy in loose_fold(). */
#define LOOSE_SIZE 80

static const struct day_word {
	const char *word;
	int days;
} day_words[] = {
	{ "today", 0 },
	{ "yesterday", -1 },
	{ "tomorrow", 1 },
	{ "今日", 0 },
	{ "本日", 0 },
	{ "昨日", -1 },
	{ "明日", 1 },
};

static const char *const now_words[] = { "now", "今", "いま" };

/* A place in the text; every read_ function moves it only when it succeeds. */
struct cursor {
	const char *at;
};

/* Exactly min..max digits. */
static bool
read_digits(struct cursor *c, size_t min, size_t max, int *ret_n)
{
	size_t digits = strspn(c->at, "0123456789");
	int n = 0;

	if (digits < min || digits > max) {
		return false;
	}
	for (size_t i = 0; i < digits; i++) {
		n = n * 10 + (c->at[i] - '0');
	}
	c->at += digits;
	*ret_n = n;
	return true;
}

static bool
read_char(struct cursor *c, const char *set)
{
	if (*c->at == '\0' || strchr(set, *c->at) == NULL) {
		return false;
	}
	c->at++;
	return true;
}

/* ".5", ".123456789": milliseconds, the rest is cut. */
static bool
read_fraction(struct cursor *c, int *ret_milli)
{
	size_t digits = 0;
	int milli = 0;

	if (*c->at != '.') {
		return true;
	}
	digits = strspn(c->at + 1, "0123456789");
	if (digits == 0) {
		return false;
	}
	for (size_t i = 0; i < 3; i++) {
		milli = milli * 10 + (i < digits ? c->at[1 + i] - '0' : 0);
	}
	c->at += 1 + digits;
	*ret_milli = milli;
	return true;
}

static bool
read_offset(struct cursor *c, int *ret_offset_min)
{
	int sign = *c->at == '-' ? -1 : 1;
	int hour = 0;
	int minute = 0;

	if (read_char(c, "Zz")) {
		*ret_offset_min = 0;
		return true;
	}
	if (!read_char(c, "+-") || !read_digits(c, 2, 2, &hour) || !read_char(c, ":") ||
		!read_digits(c, 2, 2, &minute) || hour > 23 || minute > 59) {
		return false;
	}
	*ret_offset_min = sign * (hour * 60 + minute);
	return true;
}

enum err
stamp_parse(const char *text, stamp *ret_at)
{
	struct cursor c = { text };
	struct moment m = { 0 };
	int offset_min = 0;

	/* RFC 3339 §5.6 allows lower case and, for readability, a blank for T. */
	if (!read_digits(&c, 4, 4, &m.year) || !read_char(&c, "-") ||
		!read_digits(&c, 2, 2, &m.month) || !read_char(&c, "-") ||
		!read_digits(&c, 2, 2, &m.day) || !read_char(&c, "Tt ")) {
		return ERR_INVALID;
	}
	if (!read_digits(&c, 2, 2, &m.hour) || !read_char(&c, ":") ||
		!read_digits(&c, 2, 2, &m.minute) || !read_char(&c, ":") ||
		!read_digits(&c, 2, 2, &m.second) || !read_fraction(&c, &m.milli)) {
		return ERR_INVALID;
	}
	if (!read_offset(&c, &offset_min) || *c.at != '\0' ||
		!moment_to_stamp(&m, offset_min, ret_at)) {
		return ERR_INVALID;
	}
	return ERR_OK;
}

/*
 * The code point as the readers below want it: full-width forms and the many
 * dashes a Japanese keyboard gives for "-" (the long-vowel mark among them).
 */
static uint32_t
loose_key(uint32_t code_point)
{
	static const uint32_t dashes[] = { 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212,
		0x30fc, 0xff70 };

	for (size_t i = 0; i < ARRAY_LEN(dashes); i++) {
		if (dashes[i] == code_point) {
			return '-';
		}
	}
	code_point = text_fold_key(code_point);
	return code_point < 0x80 ? (uint32_t)tolower((int)code_point) : code_point;
}

/* Copies `text` in loose_key() form, blanks at both ends dropped. */
static bool
loose_fold(const char *text, char out[LOOSE_SIZE])
{
	size_t left = strlen(text);
	size_t n = 0;

	while (left > 0) {
		ucs4_t cp = 0;
		int used = u8_mbtoucr(&cp, (const uint8_t *)text, left);
		int wrote = 0;

		if (used <= 0) {
			return false;
		}
		cp = loose_key(cp);
		text += used;
		left -= (size_t)used;
		if (n == 0 && cp == ' ') {
			continue;
		}
		/* One byte is kept for the NUL. */
		wrote = u8_uctomb((uint8_t *)out + n, cp, (ptrdiff_t)(LOOSE_SIZE - 1 - n));
		if (wrote <= 0) {
			return false;
		}
		n += (size_t)wrote;
	}
	while (n > 0 && out[n - 1] == ' ') {
		n--;
	}
	out[n] = '\0';
	return n > 0;
}

/* "2026-11-22", "2026/11/22" or a word for a day, with the blanks after it. */
static bool
read_day(struct cursor *c, stamp now, int offset_min, struct moment *m)
{
	struct cursor try = *c;

	for (size_t i = 0; i < ARRAY_LEN(day_words); i++) {
		size_t len = strlen(day_words[i].word);

		if (strncmp(c->at, day_words[i].word, len) == 0) {
			moment_from_stamp(now + day_words[i].days * DAY_MS, offset_min, m);
			c->at += len;
			c->at += strspn(c->at, " ");
			return true;
		}
	}
	if (!read_digits(&try, 4, 4, &m->year) || !read_char(&try, "-/") ||
		!read_digits(&try, 1, 2, &m->month) || !read_char(&try, "-/") ||
		!read_digits(&try, 1, 2, &m->day) || (*try.at != ' ' && *try.at != '\0')) {
		return false;
	}
	c->at = try.at + strspn(try.at, " ");
	return true;
}

/* "22:13" or "22:13:05". */
static bool
read_time(struct cursor *c, struct moment *m)
{
	return read_digits(c, 1, 2, &m->hour) && read_char(c, ":") &&
		read_digits(c, 2, 2, &m->minute) &&
		(!read_char(c, ":") || (read_digits(c, 2, 2, &m->second) && m->second < 60));
}

/* A day, a time, or both. */
static bool
read_moment(const char *text, stamp now, int offset_min, stamp *ret_at)
{
	struct cursor c = { text };
	struct moment m = { 0 };
	bool has_day = read_day(&c, now, offset_min, &m);

	if (!has_day) {
		moment_from_stamp(now, offset_min, &m);
	}
	m.hour = m.minute = m.second = m.milli = 0;
	if (!(has_day && *c.at == '\0') && !read_time(&c, &m)) {
		return false;
	}
	return *c.at == '\0' && moment_to_stamp(&m, offset_min, ret_at);
}

enum err
stamp_parse_loose(const char *text, stamp now, int offset_min, stamp *ret_at)
{
	char folded[LOOSE_SIZE];
	stamp at = 0;
	int64_t ms = 0;
	bool before = false;

	if (!loose_fold(text, folded)) {
		return ERR_INVALID;
	}
	for (size_t i = 0; i < ARRAY_LEN(now_words); i++) {
		if (strcmp(folded, now_words[i]) == 0) {
			*ret_at = now;
			return ERR_OK;
		}
	}
	before = folded[0] == '-';
	if (duration_parse(folded + (before || folded[0] == '+' ? 1 : 0), &ms) == ERR_OK) {
		*ret_at = before ? now - ms : now + ms;
		return ERR_OK;
	}
	if (stamp_parse(folded, &at) == ERR_OK || read_moment(folded, now, offset_min, &at)) {
		*ret_at = at;
		return ERR_OK;
	}
	return ERR_INVALID;
}
