/* SPDX-License-Identifier: MIT */
/*
 * The pace of right PINs: see pin_pace.h.  Kept in memory: a new start of the service costs more
 * than the looks that it gives.
 */
#include "pin_pace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"

static struct pace *
pace_find(struct desk *desk, const char *name)
{
	for (size_t i = 0; desk->paces && i < ARRAY_LEN(desk->paces->of); i++) {
		if (strcmp(desk->paces->of[i].name, name) == 0) {
			return &desk->paces->of[i];
		}
	}
	return NULL;
}

/* Adds what time gave back; a clock that was set back gives nothing and takes nothing. */
static void
pace_fill(struct pace *pace, stamp now)
{
	int64_t more = now > pace->at ? (now - pace->at) / PACE_EVERY_MS : 0;

	if (more >= PACE_BURST - pace->left || now < pace->at) {
		pace->left = now < pace->at ? pace->left : PACE_BURST;
		pace->at = now;
		return;
	}
	pace->left += more;
	pace->at += more * PACE_EVERY_MS;
}

bool
pin_pace_open(struct desk *desk, const char *name, stamp now, stamp *ret_until)
{
	struct pace *pace = pace_find(desk, name);

	if (!pace) {
		return true;
	}
	pace_fill(pace, now);
	if (pace->left > 0) {
		return true;
	}
	*ret_until = pace->at + PACE_EVERY_MS;
	return false;
}

void
pin_pace_count(struct desk *desk, const char *name, stamp now)
{
	struct pace *pace = pace_find(desk, name);

	if (!desk->paces) {
		desk->paces = calloc(1, sizeof(*desk->paces));
	}
	if (!desk->paces) {
		return; /* memory is short: PINs are looked at as ever */
	}
	if (!pace) {
		/* Of many names the one that was quiet for longest gives way: it is full again. */
		pace = &desk->paces->of[0];
		for (size_t i = 1; i < ARRAY_LEN(desk->paces->of); i++) {
			pace = desk->paces->of[i].at < pace->at ? &desk->paces->of[i] : pace;
		}
		(void)snprintf(pace->name, sizeof(pace->name), "%s", name);
		pace->left = PACE_BURST;
		pace->at = now;
	}
	pace_fill(pace, now);
	pace->left--; /* below zero where one call looks twice: so much longer is the wait */
}
