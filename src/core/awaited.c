/* SPDX-License-Identifier: MIT */
/*
 * Who is awaited to do what: the states' own `Waits`, made concrete for this
 * incident, and what is owed whatever the state is.
 */
#include <string.h>

#include "actor.h"
#include "awaited.h"
#include "effect.h"
#include "guard.h"
#include "step_way.h"
#include "toban/core/step.h"

struct waiting {
	struct arena *arena;
	const struct step_context *context;
	struct fold_list items;       /* struct awaited */
	const struct flow_wait *wait; /* of the state, while one is expanded */
	const struct flow_step *step;
	enum err err;
};

static bool
is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/*
 * By when exactly this is awaited: the limit of the one who is named, of a role that of
 * the case's department, for which nobody need be looked up.
 */
static stamp
due_of(const struct step_context *context, const struct flow_step *step, const struct awaited *item)
{
	const struct person *named = item->person ? org_person(context->org, item->person) : NULL;
	const struct person anybody = { .id = item->person ? item->person : "",
		.department = context->incident->department };
	struct step_context of = *context;

	of.person = named ? named : &anybody;
	return step_due(&of, step);
}

/* Adds once; a person is enough, else any holder of the role. */
static void
add(struct waiting *w, const char *person, const char *role)
{
	struct awaited *items = w->items.items;
	struct awaited *added;

	for (size_t i = 0; i < w->items.n; i++) {
		if (is_same(items[i].person, person) && !strcmp(items[i].step, w->step->name) &&
			(person || !strcmp(items[i].role, role))) {
			return;
		}
	}
	added = fold_push(w->arena, &w->items, sizeof(*added));
	if (!added) {
		w->err = ERR_NOMEM;
		return;
	}
	*added = (struct awaited){ .person = person, .role = role, .step = w->step->name };
	added->due_at = due_of(w->context, w->step, added);
}

/* Owner, office head and finder are persons; other words mean anybody who holds them. */
static void
add_actor(struct waiting *w, const char *word)
{
	static const char *const persons[] = { "owner", "office-head", "finder" };
	struct word_list people = { 0 };
	bool named = false;

	for (size_t i = 0; i < ARRAY_LEN(persons); i++) {
		named = named || !strcmp(persons[i], word);
	}
	if (!named) {
		add(w, NULL, word);
		return;
	}
	w->err = actor_people(w->arena, w->context, word, NULL, &people);
	for (size_t i = 0; !w->err && i < people.n; i++) {
		add(w, people.items[i], word);
	}
}

/* Whether the flow has the step for an effect and it can be taken in this state. */
static bool
find_step(struct waiting *w, const char *effect)
{
	const struct flow *flow = &w->context->procedure->incident_flow;

	w->step = effect_step(flow, effect);
	return w->step && step_works_in(flow, w->step, w->context->incident->state);
}

/* --- owed in any state ------------------------------------------------------------- */

static void
await_chain(struct waiting *w)
{
	const struct incident *inc = w->context->incident;

	for (size_t i = 0; find_step(w, "acknowledge") && i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (!c->skipped && c->acknowledged_at == STAMP_NONE &&
			!incident_link_acknowledged(inc, c->link)) {
			add(w, c->person, c->role);
		}
	}
}

static void
await_major(struct waiting *w)
{
	if (w->context->incident->major == MAJOR_PROPOSED && find_step(w, "decide-major")) {
		add_actor(w, "office-head");
	}
}

static void
await_ratification(struct waiting *w)
{
	const struct incident *inc = w->context->incident;

	for (size_t i = 0; i < inc->n_responses; i++) {
		const struct response *r = &inc->responses[i];
		if (r->round == inc->round && r->emergency && !r->ratified &&
			find_step(w, "ratify")) {
			add_actor(w, "owner");
		}
	}
}

static void
await_clocks(struct waiting *w)
{
	const struct incident *inc = w->context->incident;

	for (size_t i = 0; i < inc->n_clocks; i++) {
		if (!inc->clocks[i].decision && find_step(w, "decide-clock")) {
			add(w, NULL, "office");
		}
	}
}

static void
await_suspicion(struct waiting *w)
{
	if (w->context->incident->suspected.n && find_step(w, "confirm-suspicion")) {
		add_actor(w, "owner");
	}
}

/* --- what a state waits for ----------------------------------------------------------- */

static bool
is_unanswered(const struct incident *inc, const struct instruction *in)
{
	return in->round == inc->round && !in->answered_by;
}

static bool
any_unanswered(const struct incident *inc)
{
	for (size_t i = 0; i < inc->n_instructions; i++) {
		if (is_unanswered(inc, &inc->instructions[i])) {
			return true;
		}
	}
	return false;
}

static void
await_addressee(struct waiting *w, const char *id)
{
	const struct step_context *c = w->context;
	const struct person *officer;

	if (org_person(c->org, id)) {
		if (!incident_is_involved(c->incident, id)) {
			add(w, id, "addressee");
		}
		return;
	}
	if (!strcmp(id, c->incident->department)) {
		add(w, NULL, "department");
		return;
	}
	officer = actor_officer(c, id);
	if (officer) {
		add(w, officer->id, "officer");
		return;
	}
	/* Nobody answers for it: whoever of its people does it first. */
	for (size_t i = 0; i < c->org->n_people; i++) {
		const struct person *p = &c->org->people[i];
		if (!strcmp(p->department, id) && !incident_is_involved(c->incident, p->id)) {
			add(w, p->id, "addressee");
		}
	}
}

enum err
awaited_answer(struct arena *arena, const struct step_context *context,
	const struct instruction *instruction, const struct awaited **ret_items, size_t *ret_n)
{
	struct waiting w = { .arena = arena, .context = context };

	if (find_step(&w, "respond")) {
		for (size_t i = 0; i < instruction->to.n; i++) {
			await_addressee(&w, instruction->to.items[i]);
		}
	}
	if (w.err) {
		return w.err;
	}
	*ret_items = w.items.items;
	*ret_n = w.items.n;
	return ERR_OK;
}

static void
await_response(struct waiting *w)
{
	const struct incident *inc = w->context->incident;
	size_t before = w->items.n;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		const struct instruction *in = &inc->instructions[i];
		for (size_t a = 0; is_unanswered(inc, in) && a < in->to.n; a++) {
			await_addressee(w, in->to.items[a]);
		}
	}
	if (any_unanswered(inc) && w->items.n == before) {
		add(w, NULL, "department"); /* whoever was addressed is out of it now */
	}
}

static void
await_result(struct waiting *w)
{
	if (!any_unanswered(w->context->incident)) {
		add_actor(w, w->wait->actor);
	}
}

static void
await_plan(struct waiting *w)
{
	if (!w->context->incident->prevention_studied) {
		add_actor(w, w->wait->actor);
	}
}

static void
await_cells(struct waiting *w)
{
	const struct incident *inc = w->context->incident;

	for (size_t i = 0; i < inc->n_measures; i++) {
		for (size_t c = 0; c < inc->measures[i].n_cells; c++) {
			const struct cell *cell = &inc->measures[i].cells[c];
			const struct person *officer = actor_officer(w->context, cell->department);
			if (officer &&
				(cell->state == CELL_ASKED || cell->state == CELL_SENT_BACK)) {
				add(w, officer->id, "officer");
			}
		}
	}
}

static bool
any_cell(const struct incident *inc, bool answered_only)
{
	for (size_t i = 0; i < inc->n_measures; i++) {
		for (size_t c = 0; c < inc->measures[i].n_cells; c++) {
			enum cell_state state = inc->measures[i].cells[c].state;
			if (state == CELL_APPLIED || state == CELL_NOT_APPLICABLE ||
				(!answered_only && state != CELL_ACCEPTED)) {
				return true;
			}
		}
	}
	return false;
}

static void
await_acceptance(struct waiting *w)
{
	if (any_cell(w->context->incident, true)) {
		add_actor(w, w->wait->actor);
	}
}

static void
await_review(struct waiting *w)
{
	const struct incident *inc = w->context->incident;

	for (size_t i = 0; i < inc->n_reviews; i++) {
		const struct review_item *item =
			procedure_review(w->context->procedure, inc->reviews[i].item);
		if (item && !inc->reviews[i].verdict && word_list_has(&item->by, w->wait->actor)) {
			add_actor(w, w->wait->actor);
		}
	}
}

static void
await_close(struct waiting *w)
{
	const struct judgement j = { .context = w->context, .person = w->context->person };

	if (guard_gates_open(&j, NULL) && w->context->incident->major != MAJOR_PROPOSED) {
		add_actor(w, w->wait->actor);
	}
}

static void
await_effect(struct waiting *w)
{
	if (!any_cell(w->context->incident, false)) {
		add_actor(w, w->wait->actor);
	}
}

static void
await_nothing(struct waiting *w)
{
	(void)w; /* the chain was looked at before the state */
}

static const struct {
	const char *effect;
	void (*expand)(struct waiting *w);
} expansions[] = {
	{ "acknowledge", await_nothing },
	{ "respond", await_response },
	{ "report-result", await_result },
	{ "plan-prevention", await_plan },
	{ "apply", await_cells },
	{ "accept", await_acceptance },
	{ "review-item", await_review },
	{ "close", await_close },
	{ "verify-effect", await_effect },
};

static void
await_state(struct waiting *w, const struct flow_state *state)
{
	const struct flow *flow = &w->context->procedure->incident_flow;

	for (size_t i = 0; i < state->n_waits; i++) {
		bool expanded = false;
		w->wait = &state->waits[i];
		w->step = flow_find_step(flow, w->wait->step);
		if (!w->step || !step_works_in(flow, w->step, state->name)) {
			continue;
		}
		for (size_t x = 0; x < ARRAY_LEN(expansions) && !expanded; x++) {
			expanded = effect_is(w->step, expansions[x].effect);
			if (expanded) {
				expansions[x].expand(w);
			}
		}
		if (!expanded) {
			add_actor(w, w->wait->actor);
		}
	}
}

enum err
step_awaited(struct arena *arena, const struct step_context *context,
	const struct awaited **ret_items, size_t *ret_n)
{
	const struct flow *flow = &context->procedure->incident_flow;
	const struct flow_state *state = flow_find_state(flow, context->incident->state);
	struct waiting w = { .arena = arena, .context = context };

	if (!state || !state->final) {
		await_chain(&w);
		await_major(&w);
		await_ratification(&w);
	}
	if (state && !state->final) {
		await_state(&w, state);
	}
	if (!state || !state->final) {
		await_clocks(&w);
		await_suspicion(&w);
	}
	if (w.err) {
		return w.err;
	}
	*ret_items = w.items.items;
	*ret_n = w.items.n;
	return ERR_OK;
}
