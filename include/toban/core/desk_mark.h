/* SPDX-License-Identifier: MIT */
/*
 * What an incident remembers of the desk's own entries and of the telephone:
 * enough to tell where each promise (promise.h) stands.
 */
#ifndef TOBAN_CORE_DESK_MARK_H
#define TOBAN_CORE_DESK_MARK_H

#include "toban/core/event.h"
#include "toban/core/procedure.h"

/* One entry the desk made.  Texts are borrowed from the incident's store. */
struct desk_mark {
	const char *kind;       /* KIND_REMIND … */
	const char *watch;      /* what was watched: link, instruct, … */
	int link;               /* of the chain; 0: no link */
	const char *key;        /* of the measure or the statutory clock; "" none */
	const char *department; /* of the cell; "" none */
	int64_t since;          /* seq of the entry that started what was watched */
	int phase;              /* 0 before the limit, 1 at first, 2 passed on, 3 raised */
	int n;                  /* how many reminders of the phase came before, itself counted */
	stamp limit_at;         /* of what was watched, as it was then; STAMP_NONE: none */
	int64_t seq;            /* of the entry */
	stamp at;
};

/* The words of people for a kind of entry; NULL: it is none of the desk's. */
const struct words *desk_mark_label(const char *kind);

/* The same for the kinds in their order, from 0 on; NULL behind the last. */
const char *desk_mark_kind(size_t i);

/* The words of people for what is watched; NULL for an unknown watch. */
const struct words *desk_watch_label(const char *watch);

#define CALL_REACHED "reached"
#define CALL_NOBODY "nobody" /* nobody at all, whoever was tried */

/* One telephone attempt. */
struct phone_call {
	int64_t seq;
	const char *by;      /* person id */
	const char *to;      /* person id, or whatever was typed */
	const char *outcome; /* CALL_REACHED, no-answer, voicemail, refused, CALL_NOBODY */
	stamp at;
};

#endif
