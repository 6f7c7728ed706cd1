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
	{ "明後日", 2 },
	{ "一昨日", -2 },
	{ "きょう", 0 },
	{ "きのう", -1 },
	{ "あした", 1 },
	{ "あさって", 2 },
	{ "おととい", -2 },
};

static const char *const now_words[] = { "now", "今", "いま" };

/* "30m ago" and "in 30m" mean the same as "-30m" and "30m". */
static const struct {
	const char *before;
	const char *behind;
	int sign;
} length_words[] = {
	{ "in ", "", 1 },
	{ "", " ago", -1 },
	{ "", "前", -1 },
	{ "", "後", 1 },
	{ "-", "", -1 },
	{ "+", "", 1 },
	{ "", "", 1 },
};

/* How Japanese writes the units duration_parse() reads; the longer word first. */
static const struct {
	const char *word;
	char unit;
} length_units[] = {
	{ "時間", 'h' },
	{ "週間", 'w' },
	{ "分", 'm' },
	{ "日", 'd' },
};

/* What was understood. */
struct loose {
	stamp at;
	bool day_alone; /* a day without a time */
};

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

static bool
read_text(struct cursor *c, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(c->at, text, len) != 0) {
		return false;
	}
	c->at += len;
	return true;
}

static bool
read_day_word(struct cursor *c, stamp now, int offset_min, struct moment *m)
{
	for (size_t i = 0; i < ARRAY_LEN(day_words); i++) {
		if (read_text(c, day_words[i].word)) {
			moment_from_stamp(now + day_words[i].days * DAY_MS, offset_min, m);
			return true;
		}
	}
	return false;
}

/* "11-22", "11/22", "11月22日"; *ret_kanji: nothing needs to part it from a time. */
static bool
read_month_day(struct cursor *c, struct moment *m, bool *ret_kanji)
{
	if (!read_digits(c, 1, 2, &m->month)) {
		return false;
	}
	*ret_kanji = read_text(c, "月");
	if (*ret_kanji) {
		return read_digits(c, 1, 2, &m->day) && read_text(c, "日");
	}
	return read_char(c, "-/") && read_digits(c, 1, 2, &m->day);
}

static int64_t
distance(stamp a, stamp b)
{
	return a < b ? b - a : a - b;
}

/* A day without a year is the nearest one: at New Year's Eve "1-2" is next year's. */
static bool
nearest_year(stamp now, int offset_min, struct moment *m)
{
	struct moment today;
	int best = 0;
	int64_t best_distance = 0;

	moment_from_stamp(now, offset_min, &today);
	for (int year = today.year - 1; year <= today.year + 1; year++) {
		struct moment noon = { .year = year, .month = m->month, .day = m->day, .hour = 12 };
		stamp at;

		if (!moment_to_stamp(&noon, offset_min, &at)) {
			continue;
		}
		if (best == 0 || distance(at, now) < best_distance) {
			best = year;
			best_distance = distance(at, now);
		}
	}
	m->year = best;
	return best != 0;
}

/* "2026-11-22", "11-22", the same with strokes or kanji, or a word for a day. */
static bool
read_day(struct cursor *c, stamp now, int offset_min, struct moment *m)
{
	struct cursor try = *c;
	bool kanji = true;

	if (!read_day_word(&try, now, offset_min, m)) {
		bool has_year = read_digits(&try, 4, 4, &m->year) &&
			(read_text(&try, "年") || read_char(&try, "-/"));

		if (!has_year) {
			try = *c;
		}
		if (!read_month_day(&try, m, &kanji) ||
			(!has_year && !nearest_year(now, offset_min, m))) {
			return false;
		}
	}
	if (!kanji && *try.at != ' ' && *try.at != '\0') {
		return false;
	}
	c->at = try.at + strspn(try.at, " ");
	return true;
}

/* "22:13", "22:13:05", "22時13分" or "22時". */
static bool
read_time(struct cursor *c, struct moment *m)
{
	if (!read_digits(c, 1, 2, &m->hour)) {
		return false;
	}
	if (read_text(c, "時")) {
		return *c->at == '\0' || (read_digits(c, 1, 2, &m->minute) && read_text(c, "分"));
	}
	return read_char(c, ":") && read_digits(c, 2, 2, &m->minute) &&
		(!read_char(c, ":") || (read_digits(c, 2, 2, &m->second) && m->second < 60));
}

/* A day, a time, or both. */
static bool
read_moment(const char *text, stamp now, int offset_min, struct loose *ret)
{
	struct cursor c = { text };
	struct moment m = { 0 };
	bool has_day = read_day(&c, now, offset_min, &m);

	if (!has_day) {
		moment_from_stamp(now, offset_min, &m);
	}
	m.hour = m.minute = m.second = m.milli = 0;
	ret->day_alone = has_day && *c.at == '\0';
	if (!ret->day_alone && !read_time(&c, &m)) {
		return false;
	}
	return *c.at == '\0' && moment_to_stamp(&m, offset_min, &ret->at);
}

/* Copies a length with its Japanese units as letters; false: too long. */
static bool
length_letters(const char *text, size_t len, char out[LOOSE_SIZE])
{
	struct cursor c = { text };
	size_t n = 0;

	while (c.at < text + len) {
		size_t i = 0;

		while (i < ARRAY_LEN(length_units) && !read_text(&c, length_units[i].word)) {
			i++;
		}
		if (n + 1 == LOOSE_SIZE || c.at > text + len) {
			return false;
		}
		out[n++] = i < ARRAY_LEN(length_units) ? length_units[i].unit : *c.at++;
	}
	out[n] = '\0';
	return true;
}

/* Kanji units want 前 or 後 behind them: "5日" alone is a day of some month. */
static bool
read_length(const char *text, stamp now, stamp *ret_at)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < ARRAY_LEN(length_words); i++) {
		size_t before = strlen(length_words[i].before);
		size_t behind = strlen(length_words[i].behind);
		bool kanji = (unsigned char)length_words[i].behind[0] >= 0x80;
		char letters[LOOSE_SIZE];
		int64_t ms;

		if (len <= before + behind || strncmp(text, length_words[i].before, before) != 0 ||
			strcmp(text + len - behind, length_words[i].behind) != 0 ||
			!length_letters(text + before, len - before - behind, letters) ||
			(!kanji && strlen(letters) != len - before - behind) ||
			duration_parse(letters, &ms) != ERR_OK) {
			continue;
		}
		*ret_at = now + length_words[i].sign * ms;
		return true;
	}
	return false;
}

static bool
read_loose(const char *text, stamp now, int offset_min, struct loose *ret)
{
	char folded[LOOSE_SIZE];

	if (!loose_fold(text, folded)) {
		return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(now_words); i++) {
		if (strcmp(folded, now_words[i]) == 0) {
			ret->at = now;
			return true;
		}
	}
	return read_length(folded, now, &ret->at) || stamp_parse(folded, &ret->at) == ERR_OK ||
		read_moment(folded, now, offset_min, ret);
}

enum err
stamp_parse_loose(const char *text, stamp now, int offset_min, stamp *ret_at)
{
	struct loose loose = { 0 };

	if (!read_loose(text, now, offset_min, &loose)) {
		return ERR_INVALID;
	}
	*ret_at = loose.at;
	return ERR_OK;
}

enum err
stamp_parse_due(const char *text, stamp now, int offset_min, bool day_start, stamp *ret_at)
{
	struct loose loose = { 0 };

	if (!read_loose(text, now, offset_min, &loose)) {
		return ERR_INVALID;
	}
	if (loose.day_alone && !day_start) {
		loose.at += DAY_MS - 1000; /* the last second of that day */
	} else if (loose.day_alone && loose.at < now && loose.at + DAY_MS > now) {
		loose.at = now; /* today, which has begun already */
	}
	*ret_at = loose.at;
	return ERR_OK;
}
