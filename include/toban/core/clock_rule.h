/* SPDX-License-Identifier: MIT */
/*
 * How the desk follows up what is awaited: the limits of policy/chain.ini and
 * policy/clock.ini (docs/forms.md).
 */
#ifndef TOBAN_CORE_CLOCK_RULE_H
#define TOBAN_CORE_CLOCK_RULE_H

#include <stdint.h>

#include "toban/core/word_list.h"

/* Lengths in milliseconds. */
struct clock_rule {
	int64_t due_ms;        /* the limit, where the procedure itself sets none; 0: no limit */
	int64_t ahead_ms;      /* so long before the limit people are reminded; 0: not */
	int64_t reminder_ms;   /* the first: of a link from when it was told, else from the limit */
	int64_t repeat_ms;     /* from one reminder to the next */
	int64_t again_ms;      /* the same once everybody was told; 0: never again */
	int reminders;         /* before others are told */
	struct word_list tell; /* actor words: who is reminded; empty: whoever is awaited */
	struct word_list pass_on; /* who stands in for them */
	struct word_list raise;   /* who is told last */
};

#endif
