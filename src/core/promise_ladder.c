/* SPDX-License-Identifier: MIT */
/*
 * Ladders: see promise_ladder.h.  Two things come of one promise independently: the
 * limit that passes (once), and the reminders that lead from one phase to the next.
 */
#include "promise_ladder.h"

#include <string.h>

static const struct promise_stage nothing = { .kind = NULL, .at = STAMP_NONE };

static bool
is_of(const struct desk_mark *mark, const struct promise *p)
{
	return mark->since == p->since && mark->link == p->link && !strcmp(mark->watch, p->watch) &&
		!strcmp(mark->key, p->key) && !strcmp(mark->department, p->department);
}

/* The newest entry of the promise, of the kind (or of any but that); NULL. */
static const struct desk_mark *
newest(const struct incident *inc, const struct promise *p, const char *kind, bool of_kind)
{
	for (size_t i = inc->n_marks; i > 0; i--) {
		const struct desk_mark *mark = &inc->marks[i - 1];
		if (is_of(mark, p) && !strcmp(mark->kind, kind) == of_kind) {
			return mark;
		}
	}
	return NULL;
}

/* From one phase to the next: to whoever stands in, else to whoever is above. */
static struct promise_stage
turn(int phase, stamp at)
{
	bool raised = phase >= PHASE_PASSED;

	return (struct promise_stage){
		.kind = raised ? KIND_RAISE : KIND_PASS_ON,
		.phase = raised ? PHASE_RAISED : PHASE_PASSED,
		.at = at,
	};
}

/* What follows a stage that was recorded, or (n 0, phase first) the start. */
static struct promise_stage
follow(const struct clock_rule *rule, int phase, int n, stamp at)
{
	int64_t pause = n == 0 ? rule->reminder_ms : rule->repeat_ms;

	if (phase >= PHASE_RAISED) {
		pause = rule->again_ms;
	}
	if (pause <= 0) {
		return nothing;
	}
	if (phase < PHASE_RAISED && n >= rule->reminders) {
		return turn(phase, at + pause);
	}
	return (struct promise_stage){ KIND_REMIND, phase, n + 1, at + pause };
}

/*
 * From when what comes next is counted: the stage before, and the limit, if that has
 * not passed after all because somebody put the machine's clock back.
 */
static stamp
counted_from(
	const struct promise_world *world, const struct promise *p, const struct desk_mark *before)
{
	stamp at = promise_moment(world, before->at, before->seq);

	return p->link || p->due == STAMP_NONE || at > p->due ? at : p->due;
}

/* The reminders of a link run from the moment its people were told, others from the limit. */
static struct promise_stage
reminders(const struct promise_world *world, const struct promise *p, const struct desk_mark *late)
{
	const struct desk_mark *last = newest(world->context->incident, p, KIND_OVERDUE, false);

	if (last && last->phase != PHASE_AHEAD) {
		return follow(&p->rule, last->phase, last->n, counted_from(world, p, last));
	}
	if (p->link) {
		return follow(&p->rule, PHASE_FIRST, 0, p->since_at);
	}
	if (late) {
		return follow(&p->rule, PHASE_FIRST, 0, counted_from(world, p, late));
	}
	if (!last && p->rule.ahead_ms > 0 && p->due != STAMP_NONE &&
		p->due - p->rule.ahead_ms > p->since_at) {
		return (struct promise_stage){ KIND_REMIND, PHASE_AHEAD, 1,
			p->due - p->rule.ahead_ms };
	}
	return nothing;
}

struct promise_stage
promise_ladder(const struct promise_world *world, const struct promise *p)
{
	const struct incident *inc = world->context->incident;
	const struct desk_mark *late = newest(inc, p, KIND_OVERDUE, true);
	struct promise_stage next;

	if (p->once) {
		bool done = newest(inc, p, p->once, true) != NULL;
		return done ? nothing : (struct promise_stage){ .kind = p->once, .at = p->due };
	}
	next = reminders(world, p, late);
	if (!late && p->due != STAMP_NONE && (next.at == STAMP_NONE || p->due <= next.at)) {
		next = (struct promise_stage){ .kind = KIND_OVERDUE, .at = p->due };
	}
	return next;
}
