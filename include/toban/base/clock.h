/* SPDX-License-Identifier: MIT */
/*
 * Time as a value that is passed in.  Nothing below main asks the system for
 * the time: tests and TOBAN_NOW put another clock in its place.
 */
#ifndef TOBAN_BASE_CLOCK_H
#define TOBAN_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/err.h"

/* Milliseconds since 1970-01-01T00:00:00Z.  Every *_at member is one of these. */
typedef int64_t stamp;

/* "not set": sorts before every real time. */
#define STAMP_NONE INT64_MIN

struct clock {
	stamp (*now)(void *ctx); /* never STAMP_NONE; may jump, also backwards */
	void *ctx;
};

/* The system's clock. */
struct clock clock_system(void);

/* A clock that stands at *at until the owner of `at` moves it. */
struct clock clock_fixed(const stamp *at);

stamp clock_now(const struct clock *clock);

/* Milliseconds on a clock nobody sets; only for how long something took, never for a record. */
int64_t clock_steady_ms(void);

/* Milliseconds since the machine started, those it slept included; nobody sets it. */
int64_t clock_uptime_ms(void);

/* Room for the longest text stamp_format() writes, with its NUL. */
#define STAMP_SIZE 40

/*
 * RFC 3339 with milliseconds left out when they are zero and the offset always
 * written: 2026-11-22T22:41:00+09:00.  `offset_min` east of UTC, -1439..1439.
 * Years outside 0001-9999 are clamped.  STAMP_NONE writes "".
 */
void stamp_format(stamp at, int offset_min, char out[STAMP_SIZE]);

/* "2026-11-22 22:41" for people. */
void stamp_format_short(stamp at, int offset_min, char out[STAMP_SIZE]);

/*
 * Reads an RFC 3339 time; the offset is required; calendar is checked
 * (no 31 June, leap seconds only at the end of a UTC day).  Below milliseconds
 * it is cut.  ERR_INVALID otherwise, also outside the UTC years 0001-9999.
 */
enum err stamp_parse(const char *text, stamp *ret_at);

/*
 * Reads what a person types for a moment: RFC 3339; "2026-11-22 22:13",
 * "2026/11/22 9:05", "2026年11月22日 22時13分" and "2026-11-22" (0:00) in the zone
 * `offset_min`; the same without a year, which is then the nearest; "22:13" or
 * "22時" today; "yesterday", "today", "tomorrow", 一昨日, 昨日, 今日, 本日, 明日,
 * 明後日, with or without a time; "now", 今; "-2h", "15m ago", "3日前" before `now`;
 * "30m", "+4h", "in 5d", "2時間後" after `now`.  Letters in either case, full-width forms and the
 * dashes of a Japanese keyboard count as ASCII.  `now` is a real time.
 * ERR_INVALID otherwise.
 */
enum err stamp_parse_loose(const char *text, stamp now, int offset_min, stamp *ret_at);

/*
 * The same for a moment to come: a day alone means its last second or, with
 * `day_start`, its first; of today then `now`.
 */
enum err stamp_parse_due(
	const char *text, stamp now, int offset_min, bool day_start, stamp *ret_at);

/*
 * Reads a length of time: "90s", "30m", "4h", "5d", "2w", or a sum of them
 * ("1h30m"), at most 100 years.  Milliseconds.  ERR_INVALID otherwise.
 */
enum err duration_parse(const char *text, int64_t *ret_ms);

/*
 * Time left as the board shows it, in the language spoken, at most 8 columns:
 * "0:18", "-0:12", "1d 02h", from 3 days on "6d"; negative when late.  Rounded
 * down to minutes: 59 s left are "0:00", 1 ms late is "-0:01".  `left_ms` may be
 * any value.
 */
void duration_format_left(int64_t left_ms, char out[STAMP_SIZE]);

#endif
