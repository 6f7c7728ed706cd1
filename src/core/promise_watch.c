/* SPDX-License-Identifier: MIT */
/*
 * What is watched: see promise_watch.h.  One row a watch; what a row looks for in an
 * incident is one small function.  The chain is in promise_chain.c.
 */
#include "promise_watch.h"

#include <string.h>

#include "effect.h"
#include "incident_due.h"
#include "promise_chain.h"
#include "step_way.h"

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

void
promise_look(const struct looking *l, struct promise *p)
{
	p->key = p->key ? p->key : "";
	p->department = p->department ? p->department : "";
	l->visit(l->ctx, p);
}

/* Something that an entry started: it has so long as the rule says, or until `due`. */
static void
look(const struct looking *l, int64_t seq, stamp at, stamp due)
{
	struct promise p = {
		.watch = l->watch->word,
		.since = seq,
		.since_at = promise_moment(l->world, at, seq),
		.due = due,
		.rule = l->rule,
	};

	if (due == STAMP_NONE && l->rule.due_ms) {
		p.due = p.since_at + l->rule.due_ms;
	}
	promise_look(l, &p);
}

/* --- what follows a step ----------------------------------------------------------- */

/* From when the state was entered until what the flow, or else the rule, says. */
static void
look_at_state(const struct looking *l)
{
	const struct incident *inc = l->incident;

	look(l, inc->state_seq, inc->state_at,
		promise_moment(l->world, inc->step_due, inc->step_due_seq));
}

/* Who has not taken notice cannot instruct: the chain is called to mind instead. */
static void
look_at_instruct(const struct looking *l)
{
	int first = promise_chain_first(l->incident);

	if (!first || incident_link_acknowledged(l->incident, first)) {
		look_at_state(l);
	}
}

static void
look_at_result(const struct looking *l)
{
	const struct incident *inc = l->incident;
	int64_t seq = inc->state_seq;
	stamp at = inc->state_at;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		if (inc->instructions[i].round == inc->round && !inc->instructions[i].answered_by) {
			return;
		}
	}
	for (size_t i = 0; i < inc->n_instructions; i++) {
		for (size_t k = 0; k < inc->n_responses; k++) {
			const struct response *r = &inc->responses[k];
			if (r->seq == inc->instructions[i].answered_by && r->seq > seq) {
				seq = r->seq;
				at = r->at;
			}
		}
	}
	look(l, seq, at, promise_moment(l->world, inc->step_due, inc->step_due_seq));
}

static void
look_at_plan(const struct looking *l)
{
	if (!l->incident->prevention_studied) {
		look_at_state(l);
	}
}

static void
look_at_reviews(const struct looking *l)
{
	const struct incident *inc = l->incident;
	bool open = false;

	for (size_t i = 0; i < inc->n_reviews; i++) {
		open = open || !inc->reviews[i].verdict;
	}
	if (open && inc->result.approved_seq) {
		look(l, inc->result.approved_seq, inc->result.approved_at, STAMP_NONE);
	}
}

/* --- owed whatever the state is ------------------------------------------------------ */

static void
look_at_instructions(const struct looking *l)
{
	const struct incident *inc = l->incident;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		const struct instruction *in = &inc->instructions[i];
		if (in->round == inc->round && !in->answered_by) {
			look(l, in->seq, in->at, in->due_at); /* a date that a person gave */
		}
	}
}

static void
look_at_emergencies(const struct looking *l)
{
	const struct incident *inc = l->incident;

	for (size_t i = 0; i < inc->n_responses; i++) {
		const struct response *r = &inc->responses[i];
		if (r->round == inc->round && r->emergency && !r->ratified) {
			look(l, r->seq, r->at, STAMP_NONE);
		}
	}
}

/* When the entry was made; STAMP_NONE when there is none of that number. */
static stamp
entry_at(const struct incident *inc, int64_t seq)
{
	for (size_t i = 0; i < inc->n_events; i++) {
		int64_t at_seq = inc->events[i].seq ? inc->events[i].seq : inc->last_seq;
		if (at_seq == seq) {
			return inc->events[i].at;
		}
	}
	return STAMP_NONE;
}

static void
look_at_major(const struct looking *l)
{
	const struct incident *inc = l->incident;

	if (inc->major == MAJOR_PROPOSED) {
		look(l, inc->major_seq, entry_at(inc, inc->major_seq), STAMP_NONE);
	}
}

static void
look_at_suspicion(const struct looking *l)
{
	const struct incident *inc = l->incident;

	if (inc->suspected.n) {
		look(l, inc->suspected_seq, entry_at(inc, inc->suspected_seq), STAMP_NONE);
	}
}

static void
look_at_statutory(const struct looking *l)
{
	const struct incident *inc = l->incident;

	for (size_t i = 0; i < inc->n_clocks; i++) {
		const struct running_clock *clock = &inc->clocks[i];
		struct promise p = {
			.watch = l->watch->word,
			.key = clock->key,
			.since = clock->seq,
			.since_at = promise_moment(l->world, entry_at(inc, clock->seq), clock->seq),
			.due = promise_moment(l->world, clock->due_at, clock->seq),
			.rule = l->rule,
		};
		if (!clock->decision) {
			promise_look(l, &p);
		}
	}
}

/* --- measures ---------------------------------------------------------------------------- */

/* The cells that the department, or else the office, has to do something about. */
static void
look_at_cells(const struct looking *l, bool answered)
{
	const struct incident *inc = l->incident;

	for (size_t i = 0; i < inc->n_measures; i++) {
		for (size_t k = 0; k < inc->measures[i].n_cells; k++) {
			const struct cell *cell = &inc->measures[i].cells[k];
			bool asked = cell->state == CELL_ASKED || cell->state == CELL_SENT_BACK;
			struct promise p = {
				.watch = l->watch->word,
				.key = inc->measures[i].key,
				.department = cell->department,
				.since = cell->seq,
				.since_at = promise_moment(l->world, cell->at, cell->seq),
				.due = cell->due_at,
				.rule = l->rule,
			};
			if (answered) {
				p.due = p.since_at + l->rule.due_ms;
			}
			if (answered ? !asked && cell->state != CELL_ACCEPTED : asked) {
				promise_look(l, &p);
			}
		}
	}
}

static void
look_at_open_cells(const struct looking *l)
{
	look_at_cells(l, false);
}

static void
look_at_answered_cells(const struct looking *l)
{
	look_at_cells(l, true);
}

/* Once every cell is accepted: from the day of the verdict, or for so long as the rule says. */
static void
look_at_effect(const struct looking *l)
{
	const struct incident *inc = l->incident;
	int64_t seq = inc->state_seq;
	stamp at = inc->state_at;
	stamp day = incident_effect_on(inc);
	stamp grace;

	for (size_t i = 0; i < inc->n_measures; i++) {
		for (size_t k = 0; k < inc->measures[i].n_cells; k++) {
			const struct cell *cell = &inc->measures[i].cells[k];
			if (cell->state != CELL_ACCEPTED) {
				return;
			}
			at = cell->seq > seq ? cell->at : at;
			seq = cell->seq > seq ? cell->seq : seq;
		}
	}
	grace = promise_moment(l->world, at, seq) + l->rule.due_ms;
	look(l, seq, at, day > grace ? day : grace);
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct {
	const char *word;
	const char *effect; /* of the step that is awaited */
	bool by_state;      /* only where the state waits for it */
	void (*look)(const struct looking *l);
} rows[] = {
	{ WATCH_LAPSE, "acknowledge", false, promise_chain_lapses },
	{ WATCH_MAJOR, "decide-major", false, look_at_major },
	{ WATCH_STATUTORY, "decide-clock", false, look_at_statutory },
	{ WATCH_INSTRUCT, "instruct", true, look_at_instruct },
	{ WATCH_RESPOND, "respond", false, look_at_instructions },
	{ WATCH_RATIFY, "ratify", false, look_at_emergencies },
	{ WATCH_SUSPICION, "confirm-suspicion", false, look_at_suspicion },
	{ WATCH_RESULT, "report-result", true, look_at_result },
	{ WATCH_APPROVE, "approve-result", true, look_at_state },
	{ WATCH_PLAN, "plan-prevention", true, look_at_plan },
	{ WATCH_CELL, "apply", true, look_at_open_cells },
	{ WATCH_ACCEPT, "accept", true, look_at_answered_cells },
	{ WATCH_REVIEW, "review-item", true, look_at_reviews },
	{ WATCH_EFFECT, "verify-effect", true, look_at_effect },
};

const char *
promise_watch_effect(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!strcmp(rows[i].word, word)) {
			return rows[i].effect;
		}
	}
	return "acknowledge";
}

const struct clock_watch *
promise_watch_awaited(const struct procedure *p, const struct flow_state *state)
{
	for (size_t i = 0; state && i < state->n_waits; i++) {
		const struct flow_step *step =
			flow_find_step(&p->incident_flow, state->waits[i].step);
		for (size_t k = 0; step && k < ARRAY_LEN(rows); k++) {
			if (rows[k].by_state && effect_is(step, rows[k].effect)) {
				return procedure_watch(p, rows[k].word);
			}
		}
	}
	return NULL;
}

/* Whether the state waits for a step of this effect that can be taken in it. */
static bool
state_waits(const struct flow *flow, const struct flow_state *state, const char *effect)
{
	for (size_t i = 0; i < state->n_waits; i++) {
		const struct flow_step *step = flow_find_step(flow, state->waits[i].step);
		if (step && effect_is(step, effect) && step_works_in(flow, step, state->name)) {
			return true;
		}
	}
	return false;
}

void
promise_each(const struct promise_world *world, promise_visit *visit, void *ctx)
{
	const struct procedure *procedure = world->context->procedure;
	const struct flow *flow = &procedure->incident_flow;
	const struct incident *inc = world->context->incident;
	const struct flow_state *state = flow_find_state(flow, inc->state);
	const struct clock_case of = incident_clock_case(inc);
	struct looking l = { .world = world, .incident = inc, .visit = visit, .ctx = ctx };

	if (!state || state->final || inc->voided[0]) {
		return;
	}
	promise_chain_links(&l);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct flow_step *step = effect_step(flow, rows[i].effect);
		bool awaited = rows[i].by_state ? state_waits(flow, state, rows[i].effect)
						: step && step_works_in(flow, step, state->name);
		l.watch = procedure_watch(procedure, rows[i].word);
		if (l.watch && awaited) {
			l.rule = clock_rule_for(l.watch, &of);
			rows[i].look(&l);
		}
	}
}
