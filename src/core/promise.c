/* SPDX-License-Identifier: MIT */
/*
 * Promises: see promise.h.  What is watched is in promise_watch.c, how it is
 * followed up in promise_ladder.c, what an act records in promise_act.c.
 */
#include "toban/core/promise.h"

#include <string.h>

#include "promise_act.h"

/* What is due first of all that is watched. */
struct first {
	const struct promise_world *world;
	stamp not_before; /* until then the newest step may be taken back */
	struct promise promise;
	struct promise_stage stage; /* at STAMP_NONE: nothing */
};

static void
keep_first(void *ctx, const struct promise *promise)
{
	struct first *first = ctx;
	struct promise_stage stage = promise_ladder(first->world, promise);

	if (stage.at != STAMP_NONE && stage.at < first->not_before) {
		stage.at = first->not_before;
	}
	if (stage.at != STAMP_NONE &&
		(first->stage.at == STAMP_NONE || stage.at < first->stage.at)) {
		first->promise = *promise;
		first->stage = stage;
	}
}

/*
 * A step can be taken back only while nothing stands behind it: an entry of the desk would
 * take that from its author.  So the desk waits until the time is over.
 */
static stamp
take_back_end(const struct promise_world *world)
{
	const struct procedure *procedure = world->context->procedure;
	const struct incident *inc = world->context->incident;
	const struct event *last = &inc->events[inc->n_events - 1];
	const struct flow_step *step = flow_find_step(&procedure->incident_flow, last->kind);
	int64_t span = step_take_back_ms(procedure, step, inc);

	if (span <= 0 || !strcmp(last->actor, ACTOR_DESK)) {
		return STAMP_NONE;
	}
	return promise_moment(world, last->at, last->seq ? last->seq : inc->last_seq) + span;
}

static struct first
find_first(const struct promise_world *world)
{
	struct first first = {
		.world = world,
		.not_before = take_back_end(world),
		.stage = { .at = STAMP_NONE },
	};

	promise_each(world, keep_first, &first);
	return first;
}

stamp
promise_wake(const struct promise_world *world)
{
	return find_first(world).stage.at;
}

enum err
promise_next(struct arena *arena, const struct promise_world *world, struct promise_act *ret_act)
{
	struct first first = find_first(world);

	if (first.stage.at == STAMP_NONE || first.stage.at > world->context->now) {
		*ret_act = (struct promise_act){ .kind = NULL };
		return ERR_OK;
	}
	return promise_do(arena, world, &first.promise, &first.stage, ret_act);
}
