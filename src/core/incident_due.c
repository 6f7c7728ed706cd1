/* SPDX-License-Identifier: MIT */
/*
 * When the next thing of an incident is due.
 */
#include "incident_due.h"

#include <string.h>

#include "effect.h"

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
		if (!c->skipped && !incident_link_acknowledged(inc, c->link)) {
			earlier(due, c->due_at);
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
	for (size_t i = 0; i < inc->n_measures; i++) {
		for (size_t j = 0; j < inc->measures[i].n_cells; j++) {
			const struct cell *cell = &inc->measures[i].cells[j];
			if (cell->state != CELL_ACCEPTED) {
				earlier(due, cell->due_at);
			}
		}
	}
	for (size_t i = 0; i < inc->n_clocks; i++) {
		if (!inc->clocks[i].decision) {
			earlier(due, inc->clocks[i].due_at);
		}
	}
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
