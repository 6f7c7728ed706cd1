/* SPDX-License-Identifier: MIT */
/*
 * An engine without a desk for tests of promises: a clock that is put forward to
 * when something is due, and a transcript of what the desk did.
 */
#ifndef TOBAN_TESTS_PROMISE_SIM_H
#define TOBAN_TESTS_PROMISE_SIM_H

#include "incident_world.h"
#include "toban/core/promise.h"

#define SIM_ACTS 512
#define SIM_JUMPS 32
#define SIM_MOST_AT_ONCE 24 /* more at one moment is a storm */

/* One thing the desk did. */
struct sim_act {
	const char
		*line; /* "+5 remind link 1: dc-owner@0": minutes since the start, who was told */
	const char *kind;
	char id[PROMISE_ID_SIZE];
	stamp at;     /* by the machine's clock */
	stamp lasted; /* by a clock nobody set */
	bool urgent;
};

struct sim {
	struct world *world;
	stamp start;    /* lines count from here */
	bool dated;     /* lines begin with the date and the time in Japan instead */
	int64_t set_by; /* how far the machine's clock was set, all in all */
	struct clock_jump jumps[SIM_JUMPS];
	size_t n_jumps;
	struct sim_act acts[SIM_ACTS];
	size_t n;
};

/* Begins a transcript now, with the world as it is. */
void sim_begin(struct sim *sim, struct world *world);

/* When the desk looks again. */
stamp sim_wake(const struct sim *sim);

/* Does what is due now, all of it; the number of entries. */
size_t sim_run(struct sim *sim);

/* Goes from moment to moment at which something is due, up to `until`, and stands there then. */
void sim_until(struct sim *sim, stamp until);

/* Somebody sets the machine's clock while the desk is looking. */
void sim_set_clock(struct sim *sim, int64_t delta_ms);

/* The transcript from line `from` on must be these lines; NULL-terminated. */
void sim_expect(const struct sim *sim, size_t from, const char *const *lines);

#endif
