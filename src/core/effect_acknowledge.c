/* SPDX-License-Identifier: MIT */
/*
 * Acknowledging a link of the contact chain: by the step that says so, or by any other that
 * somebody takes at their link (docs/procedure.md, "The contact chain").
 */
#include <string.h>

#include "actor.h"
#include "effect.h"
#include "effect_body.h"
#include "step_way.h"

/* Whether the step is taken in the place of somebody who stands there, away since the report. */
static bool
is_in_place(const struct taking *t, const struct chain_place *place)
{
	return t->absent && incident_stands_at(place, t->absent->id);
}

/* Told and not answered yet; or standing in where nobody has answered. */
static bool
acknowledges(const struct taking *t, const struct chain_place *place)
{
	const struct incident *inc = t->context->incident;
	const char *person = t->context->person->id;
	const struct contact *c = incident_contact(inc, place->link, person);

	if (!place->open || !(c || incident_stands_at(place, person) || is_in_place(t, place))) {
		return false;
	}
	if (c) {
		return c->acknowledged_at == STAMP_NONE;
	}
	return !incident_link_acknowledged(inc, place->link);
}

/* Whether the place counts as acknowledged once the actor has: somebody else may be awaited. */
static bool
completes(const struct taking *t, const struct chain_place *place)
{
	const struct incident *inc = t->context->incident;

	for (size_t i = 0; place->everyone && i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (c->link == place->link && !c->skipped && c->told_seq &&
			c->acknowledged_at == STAMP_NONE &&
			strcmp(c->person, t->context->person->id) != 0 &&
			!(t->absent && strcmp(c->person, t->absent->id) == 0)) {
			return false;
		}
	}
	return true;
}

/* The state that follows when the first link of the chain is acknowledged. */
static const char *
received_state(const struct taking *t)
{
	const struct flow *flow = &t->context->procedure->incident_flow;
	const struct flow_step *step = effect_step(flow, "acknowledge");

	return step ? step_next_state(step, NULL, t->context->incident->state) : t->state;
}

/* Whether anybody is left who could answer at the place. */
static bool
is_manned(const struct incident *inc, const struct chain_place *place)
{
	const struct word_list *lists[] = { &place->people, &place->stand_ins };

	for (size_t l = 0; l < ARRAY_LEN(lists); l++) {
		for (size_t i = 0; i < lists[l]->n; i++) {
			if (!incident_is_involved(inc, lists[l]->items[i])) {
				return true;
			}
		}
	}
	return false;
}

enum err
effect_chain_acknowledge(struct taking *t)
{
	const struct incident *inc = t->context->incident;
	int first = 0;
	bool first_now = false;
	json_t *links = json_array();
	enum err e = links ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; !e && i < inc->n_places; i++) {
		const struct chain_place *place = &inc->places[i];
		if (place->open && !first && is_manned(inc, place)) {
			first = place->link;
		}
		if (acknowledges(t, place)) {
			first_now = first_now || (place->link == first && completes(t, place));
			e = body_append(links, json_integer(place->link));
			if (!e && word_list_has(&place->acting, t->context->person->id)) {
				e = effect_chain_back(t, place->link); /* whose place it is again */
			}
		}
	}
	if (e || !json_array_size(links)) {
		json_decref(links);
		links = NULL;
	}
	if (first_now && !strcmp(t->state, inc->state)) {
		t->state = received_state(t);
	}
	return links ? body_set(t->body, "acknowledged", links) : e;
}
