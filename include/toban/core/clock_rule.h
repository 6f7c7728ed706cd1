/* SPDX-License-Identifier: MIT */
/*
 * How the desk follows up what is awaited: the limits of policy/chain.ini and
 * policy/clock.ini (docs/forms.md).
 */
#ifndef TOBAN_CORE_CLOCK_RULE_H
#define TOBAN_CORE_CLOCK_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "toban/core/word_list.h"

/* What policy/clock.ini can watch; the links of the chain are watched as chain.ini says. */
#define WATCH_LINK "link"           /* a link is acknowledged */
#define WATCH_INSTRUCT "instruct"   /* somebody is instructed */
#define WATCH_RESPOND "respond"     /* an instruction is answered */
#define WATCH_RATIFY "ratify"       /* an emergency response is ratified */
#define WATCH_MAJOR "decide-major"  /* a proposed major accident is decided */
#define WATCH_SUSPICION "suspicion" /* a suspicion is confirmed or dispelled */
#define WATCH_STATUTORY "statutory" /* a statutory report is decided */
#define WATCH_RESULT "result"       /* the result is reported */
#define WATCH_APPROVE "approve"     /* the result is approved or returned */
#define WATCH_PLAN "plan"           /* prevention is planned */
#define WATCH_CELL "cell"           /* a department applies a measure */
#define WATCH_ACCEPT "accept"       /* the office judges a department's answer */
#define WATCH_REVIEW "review"       /* every item has its verdict */
#define WATCH_EFFECT "effect"       /* the effectiveness is verified */
#define WATCH_LAPSE "lapse"         /* something follows an acknowledgement */
#define WATCH_CALL "call"           /* somebody of a link answers the telephone; not in files */

/* Lengths in milliseconds; in a variant CLOCK_UNSET (a list: empty) leaves what is said before. */
#define CLOCK_UNSET (-1)

struct clock_rule {
	int64_t due_ms;        /* the limit, where the procedure itself sets none; 0: no limit */
	int64_t ahead_ms;      /* so long before the limit people are reminded; 0: not */
	int64_t reminder_ms;   /* the first: of a link from when it was told, else from the limit */
	int64_t repeat_ms;     /* from one reminder to the next */
	int64_t again_ms;      /* the same once everybody was told; 0: never again */
	int reminders;         /* before others are told */
	struct word_list tell; /* actor words: who is reminded; empty: whoever is awaited */
	struct word_list pass_on; /* who stands in for them; of a link those of the place */
	struct word_list raise;   /* who is told last; of a link the next one */
};

/* The same for the incidents of one category, or for major accidents. */
#define CLOCK_MAJOR "major"

struct clock_variant {
	const char *of; /* category key, or CLOCK_MAJOR: proposed or decided */
	struct clock_rule rule;
};

struct clock_watch {
	const char *word; /* WATCH_… */
	struct clock_rule rule;
	const struct clock_variant *variants;
	size_t n_variants;
};

/* What decides between variants. */
struct clock_case {
	const char *category; /* the primary one; NULL: none yet */
	bool major;           /* proposed or decided */
};

/* The rule that holds: what is said for all, over it the category's, over it "major". */
struct clock_rule clock_rule_for(const struct clock_watch *watch, const struct clock_case *of);

/* The limit that a variant sets; 0: none does, the procedure's own holds. */
int64_t clock_variant_due(const struct clock_watch *watch, const struct clock_case *of);

#endif
