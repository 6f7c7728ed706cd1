/* SPDX-License-Identifier: MIT */
/*
 * Promises: what the desk does by itself when people do not (docs/procedure.md,
 * "Clocks").  Each watched thing, e.g. a link of the chain that nobody has
 * acknowledged, has a ladder: people are reminded, then who stands in for them is
 * told, then the next link or the office head.
 *
 * Pure.  Where a ladder stands is told by the desk's own entries in the incident,
 * and every stage counts from when the stage before really happened: after a
 * night without power nothing is skipped, and nothing comes in a heap.
 */
#ifndef TOBAN_CORE_PROMISE_H
#define TOBAN_CORE_PROMISE_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/core/step.h"

/* Kinds of the entries that the desk (ACTOR_DESK) makes in an incident. */
#define KIND_REMIND "remind"                 /* whoever is awaited was called to mind */
#define KIND_OVERDUE "overdue"               /* a limit passed */
#define KIND_PASS_ON "pass-on"               /* whoever stands in was told */
#define KIND_RAISE "raise"                   /* the next link, or the office head, was told */
#define KIND_NOBODY_REACHED "nobody-reached" /* nobody answered the telephone */
#define KIND_LAPSE "lapse"                   /* nothing followed an acknowledgement */

/*
 * The machine's clock was set while the desk watched it.  Moments that were
 * counted from entries before `seq` move by delta_ms; those that a person wrote
 * down as a date stay.
 */
struct clock_jump {
	int64_t seq;      /* of the ledger entry that says so */
	int64_t delta_ms; /* new clock - old clock */
};

/* Everything a promise depends on. */
struct promise_world {
	/* procedure, org and incident are never NULL; `person` is not looked at.  Of `now` and
	 * `duty` only promise_next() knows. */
	const struct step_context *context;
	const struct clock_jump *jumps; /* by seq */
	size_t n_jumps;
};

/*
 * When the desk has to look at the incident again; STAMP_NONE: never, unless
 * somebody does something.  A moment that has passed means that an act is due now.
 * Depends on the incident, the procedure and the jumps alone: neither on `now` nor on
 * the organisation, so a stored answer can be checked.
 */
stamp promise_wake(const struct promise_world *world);

#define PROMISE_ID_SIZE 48

/* One thing the desk does. */
struct promise_act {
	const char *kind;         /* KIND_…; NULL: nothing is due */
	char id[PROMISE_ID_SIZE]; /* of its entry: the same whoever works it out */
	json_t *body;             /* new reference; see docs/forms.md, "Event bodies" */
	const char *state;        /* of the incident: an act never changes it */
	const struct notice *notices;
	size_t n_notices;
	const char *const *messages; /* "clock.KIND" */
	size_t n_messages;
	bool urgent;     /* its messages go out as those of a crisis do */
	stamp wanted_at; /* when it was due, by the clock of now; late by now - wanted_at */
};

/*
 * The one act that is due at context->now and was due first, or none (kind NULL).
 * Record it, as actor ACTOR_DESK at context->now, and ask again.  An entry of the same
 * id means that another engine was faster: look at the incident again.  Everything but
 * `body` lives in the arena or is static.  ERR_NOMEM.
 */
enum err promise_next(
	struct arena *arena, const struct promise_world *world, struct promise_act *ret_act);

#endif
