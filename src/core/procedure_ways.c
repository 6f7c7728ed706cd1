/* SPDX-License-Identifier: MIT */
/*
 * The lint of a flow as a graph: every state can be reached from a report,
 * every open state can be left, and what is awaited in a state can be done
 * there by those it is awaited of.
 */
#include "procedure_ways.h"

#include <string.h>

#include "words.h"

static bool
ways_may_take(const struct flow_step *step, const struct flow_state *state)
{
	return word_list_has(&step->from, state->name) ||
		(state->open && word_list_has(&step->from, "*"));
}

/* Where the step's To leads from `state`; NULL: it stays. */
static const char *
ways_next(const struct flow_step *step, const char *state)
{
	for (size_t i = 0; i < step->n_moves; i++) {
		const struct flow_move *move = &step->moves[i];

		if (strcmp(move->from, "*") == 0 || strcmp(move->from, state) == 0) {
			return strcmp(move->to, "=") == 0 ? NULL : move->to;
		}
	}
	return NULL;
}

static size_t
ways_place(const struct flow *flow, const char *name)
{
	const struct flow_state *state = name != NULL ? flow_find_state(flow, name) : NULL;

	return state != NULL ? (size_t)(state - flow->states) : flow->n_states;
}

/* Marks `to`; whether that is news.  An unknown state was reported before. */
static bool
ways_mark(const struct flow *flow, bool *reached, const char *to)
{
	size_t place = ways_place(flow, to);

	if (place == flow->n_states || reached[place]) {
		return false;
	}
	reached[place] = true;
	return true;
}

/* Marks every state the step leads to from `from` ("" for a report). */
static bool
ways_follow(const struct flow *flow, const struct flow_step *step, const char *from, bool *reached)
{
	bool news = ways_mark(flow, reached, ways_next(step, from));

	for (size_t i = 0; i < step->n_branches; i++) {
		news = ways_mark(flow, reached, step->branches[i].to) || news;
	}
	return news;
}

static bool
ways_spread(const struct flow *flow, bool *reached)
{
	bool news = false;

	for (size_t i = 0; i < flow->n_steps; i++) {
		const struct flow_step *step = &flow->steps[i];

		if (strcmp(step->effect, "report") == 0) {
			news = ways_follow(flow, step, "", reached) || news;
		}
		for (size_t j = 0; j < flow->n_states; j++) {
			if (reached[j] && ways_may_take(step, &flow->states[j])) {
				news = ways_follow(flow, step, flow->states[j].name, reached) ||
					news;
			}
		}
	}
	return news;
}

static bool
ways_is_left(const struct flow *flow, const struct flow_state *state)
{
	for (size_t i = 0; i < flow->n_steps; i++) {
		const struct flow_step *step = &flow->steps[i];
		const char *next = ways_next(step, state->name);

		if (!ways_may_take(step, state)) {
			continue;
		}
		if (next != NULL && strcmp(next, state->name) != 0) {
			return true;
		}
		for (size_t j = 0; j < step->n_branches; j++) {
			const char *to = step->branches[j].to;

			if (strcmp(to, "=") != 0 && strcmp(to, state->name) != 0) {
				return true;
			}
		}
	}
	return false;
}

static void
ways_check_waits(struct def_reader *r, const struct flow *flow, const struct flow_state *state,
	const char *path)
{
	for (size_t i = 0; i < state->n_waits; i++) {
		const struct flow_step *step = flow_find_step(flow, state->waits[i].step);

		if (step != NULL && !ways_may_take(step, state)) {
			ini_report(r->problems, path, state->line,
				"a step whose From names this state",
				"In state %s the step %s is awaited, which cannot be taken there.",
				state->name, step->name);
		}
		if (step != NULL && !word_list_has(&step->actors, state->waits[i].actor)) {
			ini_report(r->problems, path, state->line, "one of the step's actors",
				"In state %s the step %s is awaited of %s, who may not take it.",
				state->name, step->name, state->waits[i].actor);
		}
	}
}

static bool
ways_has_opening(const struct flow *flow)
{
	for (size_t i = 0; i < flow->n_steps; i++) {
		if (strcmp(flow->steps[i].effect, "report") == 0) {
			return true;
		}
	}
	return false;
}

void
procedure_ways_check(struct def_reader *r, const struct flow *flow, const char *path)
{
	bool *reached = def_array(r, flow->n_states, sizeof(*reached));

	if (reached == NULL) {
		return;
	}
	if (!ways_has_opening(flow)) {
		ini_report(r->problems, path, 0, "a step with the effect report",
			"No step opens an incident.");
		return;
	}
	while (ways_spread(flow, reached)) {
	}
	for (size_t i = 0; i < flow->n_states; i++) {
		const struct flow_state *state = &flow->states[i];

		if (!reached[i]) {
			ini_report(r->problems, path, state->line, "a step whose To leads there",
				"The state %s cannot be reached.", state->name);
		}
		if ((state->open || !state->final) && !ways_is_left(flow, state)) {
			ini_report(r->problems, path, state->line,
				"a step that leads elsewhere, or Open=no and Final=yes",
				"The state %s is a dead end: no step leads out of it.",
				state->name);
		}
		if (state->open && state->final) {
			ini_report(r->problems, path, state->line, "one of Open and Final",
				"The state %s is both open and final.", state->name);
		}
		ways_check_waits(r, flow, state, path);
	}
}
