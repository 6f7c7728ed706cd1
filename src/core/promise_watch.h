/* SPDX-License-Identifier: MIT */
/*
 * The things that are watched in an incident: what is awaited since when, until
 * when, and by which rule the desk follows it up.
 */
#ifndef TOBAN_CORE_PROMISE_WATCH_H
#define TOBAN_CORE_PROMISE_WATCH_H

#include "toban/core/promise.h"

/* One thing that is watched now. */
struct promise {
	const char *watch;      /* WATCH_… */
	int link;               /* of the chain; 0: no link */
	const char *key;        /* of the measure or the statutory clock; "" none */
	const char *department; /* of the cell; "" none */
	int64_t since;          /* seq of the entry that started it */
	stamp since_at;         /* by the clock of now */
	stamp due;              /* the limit, by the clock of now; STAMP_NONE: none */
	struct clock_rule rule;
	/* NULL: it is followed up by a ladder; else this kind of entry is due once, at `due`. */
	const char *once;
};

typedef void promise_visit(void *ctx, const struct promise *promise);

/* Visits everything that is watched, the most urgent kind first. */
void promise_each(const struct promise_world *world, promise_visit *visit, void *ctx);

/* A moment counted from the entry `seq`, by the clock of now; STAMP_NONE stays. */
stamp promise_moment(const struct promise_world *world, stamp at, int64_t seq);

/* The effect of the step that a watch waits for. */
const char *promise_watch_effect(const char *word);

/* The watch over what a state waits for; NULL: none. */
const struct clock_watch *promise_watch_awaited(
	const struct procedure *p, const struct flow_state *state);

/* --- for the files that look ------------------------------------------------------ */

struct looking {
	const struct promise_world *world;
	const struct incident *incident;
	const struct clock_watch *watch; /* NULL while the links are looked at */
	struct clock_rule rule;          /* of the watch, in this incident */
	promise_visit *visit;
	void *ctx;
};

/* Hands one promise to the visitor. */
void promise_look(const struct looking *l, struct promise *promise);

#endif
