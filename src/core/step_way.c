/* SPDX-License-Identifier: MIT */
/*
 * Where a step leads in the flow, and from where.
 */
#include "step_way.h"

#include <string.h>

#include "effect_body.h"

#define ANY "*"
#define STAYS "="

static const char *
lead(const char *to, const char *state)
{
	return strcmp(to, STAYS) ? to : state;
}

/* A field's value as the flow file writes it. */
static const char *
value_word(const json_t *fields, const char *key)
{
	const json_t *value = json_object_get(fields, key);

	if (json_is_boolean(value)) {
		return json_is_true(value) ? "yes" : "no";
	}
	return json_string_value(value);
}

const char *
step_next_state(const struct flow_step *step, const json_t *fields, const char *state)
{
	const char *value = *step->branch ? value_word(fields, step->branch) : NULL;
	const char *otherwise = state;

	for (size_t i = 0; value && i < step->n_branches; i++) {
		if (!strcmp(step->branches[i].from, value)) {
			return lead(step->branches[i].to, state);
		}
	}
	for (size_t i = 0; i < step->n_moves; i++) {
		if (!strcmp(step->moves[i].from, state)) {
			return lead(step->moves[i].to, state);
		}
		if (!strcmp(step->moves[i].from, ANY)) {
			otherwise = lead(step->moves[i].to, state);
		}
	}
	return otherwise;
}

bool
step_works_in(const struct flow *flow, const struct flow_step *step, const char *state)
{
	return word_list_has(&step->from, state) ||
		(word_list_has(&step->from, ANY) && step_is_open(flow, state));
}

bool
step_is_open(const struct flow *flow, const char *state)
{
	const struct flow_state *found = flow_find_state(flow, state);

	return !found || found->open;
}
