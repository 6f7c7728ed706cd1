/* SPDX-License-Identifier: MIT */
/*
 * Waiting for somebody else at a descriptor - a service, an agent - so that whoever waits at
 * a screen is told, keeps what they type, and can give up.
 */
#ifndef TOBAN_BASE_WAITING_H
#define TOBAN_BASE_WAITING_H

#include <stdbool.h>
#include <stdint.h>

/* Below this nobody is told: it would only flicker. */
#define WAITING_FIRST_MS 200

/* Who is told.  Shared by all who wait; changed only while nobody does. */
struct waiting {
	int fd;        /* their keys; watched from `fd_ms` on */
	int64_t fd_ms; /* since the waiting began */
	/*
	 * Called after WAITING_FIRST_MS, at every full second of waiting (`ms` since it began), and
	 * when `fd` can be read, which it then reads.  False: they gave up.  NULL: nobody is told.
	 */
	bool (*look)(void *ctx, int64_t ms);
	void *ctx;
};

enum waited {
	WAITED_READY,  /* or the descriptor is in trouble: the call that follows tells */
	WAITED_LATE,   /* `until` came first */
	WAITED_STOPPED /* look() said so */
};

/*
 * Waits for `events` of poll() at `fd` (-1: for the time alone) until `until`.  `since` is when
 * the whole of the waiting began, of which this may be a part; both as clock_uptime_ms().
 * `waiting` may be NULL.
 */
enum waited waiting_poll(
	const struct waiting *waiting, int fd, short events, int64_t since, int64_t until);

#endif
