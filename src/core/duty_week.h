/* SPDX-License-Identifier: MIT */
/*
 * Moments of a week in words, "mon 17:30", and the list behind a roster.
 */
#ifndef TOBAN_SRC_CORE_DUTY_WEEK_H
#define TOBAN_SRC_CORE_DUTY_WEEK_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/clock.h"

/* Room for "mon 17:30" with its NUL. */
#define WEEK_TEXT_SIZE 16

#define DAY_MIN (24 * 60)
#define MINUTE_MS INT64_C(60000)

/* 0..6 for mon..sun, monday..sunday or 月..日, in either case; -1: no day. */
int week_day_of(const char *word, size_t len);

/* "9:05", "24:00": minutes since midnight, 0..1440; -1: no time. */
int day_minute_of(const char *text, size_t len);

/* "mon 17:30" is minutes since Monday 0:00; false: it is none. */
bool week_read(const char *text, int *ret_min);
void week_write(int minute, char out[WEEK_TEXT_SIZE]);

/* Minutes since Monday 0:00 of the zone, 0..WEEK_MIN - 1. */
int week_minute(stamp at, int offset_min);

/* The Monday 0:00 of the zone at or before the moment. */
stamp week_start(stamp at, int offset_min);

#endif
