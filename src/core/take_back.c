/* SPDX-License-Identifier: MIT */
/*
 * What may be taken back for how long: what was sent by mistake and nobody has
 * read, never what had to go out at once or what was decided.
 */
#include <string.h>

#include "effect_body.h"
#include "toban/base/attr.h"
#include "toban/core/step.h"

static bool
any_urgent(const struct procedure *procedure, const struct word_list *keys)
{
	for (size_t i = 0; i < keys->n; i++) {
		const struct category *category =
			classification_find(&procedure->classification, keys->items[i]);

		if (category && category->urgent) {
			return true;
		}
	}
	return false;
}

bool
incident_is_urgent(const struct procedure *procedure, const struct incident *incident)
{
	struct word_list category = { .items = &incident->category,
		.n = incident->category != NULL };

	return incident->major == MAJOR_PROPOSED || incident->major == MAJOR_YES ||
		any_urgent(procedure, &category) || any_urgent(procedure, &incident->categories) ||
		any_urgent(procedure, &incident->suspected);
}

bool
step_is_signed(const struct flow_step *step)
{
	static const char *const always[] = { "approve-result", "return-result", "decide-major",
		"close", "verify-effect" };

	for (size_t i = 0; i < ARRAY_LEN(always); i++) {
		if (strcmp(step->effect, always[i]) == 0) {
			return true;
		}
	}
	return step->sign;
}

int64_t
step_take_back_ms(const struct procedure *procedure, const struct flow_step *step,
	const struct incident *incident)
{
	const struct flow *flow = &procedure->incident_flow;

	if (!step || step->confirm != CONFIRM_SEND || step_is_signed(step) ||
		incident_is_urgent(procedure, incident)) {
		return 0;
	}
	if (strcmp(step->effect, "report") == 0 && !flow->taken_back[0]) {
		return 0; /* the flow has no state for a report that is none any more */
	}
	return flow->take_back_ms;
}

bool
incident_takes_back(const struct event *next, const json_t *body, const struct event *event)
{
	return !strcmp(next->kind, KIND_TAKEN_BACK) &&
		body_int(json_object_get(body, "fields"), "seq") == event->seq;
}
