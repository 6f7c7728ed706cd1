/* SPDX-License-Identifier: MIT */
/*
 * When the next thing of an incident is due.
 */
#include "incident_due.h"

#include <string.h>

#include "effect.h"
#include "step_way.h"

static void
earlier(stamp *due, stamp at)
{
	if (at != STAMP_NONE && (*due == STAMP_NONE || at < *due)) {
		*due = at;
	}
}

static void
chain_due(const struct incident *inc, stamp *due)
{
	for (size_t i = 0; i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (!c->skipped && c->acknowledged_at == STAMP_NONE &&
			!incident_link_acknowledged(inc, c->link)) {
			earlier(due, c->due_at);
		}
	}
}

static void
clocks_due(const struct incident *inc, stamp *due)
{
	for (size_t i = 0; i < inc->n_clocks; i++) {
		if (!inc->clocks[i].decision) {
			earlier(due, inc->clocks[i].due_at);
		}
	}
}

/* Which cells: those not accepted yet, of them those to be answered, or those answered. */
enum cells { CELLS_OPEN, CELLS_UNANSWERED, CELLS_ANSWERED };

static bool
cell_is(const struct cell *cell, enum cells which)
{
	bool answered = cell->state == CELL_APPLIED || cell->state == CELL_NOT_APPLICABLE;

	return cell->state != CELL_ACCEPTED &&
		(which == CELLS_OPEN || answered == (which == CELLS_ANSWERED));
}

/* `department` NULL: of all. */
static void
cells_due(const struct incident *inc, enum cells which, const char *department, stamp *due)
{
	for (size_t i = 0; i < inc->n_measures; i++) {
		for (size_t j = 0; j < inc->measures[i].n_cells; j++) {
			const struct cell *cell = &inc->measures[i].cells[j];
			if (cell_is(cell, which) &&
				(!department || strcmp(cell->department, department) == 0)) {
				earlier(due, cell->due_at);
			}
		}
	}
}

static void
work_due(const struct incident *inc, stamp *due)
{
	for (size_t i = 0; i < inc->n_instructions; i++) {
		const struct instruction *in = &inc->instructions[i];
		if (in->round == inc->round && !in->answered_by) {
			earlier(due, in->due_at);
		}
	}
	cells_due(inc, CELLS_OPEN, NULL, due);
	clocks_due(inc, due);
}

stamp
incident_effect_on(const struct incident *inc)
{
	stamp latest = STAMP_NONE;

	for (size_t i = 0; i < inc->n_measures; i++) {
		const struct measure *m = &inc->measures[i];
		if (m->round == inc->round && m->effect_on > latest) {
			latest = m->effect_on;
		}
	}
	return latest;
}

stamp
incident_due(const struct procedure *procedure, const struct incident *inc, stamp step_due)
{
	const struct flow_state *state = flow_find_state(&procedure->incident_flow, inc->state);
	const struct flow_step *verify = effect_step(&procedure->incident_flow, "verify-effect");
	stamp due = step_due;

	if (state && state->final) {
		return STAMP_NONE;
	}
	chain_due(inc, &due);
	work_due(inc, &due);
	if (verify && word_list_has(&verify->from, inc->state)) {
		earlier(&due, incident_effect_on(inc));
	}
	return due;
}

/* --- of one step ---------------------------------------------------------------------- */

static void
link_due(const struct step_context *context, stamp *due)
{
	const struct incident *inc = context->incident;

	for (size_t i = 0; i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (!c->skipped && c->acknowledged_at == STAMP_NONE &&
			!incident_link_acknowledged(inc, c->link) &&
			strcmp(c->person, context->person->id) == 0) {
			earlier(due, c->due_at);
		}
	}
}

static void
answer_due(const struct step_context *context, stamp *due)
{
	const struct incident *inc = context->incident;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		const struct instruction *in = &inc->instructions[i];
		if (in->round == inc->round && !in->answered_by &&
			(word_list_has(&in->to, context->person->id) ||
				word_list_has(&in->to, context->person->department))) {
			earlier(due, in->due_at);
		}
	}
}

stamp
step_due(const struct step_context *context, const struct flow_step *step)
{
	const struct incident *inc = context->incident;
	stamp due = STAMP_NONE;

	if (effect_is(step, "acknowledge")) {
		link_due(context, &due);
	} else if (effect_is(step, "respond")) {
		answer_due(context, &due);
	} else if (effect_is(step, "decide-clock")) {
		clocks_due(inc, &due);
	} else if (effect_is(step, "apply")) {
		cells_due(inc, CELLS_UNANSWERED, context->person->department, &due);
	} else if (effect_is(step, "accept")) {
		cells_due(inc, CELLS_ANSWERED, NULL, &due);
	} else if (effect_is(step, "verify-effect")) {
		earlier(&due, incident_effect_on(inc));
	} else if (strcmp(step_next_state(step, NULL, inc->state), inc->state) != 0) {
		/* It leads out of the state: that is what a Due is given for. */
		due = inc->step_due;
	}
	return due;
}
