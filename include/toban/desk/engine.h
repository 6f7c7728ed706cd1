/* SPDX-License-Identifier: MIT */
/*
 * What the desk does by itself, outside every session: the promises of the
 * procedure, and the lease by which one process at a time looks after them.
 */
#ifndef TOBAN_DESK_ENGINE_H
#define TOBAN_DESK_ENGINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "toban/desk/desk.h"

/* --- the clocks ----------------------------------------------------------------- */

/* What the clocks of the machine say at one moment. */
struct clock_reading {
	stamp wall;        /* the clock that people set */
	int64_t uptime_ms; /* since the machine started, asleep or not; nobody sets it */
	const char *boot;  /* which start that was; "": jumps cannot be told */
};

/* What one look at the clocks did; `acts` is set by the caller, the rest by the turn. */
struct clock_turn {
	json_t *acts;    /* NULL, or a list: {"id","kind","seq","at"} is added for each act */
	size_t n_acts;   /* entries that were recorded */
	bool more;       /* a turn does some hundred acts; there may be others: look again */
	bool jumped;     /* the clock had been set since the last look; that was recorded, too */
	stamp next_wake; /* when to look again; STAMP_NONE: when somebody wrote */
};

/*
 * Does what is due by `reading`, some hundred acts at most: each act is one entry by ACTOR_DESK,
 * with its messages in the same transaction, and of an id that it alone has, so
 * that two engines at once do nothing twice.  A clock that was set is recorded
 * before anything else, and no deadline comes sooner or later for it.  What cannot
 * be folded is left for the verifier to name.  ERR_DENIED on a read-only desk, else as
 * the store says; what was recorded before a failure stays.
 */
enum err desk_clock_turn(
	struct desk *desk, const struct clock_reading *reading, struct clock_turn *turn);

/* --- the lease --------------------------------------------------------------------- */

/* Who runs the clocks of a desk. */
struct engine_holder {
	int64_t pid;
	const char *host;
	const char *kind; /* serve: the service; desk: beside an open screen */
	stamp since;
};

/*
 * Takes the lease, which is a lock on the file `path` and goes with the process,
 * however it ends.  *ret_fd is to be closed.  ERR_BUSY: somebody has it.  ERR_IO.
 */
enum err lease_take(const char *path, int *ret_fd);

/* A wait for the lease that costs nothing: a child of this process is queued for it. */
struct lease_wait {
	int done_fd; /* readable when the wait is over */
	int lock_fd;
	pid_t pid;
};

/*
 * Begins to wait; with `service`, the file of its mark, only once no service is there.
 * This process must have one thread.  ERR_IO.
 */
enum err lease_wait_start(const char *path, const char *service, struct lease_wait *ret_wait);

/* Ends a wait whose done_fd is readable; as lease_take(). */
enum err lease_wait_finish(struct lease_wait *wait, const char *path, int *ret_fd);

/* Gives up waiting. */
void lease_wait_stop(struct lease_wait *wait);

/* Whether any process has the lease. */
bool lease_is_held(const char *path);

/*
 * The mark of a service: as long as one lives, waiting or not, an engine beside an
 * open desk leaves the lease to it, since only the service has what its manager
 * hands over (credentials).  *ret_fd is to be closed, which takes the mark back, as
 * does the end of the process.  Several services may have it at once.  ERR_IO.
 */
enum err service_mark(const char *path, int *ret_fd);

/* Whether any process has the mark; takes nothing. */
bool service_is_there(const char *path);

/*
 * A descriptor that becomes readable when somebody sets the mark, to be read empty
 * (it does not block) and closed; look with service_is_there() after making it.  ERR_IO.
 */
enum err service_watch(const char *path, int *ret_fd);

/* Says in the desk who has the lease; NULL: nobody any more. */
enum err engine_holder_put(struct store *store, const struct engine_holder *holder);

/* Who last said so; ERR_NOT_FOUND: nobody.  Only lease_is_held() tells whether it is still so. */
enum err engine_holder_get(
	struct store *store, struct arena *arena, struct engine_holder *ret_holder);

#endif
