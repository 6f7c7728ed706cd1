/* SPDX-License-Identifier: MIT */
/*
 * What is watched: see promise_watch.h.
 */
#include "promise_watch.h"

#include <string.h>

#include "step_way.h"

struct looking {
	const struct promise_world *world;
	const struct incident *incident;
	promise_visit *visit;
	void *ctx;
};

stamp
promise_moment(const struct promise_world *world, stamp at, int64_t seq)
{
	const struct incident *inc = world->context->incident;
	const struct event *last = &inc->events[inc->n_events - 1];
	bool unsealed = last->seq == 0 && seq == inc->last_seq;

	/* An entry that is being made has no number yet and is by the clock of now. */
	for (size_t i = 0; at != STAMP_NONE && !unsealed && i < world->n_jumps; i++) {
		if (seq < world->jumps[i].seq) {
			at += world->jumps[i].delta_ms;
		}
	}
	return at;
}

static void
look_at(const struct looking *l, struct promise *p)
{
	p->key = p->key ? p->key : "";
	p->department = p->department ? p->department : "";
	l->visit(l->ctx, p);
}

/* --- links of the chain --------------------------------------------------------------- */

static void
watch_link(const struct looking *l, const struct chain_link *link)
{
	const struct incident *inc = l->incident;
	struct promise p = {
		.watch = "link",
		.link = link->number,
		.since_at = STAMP_NONE,
		.due = STAMP_NONE,
		.rule = {
			.reminder_ms = link->reminder_ms,
			.repeat_ms = link->repeat_ms,
			.reminders = link->reminders,
		},
	};

	for (size_t i = 0; i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (c->link != link->number || c->skipped || !c->told_seq ||
			(p.since && c->told_seq >= p.since)) {
			continue;
		}
		p.since = c->told_seq;
		p.since_at = promise_moment(l->world, c->notified_at, c->told_seq);
		p.due = promise_moment(l->world, c->due_at, c->due_seq);
	}
	if (p.since && !incident_link_acknowledged(inc, link->number)) {
		look_at(l, &p);
	}
}

static void
watch_chain(const struct looking *l)
{
	const struct procedure *procedure = l->world->context->procedure;

	for (size_t i = 0; i < procedure->n_chain; i++) {
		watch_link(l, &procedure->chain[i]);
	}
}

void
promise_each(const struct promise_world *world, promise_visit *visit, void *ctx)
{
	const struct incident *inc = world->context->incident;
	const struct flow_state *state =
		flow_find_state(&world->context->procedure->incident_flow, inc->state);
	const struct looking l = { world, inc, visit, ctx };

	if (!state || state->final || inc->voided[0]) {
		return;
	}
	watch_chain(&l);
}
