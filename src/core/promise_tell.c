/* SPDX-License-Identifier: MIT */
/*
 * Whom a stage tells: see promise_tell.h.  A link of the chain has its own people; for
 * anything else whoever is awaited by the flow is told, then the actors that
 * policy/clock.ini names.
 */
#include "promise_tell.h"

#include <string.h>

#include "actor.h"
#include "awaited.h"
#include "toban/core/duty.h"
#include "toban/core/sight.h"

/* Nobody is told of a case they may not see. */
static enum err
tell(struct acting *a, const char *person, const char *role)
{
	struct step_context context = *a->t.context;

	context.person = org_person(context.org, person);
	if (!context.person || !incident_visible(&context)) {
		return ERR_OK;
	}
	return effect_tell(
		&a->t, &(struct notice){ .person = person, .role = role, .due_at = STAMP_NONE });
}

/* Everybody who holds one of the words; of a cell the officer is its own department's. */
static enum err
tell_words(struct acting *a, const struct word_list *words)
{
	json_t *fields = *a->promise->department
		? json_pack("{s:s, s:s}", "measure", a->promise->key, "department",
			  a->promise->department)
		: NULL;
	enum err e = *a->promise->department && !fields ? ERR_NOMEM : ERR_OK;

	for (size_t i = 0; !e && i < words->n; i++) {
		struct word_list people = { 0 };
		e = actor_people(a->t.arena, a->t.context, words->items[i], fields, &people);
		for (size_t k = 0; !e && k < people.n; k++) {
			e = tell(a, people.items[k], words->items[i]);
		}
	}
	json_decref(fields);
	return e;
}

/* Those of the role who could take the step now; while nobody could, all of them. */
static enum err
tell_role(struct acting *a, const struct awaited *item)
{
	struct step_context context = *a->t.context;
	const struct flow_step *step =
		flow_find_step(&context.procedure->incident_flow, item->step);
	struct step_verdict verdict = { .allowed = false };
	struct word_list people = { 0 };
	size_t before = a->t.notices.n;
	enum err e = actor_people(a->t.arena, &context, item->role, NULL, &people);

	context.person = context.org->n_people ? &context.org->people[0] : NULL;
	if (!e && step && context.person) {
		e = step_judge(a->t.arena, &context, step, NULL, &verdict);
	}
	for (size_t i = 0; !e && i < people.n; i++) {
		if (word_list_has(&verdict.who, people.items[i])) {
			e = tell(a, people.items[i], item->role);
		}
	}
	for (size_t i = 0; !e && a->t.notices.n == before && i < people.n; i++) {
		e = tell(a, people.items[i], item->role);
	}
	return e;
}

static enum err
tell_items(struct acting *a, const struct awaited *items, size_t n, const char *effect)
{
	const struct flow *flow = &a->t.context->procedure->incident_flow;
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < n; i++) {
		const struct flow_step *step = flow_find_step(flow, items[i].step);
		if (!step || !effect_is(step, effect)) {
			continue;
		}
		e = items[i].person ? tell(a, items[i].person, items[i].role)
				    : tell_role(a, &items[i]);
	}
	return e;
}

/* --- who is awaited ----------------------------------------------------------------------- */

/* Who stands in for somebody who was told and is away since then. */
static enum err
tell_instead(struct acting *a, const struct contact *contact)
{
	const struct step_context *c = a->t.context;
	const struct duty_query query = actor_duty_query(c);
	const struct person *stand_in = c->duty ? duty_stand_in(&query, contact->person) : NULL;

	if (!stand_in || incident_contact(c->incident, contact->link, stand_in->id)) {
		return ERR_OK;
	}
	return effect_tell(&a->t,
		&(struct notice){
			.person = stand_in->id,
			.role = ROLE_STAND_IN,
			.link = contact->link,
			.due_at = contact->due_at,
		});
}

/*
 * Those of a link who have not answered, who stands in for them, and whose place it is again
 * since they are back.
 */
static enum err
tell_link(struct acting *a)
{
	const struct incident *inc = a->world->context->incident;
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (c->link == a->promise->link && c->acknowledged_at == STAMP_NONE) {
			e = tell(a, c->person, c->role);
			e = e ? e : tell_instead(a, c);
		}
	}
	return e ? e : effect_chain_back(&a->t, a->promise->link);
}

static enum err
tell_addressees(struct acting *a)
{
	const struct incident *inc = a->world->context->incident;
	const struct awaited *items = NULL;
	size_t n = 0;
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < inc->n_instructions; i++) {
		if (inc->instructions[i].seq == a->promise->since) {
			e = awaited_answer(
				a->t.arena, a->t.context, &inc->instructions[i], &items, &n);
		}
	}
	return e ? e : tell_items(a, items, n, promise_watch_effect(a->promise->watch));
}

static enum err
tell_officer(struct acting *a)
{
	const struct person *officer = actor_officer(a->t.context, a->promise->department);

	return officer ? tell(a, officer->id, "officer") : ERR_OK;
}

static enum err
tell_awaited(struct acting *a)
{
	const char *watch = a->promise->watch;
	const struct awaited *items = NULL;
	size_t n = 0;
	enum err e;

	if (a->promise->link) {
		return tell_link(a);
	}
	if (a->promise->rule.tell.n) {
		return tell_words(a, &a->promise->rule.tell);
	}
	if (!strcmp(watch, WATCH_RESPOND)) {
		return tell_addressees(a);
	}
	if (!strcmp(watch, WATCH_CELL)) {
		return tell_officer(a);
	}
	e = step_awaited(a->t.arena, a->t.context, &items, &n);
	return e ? e : tell_items(a, items, n, promise_watch_effect(watch));
}

/* --- stages --------------------------------------------------------------------------------- */

/* Whoever is awaited, and whoever was told because they were silent. */
static enum err
tell_reminded(struct acting *a)
{
	enum err e = tell_awaited(a);

	if (!e && a->stage.phase >= PHASE_PASSED) {
		e = tell_words(a, &a->promise->rule.pass_on);
	}
	if (!e && a->stage.phase >= PHASE_RAISED) {
		e = tell_words(a, &a->promise->rule.raise);
	}
	return e;
}

/* Whoever is above; where there is nobody, those who are awaited hear of it once more. */
static enum err
tell_above(struct acting *a)
{
	const struct promise *p = a->promise;
	enum err e = p->link ? effect_chain_raise(&a->t, p->link) : tell_words(a, &p->rule.raise);

	a->stage.phase = PHASE_RAISED;
	a->stage.kind = KIND_RAISE;
	if (!e && !a->t.notices.n) {
		a->stage.kind = KIND_REMIND;
		e = tell_reminded(a);
	}
	return e;
}

static enum err
tell_stand_ins(struct acting *a)
{
	const struct promise *p = a->promise;
	enum err e =
		p->link ? effect_chain_pass_on(&a->t, p->link) : tell_words(a, &p->rule.pass_on);

	return e || a->t.notices.n ? e : tell_above(a);
}

/* The next link; if it was opened before, whoever was told at it. */
static enum err
tell_next_link(struct acting *a)
{
	const struct incident *inc = a->world->context->incident;
	enum err e = effect_chain_raise(&a->t, a->promise->link);
	bool opened = a->t.notices.n > 0;

	for (size_t i = 0; !e && !opened && i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (c->link > a->promise->link) {
			e = tell(a, c->person, c->role);
		}
	}
	return e;
}

static enum err
tell_link_anew(struct acting *a)
{
	enum err e = effect_chain_again(&a->t, a->promise->link);

	return e ? e : effect_chain_back(&a->t, a->promise->link);
}

static const struct {
	const char *kind;
	enum err (*tell)(struct acting *a);
} rows[] = {
	{ KIND_REMIND, tell_reminded },
	{ KIND_OVERDUE, tell_awaited },
	{ KIND_PASS_ON, tell_stand_ins },
	{ KIND_RAISE, tell_above },
	{ KIND_NOBODY_REACHED, tell_next_link },
	{ KIND_LAPSE, tell_link_anew },
};

enum err
promise_tell(struct acting *a)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!strcmp(rows[i].kind, a->planned.kind)) {
			return rows[i].tell(a);
		}
	}
	return ERR_OK;
}
