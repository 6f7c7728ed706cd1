/* SPDX-License-Identifier: MIT */
/*
 * How often right PINs are looked at.  A look holds the service up; wrong ones are few by their
 * own limits, so whoever knows a PIN could stop everybody's desk with it.
 */
#ifndef TOBAN_DESK_PIN_PACE_H
#define TOBAN_DESK_PIN_PACE_H

#include "call.h"

struct pin_paces {
	struct pace {
		char name[PIN_NAME_SIZE];
		int64_t left; /* looks */
		stamp at;     /* up to when they were filled */
	} of[32];
};

#define PACE_BURST 10 /* at once: a day's first sitting, and choosing a PIN of one's own */
#define PACE_EVERY_MS INT64_C(10000) /* and one more after each such time: 0.6 % of the service */

/* Whether a PIN of that name (hashed, as in its row) is looked at now; else *ret_until. */
bool pin_pace_open(struct desk *desk, const char *name, stamp now, stamp *ret_until);

/* One was looked at, and right. */
void pin_pace_count(struct desk *desk, const char *name, stamp now);

#endif
