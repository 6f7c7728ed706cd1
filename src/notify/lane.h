/* SPDX-License-Identifier: MIT */
/*
 * Lanes: one for each target, so that receivers do not wait for one another.
 * Holds what is queued and what is under way, and picks what goes next.  Pure:
 * no store, no network, no clock.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_LANE_H
#define TOBAN_NOTIFY_LANE_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/store/store.h"

/* Exchanges of one target at the same time; the last place is for urgent ones. */
#define LANE_MOST 4

/* Of all exchanges, this many stay free for urgent messages. */
#define LANES_RESERVED 2

/* While a target answers within this time its messages go one after another. */
#define LANE_PATIENCE_MS 300

/* Rows that are queued at once. */
#define LANE_QUEUE 64

/* So many full queues in a row, sent without an end in sight, are a flood. */
#define LANE_FLOOD 8

struct lane;

/* One message in the sender's hands; owns its texts. */
struct job {
	struct outbox_row row;
	struct lane *lane; /* NULL: of a target that is gone */
	stamp started_at;
	char *text;   /* what row's constant texts point into */
	char *answer; /* what row.last_answer points to after the attempt */
	struct job *next;
};

struct lane {
	struct target_row target;
	char *text;        /* what target's texts point into */
	bool gone;         /* the target was removed; freed when nothing is under way */
	bool more;         /* the last load filled the queue */
	int full;          /* queues that were full and sent, in a row */
	bool suspect;      /* the last exchange failed slowly: one at a time */
	struct job *queue; /* in order of sending */
	struct job **queue_end;
	size_t n_queued;
	struct job *busy; /* under way */
	int n_busy;
	int n_busy_urgent;
	stamp last_start;
	struct lane *next;
};

struct lanes {
	struct lane *first;
	struct lane *last_picked; /* where the turn was */
	size_t n_busy;
};

/* A copy of `row`; NULL without memory. */
struct job *job_new(const struct outbox_row *row);
void job_free(struct job *job); /* NULL allowed */

/* Makes the lanes those of `targets`: new ones, changed ones, gone ones. */
enum err lanes_set(struct lanes *lanes, const struct target_list *targets);
void lanes_release(struct lanes *lanes);

/* NULL when no target of that name takes messages (removed or inactive). */
struct lane *lanes_find(const struct lanes *lanes, const char *name);

/* Whether the target is there and was stopped, because it answered that it is gone. */
bool lanes_stopped(const struct lanes *lanes, const char *name);

/* Whether any lane has something queued. */
bool lanes_queued(const struct lanes *lanes);

void lane_empty(struct lane *lane); /* forgets what is queued, not what is under way */

/* After a load: `full` when there may be more rows; `drained`: the queue was empty before. */
void lane_loaded(struct lane *lane, bool full, bool drained);

/* Queues a copy of `row` unless it is under way already. */
enum err lane_push(struct lane *lane, const struct outbox_row *row);

/*
 * Takes the job to start next and marks it as under way; NULL when none may
 * start now.  Urgent ones first, then the lane with the fewest under way, then
 * in turn.  `room` is how many exchanges could be started.
 */
struct job *lanes_pick(struct lanes *lanes, size_t room, stamp now);

/* The job is no longer under way; it belongs to the caller now. */
void lane_finish(struct lanes *lanes, struct job *job);

#endif
