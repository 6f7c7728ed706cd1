/* SPDX-License-Identifier: MIT */
/*
 * Who goes next.  Three wishes pull against one another: messages of a target
 * should arrive in order and at most once too often when the sender is killed
 * (so: one at a time); a slow receiver must not hold up its own other messages,
 * a flood must drain (so: several); and a dead receiver must not eat the places
 * of the living (so: few).  The rule: one at a time; another one when the
 * newest has had no answer for 300 ms, or when 500 went out and there is no end
 * in sight; never a second one while the last exchange failed slowly.  An urgent
 * message does not wait for ordinary ones.
 */
#include "lane.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/notify/notify.h"

#include "webhook.h"

/* Copies `n` texts into one block, which the caller frees; NULL without memory. */
static char *
texts_copy(const char *const *texts, size_t n, const char **ret_copies)
{
	size_t total = 0;

	for (size_t i = 0; i < n; i++) {
		total += strlen(texts[i]) + 1;
	}

	char *block = malloc(total);
	char *at = block;

	for (size_t i = 0; block != NULL && i < n; i++) {
		size_t size = strlen(texts[i]) + 1;

		memcpy(at, texts[i], size);
		ret_copies[i] = at;
		at += size;
	}
	return block;
}

/* --- jobs ------------------------------------------------------------------------ */

struct job *
job_new(const struct outbox_row *row)
{
	const char *const texts[] = { row->id, row->target, row->type, row->subject, row->body };
	const char *copies[ARRAY_LEN(texts)];
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL || (job->text = texts_copy(texts, ARRAY_LEN(texts), copies)) == NULL) {
		free(job);
		return NULL;
	}
	job->row = *row;
	job->row.id = copies[0];
	job->row.target = copies[1];
	job->row.type = copies[2];
	job->row.subject = copies[3];
	job->row.body = copies[4];
	job->row.state = "waiting"; /* only those are queued; outbox_plan() sets both anew */
	job->row.last_answer = "";
	return job;
}

void
job_free(struct job *job)
{
	if (job != NULL) {
		free(job->text);
		free(job->answer);
		free(job);
	}
}

static void
jobs_free(struct job *job)
{
	while (job != NULL) {
		struct job *next = job->next;

		job_free(job);
		job = next;
	}
}

/* --- lanes ----------------------------------------------------------------------- */

/* Gives the lane its own copy of `target`. */
static enum err
lane_set_target(struct lane *lane, const struct target_row *target)
{
	const char *const texts[] = { target->name, target->kind, target->url, target->events,
		target->format, target->template, target->person };
	const char *copies[ARRAY_LEN(texts)];
	char *block = texts_copy(texts, ARRAY_LEN(texts), copies);

	if (block == NULL) {
		return ERR_NOMEM;
	}
	free(lane->text);
	lane->text = block;
	lane->target = *target;
	lane->target.name = copies[0];
	lane->target.kind = copies[1];
	lane->target.url = copies[2];
	lane->target.events = copies[3];
	lane->target.format = copies[4];
	lane->target.template = copies[5];
	lane->target.person = copies[6];
	return ERR_OK;
}

static void
lane_free(struct lane *lane)
{
	jobs_free(lane->queue);
	jobs_free(lane->busy);
	free(lane->text);
	free(lane);
}

static struct lane *
lanes_by_name(const struct lanes *lanes, const char *name)
{
	for (struct lane *lane = lanes->first; lane != NULL; lane = lane->next) {
		if (strcmp(lane->target.name, name) == 0) {
			return lane;
		}
	}
	return NULL;
}

/* The lane of `target`, with its newest settings. */
static enum err
lanes_put(struct lanes *lanes, const struct target_row *target)
{
	struct lane *lane = lanes_by_name(lanes, target->name);
	struct lane *fresh = NULL;

	if (lane == NULL) {
		lane = fresh = calloc(1, sizeof(*lane));
	}
	if (lane == NULL || lane_set_target(lane, target) != ERR_OK) {
		free(fresh);
		return ERR_NOMEM;
	}
	if (fresh != NULL) {
		fresh->queue_end = &fresh->queue;
		fresh->last_start = STAMP_NONE;
		fresh->next = lanes->first;
		lanes->first = fresh;
	}
	lane->gone = false;
	return ERR_OK;
}

/* Frees the lanes of removed targets that have nothing under way. */
static void
lanes_sweep(struct lanes *lanes)
{
	struct lane **link = &lanes->first;

	while (*link != NULL) {
		struct lane *lane = *link;

		if (!lane->gone || lane->n_busy > 0) {
			link = &lane->next;
			continue;
		}
		*link = lane->next;
		if (lanes->last_picked == lane) {
			lanes->last_picked = NULL;
		}
		lane_free(lane);
	}
}

enum err
lanes_set(struct lanes *lanes, const struct target_list *targets)
{
	for (struct lane *lane = lanes->first; lane != NULL; lane = lane->next) {
		lane->gone = true;
	}
	for (size_t i = 0; i < targets->n; i++) {
		enum err err = lanes_put(lanes, &targets->items[i]);

		if (err != ERR_OK) {
			return err;
		}
	}
	lanes_sweep(lanes);
	return ERR_OK;
}

void
lanes_release(struct lanes *lanes)
{
	struct lane *lane = lanes->first;

	while (lane != NULL) {
		struct lane *next = lane->next;

		lane_free(lane);
		lane = next;
	}
	*lanes = (struct lanes){ 0 };
}

struct lane *
lanes_find(const struct lanes *lanes, const char *name)
{
	struct lane *lane = lanes_by_name(lanes, name);

	return lane != NULL && !lane->gone && lane->target.active && !lane->target.stopped ? lane
											  : NULL;
}

bool
lanes_stopped(const struct lanes *lanes, const char *name)
{
	const struct lane *lane = lanes_by_name(lanes, name);

	return lane != NULL && !lane->gone && lane->target.active && lane->target.stopped;
}

bool
lanes_queued(const struct lanes *lanes)
{
	for (const struct lane *lane = lanes->first; lane != NULL; lane = lane->next) {
		if (lane->n_queued > 0) {
			return true;
		}
	}
	return false;
}

void
lane_empty(struct lane *lane)
{
	jobs_free(lane->queue);
	lane->queue = NULL;
	lane->queue_end = &lane->queue;
	lane->n_queued = 0;
}

void
lane_loaded(struct lane *lane, bool full, bool drained)
{
	lane->more = full;
	if (!full) {
		lane->full = 0;
	} else if (drained && lane->full < LANE_FLOOD) {
		lane->full++;
	}
}

enum err
lane_push(struct lane *lane, const struct outbox_row *row)
{
	for (const struct job *job = lane->busy; job != NULL; job = job->next) {
		if (strcmp(job->row.id, row->id) == 0) {
			return ERR_OK;
		}
	}

	struct job *job = job_new(row);

	if (job == NULL) {
		return ERR_NOMEM;
	}
	job->lane = lane;
	*lane->queue_end = job;
	lane->queue_end = &job->next;
	lane->n_queued++;
	return ERR_OK;
}

/* --- who goes next ------------------------------------------------------------------ */

static bool
lane_is_slow(const struct lane *lane, stamp now)
{
	/* A clock that was set back counts as time gone by: better early than never. */
	return now < lane->last_start || now - lane->last_start >= LANE_PATIENCE_MS;
}

static bool
lane_may_start(const struct lane *lane, size_t room, stamp now)
{
	const struct job *job = lane->queue;

	if (job == NULL || lane->gone || !lane->target.active || room == 0) {
		return false;
	}
	if (job->row.urgent && lane->n_busy_urgent == 0) {
		return lane->n_busy < LANE_MOST;
	}
	if (!job->row.urgent && (room <= LANES_RESERVED || lane->n_busy >= LANE_MOST - 1)) {
		return false;
	}
	if (lane->n_busy == 0) {
		return true;
	}
	return lane->n_busy < LANE_MOST && !lane->suspect &&
		(lane->full >= LANE_FLOOD || lane_is_slow(lane, now));
}

/* Whether `lane` goes before `best`; equals keep the order of turns. */
static bool
lane_goes_before(const struct lane *lane, const struct lane *best)
{
	if (lane->queue->row.urgent != best->queue->row.urgent) {
		return lane->queue->row.urgent;
	}
	return lane->n_busy < best->n_busy;
}

static struct job *
lane_start(struct lanes *lanes, struct lane *lane, stamp now)
{
	struct job *job = lane->queue;

	lane->queue = job->next;
	if (lane->queue == NULL) {
		lane->queue_end = &lane->queue;
	}
	lane->n_queued--;
	job->next = lane->busy;
	lane->busy = job;
	lane->n_busy++;
	lane->n_busy_urgent += job->row.urgent;
	lane->last_start = now;
	job->started_at = now;
	lanes->n_busy++;
	lanes->last_picked = lane;
	return job;
}

struct job *
lanes_pick(struct lanes *lanes, size_t room, stamp now)
{
	struct lane *start = lanes->last_picked != NULL ? lanes->last_picked->next : NULL;
	struct lane *lane = start != NULL ? start : lanes->first;
	struct lane *const end = lane;
	struct lane *best = NULL;

	if (lane == NULL) {
		return NULL;
	}
	do {
		if (lane_may_start(lane, room, now) &&
			(best == NULL || lane_goes_before(lane, best))) {
			best = lane;
		}
		lane = lane->next != NULL ? lane->next : lanes->first;
	} while (lane != end);
	return best != NULL ? lane_start(lanes, best, now) : NULL;
}

void
lane_finish(struct lanes *lanes, struct job *job)
{
	struct lane *lane = job->lane;
	struct job **link = &lane->busy;

	while (*link != job) {
		link = &(*link)->next;
	}
	*link = job->next;
	job->next = NULL;
	job->lane = NULL;
	lane->n_busy--;
	lane->n_busy_urgent -= job->row.urgent;
	lanes->n_busy--;
}
