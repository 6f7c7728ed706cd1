/* SPDX-License-Identifier: MIT */
/*
 * Actor words: who may take a step.
 */
#include "actor.h"

#include <string.h>

#include "effect_body.h"
#include "step_way.h"

struct query {
	const struct step_context *context;
	const struct person *person; /* not involved, neither auditor nor administrator */
	const json_t *fields;        /* NULL in the menu */
};

struct actor {
	const char *word;
	const char *label;
	bool (*holds)(const struct query *q);
};

static bool
has_role(const struct person *person, unsigned roles)
{
	return (person->roles & roles) != 0;
}

static bool
is_involved(const struct step_context *context, const struct person *person)
{
	return incident_is_involved(context->incident, person->id);
}

/* Whether anybody uninvolved has one of the roles; NULL department: anywhere. */
static bool
is_there(const struct step_context *context, const char *department, unsigned roles)
{
	for (size_t i = 0; i < context->org->n_people; i++) {
		const struct person *p = &context->org->people[i];
		if (has_role(p, roles) && !is_involved(context, p) &&
			(!department || !strcmp(p->department, department))) {
			return true;
		}
	}
	return false;
}

static bool
is_in(const struct person *person, const char *department, unsigned roles)
{
	return has_role(person, roles) && !strcmp(person->department, department);
}

struct duty_query
actor_duty_query(const struct step_context *context)
{
	return (struct duty_query){
		.org = context->org,
		.duty = context->duty,
		.at = context->now,
		.involved = &context->incident->kept_out,
	};
}

/* Whether the person acts, now, for a holder of the role who is away; NULL department: anywhere. */
static bool
acts_for(const struct query *q, const char *department, unsigned role)
{
	const struct step_context *c = q->context;
	const struct duty_query query = actor_duty_query(c);

	for (size_t i = 0; c->duty && c->duty->n_absences && i < c->org->n_people; i++) {
		const struct person *absent = &c->org->people[i];
		if (has_role(absent, role) && !is_involved(c, absent) &&
			(!department || !strcmp(absent->department, department)) &&
			duty_acts_for(&query, q->person, absent)) {
			return true;
		}
	}
	return false;
}

/* Where every office head is involved, the other members of the office stand in. */
static bool
holds_office_head(const struct query *q)
{
	if (is_there(q->context, NULL, ROLE_OFFICE_HEAD)) {
		return has_role(q->person, ROLE_OFFICE_HEAD) || acts_for(q, NULL, ROLE_OFFICE_HEAD);
	}
	return has_role(q->person, ROLE_OFFICE);
}

/*
 * Owner; where the owner is involved the deputies stand in.  A case must never
 * be without anybody: where they are involved too, or a department has neither
 * (the office itself, crisis management), the office head answers for it.
 */
static bool
holds_owner(const struct query *q)
{
	const char *department = q->context->incident->department;

	if (is_there(q->context, department, ROLE_OWNER)) {
		return is_in(q->person, department, ROLE_OWNER) ||
			acts_for(q, department, ROLE_OWNER);
	}
	if (is_there(q->context, department, ROLE_DEPUTY)) {
		return is_in(q->person, department, ROLE_DEPUTY);
	}
	return holds_office_head(q);
}

static bool
holds_deputy(const struct query *q)
{
	return is_in(q->person, q->context->incident->department, ROLE_DEPUTY);
}

static bool
holds_anyone(const struct query *q)
{
	(void)q; /* auditors, administrators and the involved were refused before */
	return true;
}

static bool
holds_finder(const struct query *q)
{
	const char *finder = q->context->incident->finder;

	return finder && !strcmp(finder, q->person->id);
}

static bool
holds_department(const struct query *q)
{
	return !strcmp(q->person->department, q->context->incident->department);
}

static bool
holds_office(const struct query *q)
{
	return has_role(q->person, ROLE_OFFICE | ROLE_OFFICE_HEAD);
}

static bool
holds_crisis(const struct query *q)
{
	return has_role(q->person, ROLE_CRISIS) || acts_for(q, NULL, ROLE_CRISIS);
}

static bool
holds_link(const struct query *q)
{
	const struct incident *inc = q->context->incident;

	for (size_t i = 0; i < inc->n_places; i++) {
		if (inc->places[i].open &&
			actor_answers_at(q->context, &inc->places[i], q->person)) {
			return true;
		}
	}
	return false;
}

static bool
holds_chain(const struct query *q)
{
	return holds_finder(q) || holds_link(q);
}

static bool
holds_addressee(const struct query *q)
{
	const struct incident *inc = q->context->incident;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		if (!inc->instructions[i].ratifies &&
			actor_is_addressed(&inc->instructions[i].to, q->person)) {
			return true;
		}
	}
	return false;
}

static bool
holds_officer(const struct query *q)
{
	const struct incident *inc = q->context->incident;
	const char *department = body_text(q->fields, "department");

	if (department) {
		return actor_is_officer(q->context, q->person, department);
	}
	for (size_t i = 0; i < inc->n_measures; i++) {
		for (size_t j = 0; j < inc->measures[i].n_cells; j++) {
			if (actor_is_officer(
				    q->context, q->person, inc->measures[i].cells[j].department)) {
				return true;
			}
		}
	}
	return false;
}

static bool
holds_other_owner(const struct query *q)
{
	const struct org *org = q->context->org;

	for (size_t i = 0; i < org->n_departments; i++) {
		const char *id = org->departments[i].id;
		if (strcmp(id, q->context->incident->department) != 0 &&
			(is_in(q->person, id, ROLE_OWNER) || acts_for(q, id, ROLE_OWNER))) {
			return true;
		}
	}
	return false;
}

static bool
holds_author(const struct query *q)
{
	const struct incident *inc = q->context->incident;
	int64_t seq = body_int(q->fields, "seq");

	for (size_t i = 0; i < inc->n_events; i++) {
		if ((!q->fields || inc->events[i].seq == seq) &&
			!strcmp(inc->events[i].actor, q->person->id)) {
			return true;
		}
	}
	return false;
}

/* Of an entry somebody wrote: only while the case is open, afterwards it is the office's. */
static bool
holds_author_open(const struct query *q)
{
	const struct step_context *c = q->context;

	return step_is_open(&c->procedure->incident_flow, c->incident->state) && holds_author(q);
}

/* The labels follow "it is the part of"; sentences join several with a comma. */
static const struct actor actors[] = {
	{ "anyone", N_("everybody on the staff"), holds_anyone },
	{ "finder", N_("the finder"), holds_finder },
	{ "owner", N_("the owner of the department"), holds_owner },
	{ "deputy", N_("a deputy of the department"), holds_deputy },
	{ "department", N_("the staff of the department"), holds_department },
	{ "office-head", N_("the office head"), holds_office_head },
	{ "office", N_("the information security office"), holds_office },
	{ "crisis", N_("the crisis management office"), holds_crisis },
	{ "chain", N_("the finder and the contact chain"), holds_chain },
	{ "link", N_("whoever was told by the contact chain"), holds_link },
	{ "addressee", N_("whoever was instructed"), holds_addressee },
	{ "officer", N_("the owner or a deputy of the department asked"), holds_officer },
	{ "other-owner", N_("the owner of another department"), holds_other_owner },
	{ "author", N_("the author of the entry"), holds_author_open },
};

static const struct actor *
find(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
		if (!strcmp(actors[i].word, word)) {
			return &actors[i];
		}
	}
	return NULL;
}

bool
actor_holds(const struct step_context *context, const char *word, const struct person *person,
	const json_t *fields)
{
	const struct actor *actor = find(word);
	struct query q = { .context = context, .person = person, .fields = fields };

	if (!actor || is_involved(context, person) || has_role(person, ROLE_AUDITOR | ROLE_ADMIN)) {
		return false;
	}
	return actor->holds(&q);
}

bool
actor_holds_any(const struct step_context *context, const struct word_list *words,
	const struct person *person, const json_t *fields)
{
	for (size_t i = 0; i < words->n; i++) {
		if (actor_holds(context, words->items[i], person, fields)) {
			return true;
		}
	}
	return false;
}

enum err
actor_people(struct arena *arena, const struct step_context *context, const char *word,
	const json_t *fields, struct word_list *ret_people)
{
	const struct org *org = context->org;
	const char **items = arena_array(arena, org->n_people, sizeof(*items));
	size_t n = 0;

	if (!items) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < org->n_people; i++) {
		if (actor_holds(context, word, &org->people[i], fields)) {
			items[n++] = org->people[i].id;
		}
	}
	*ret_people = (struct word_list){ .items = items, .n = n };
	return ERR_OK;
}

const char *
actor_label(const char *word)
{
	const struct actor *actor = find(word);

	return actor ? _(actor->label) : word;
}

bool
actor_is_officer(
	const struct step_context *context, const struct person *person, const char *department)
{
	struct query q = { .context = context, .person = person };

	if (is_in(person, department, ROLE_OWNER | ROLE_DEPUTY) ||
		acts_for(&q, department, ROLE_OWNER)) {
		return true;
	}
	/* The office has no owner: its head, or who stands in, answers for its own cells. */
	for (size_t i = 0; i < context->org->n_people; i++) {
		if (is_in(&context->org->people[i], department, ROLE_OWNER)) {
			return false;
		}
	}
	return is_in(person, department, ROLE_OFFICE | ROLE_OFFICE_HEAD) && holds_office_head(&q);
}

const struct person *
actor_officer(const struct step_context *context, const char *department)
{
	static const unsigned order[] = { ROLE_OWNER | ROLE_OFFICE_HEAD, ~0U };
	const struct org *org = context->org;

	for (size_t turn = 0; turn < ARRAY_LEN(order); turn++) {
		for (size_t i = 0; i < org->n_people; i++) {
			const struct person *p = &org->people[i];
			if (has_role(p, order[turn]) && !is_involved(context, p) &&
				actor_is_officer(context, p, department)) {
				return p;
			}
		}
	}
	return NULL;
}

bool
actor_is_addressed(const struct word_list *to, const struct person *person)
{
	return word_list_has(to, person->id) || word_list_has(to, person->department);
}

bool
actor_answers_at(const struct step_context *context, const struct chain_place *place,
	const struct person *person)
{
	const struct duty_query query = actor_duty_query(context);
	bool answers = incident_stands_at(place, person->id) ||
		incident_contact(context->incident, place->link, person->id);

	for (size_t i = 0; context->duty && !answers && i < context->org->n_people; i++) {
		const struct person *absent = &context->org->people[i];

		answers = incident_stands_at(place, absent->id) && !is_involved(context, absent) &&
			duty_acts_for(&query, person, absent);
	}
	return answers;
}

enum err
step_people(struct arena *arena, const struct step_context *context, const char *actor,
	struct word_list *ret_people)
{
	return actor_people(arena, context, actor, NULL, ret_people);
}

const char *const *
step_actor_words(void)
{
	static const char *words[ARRAY_LEN(actors) + 1]; /* filled from the table, always alike */

	for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
		words[i] = actors[i].word;
	}
	return words;
}
