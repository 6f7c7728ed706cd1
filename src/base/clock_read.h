/* SPDX-License-Identifier: MIT */
/*
 * What clock.c (calendar) and clock_read.c (reading what people type) share.
 */
#ifndef TOBAN_BASE_CLOCK_READ_H
#define TOBAN_BASE_CLOCK_READ_H

#include <stdbool.h>

#include "toban/base/clock.h"

/* A wall-clock moment in some zone. */
struct moment {
	int year;   /* 1..9999 */
	int month;  /* 1..12 */
	int day;    /* 1..31 */
	int hour;   /* 0..23 */
	int minute; /* 0..59 */
	int second; /* 0..60; 60 only as a leap second */
	int milli;  /* 0..999 */
};

/*
 * The stamp of a moment in the zone `offset_min`; false (and *ret_at untouched)
 * if the calendar has no such moment or its UTC year is not 1..9999.
 */
bool moment_to_stamp(const struct moment *m, int offset_min, stamp *ret_at);

/* The moment of a stamp in the zone `offset_min`, clamped to years 1..9999. */
void moment_from_stamp(stamp at, int offset_min, struct moment *ret);

#endif
