/* SPDX-License-Identifier: MIT */
/*
 * The contact chain: who is told by a step and which links it opens
 * (docs/procedure.md, "The contact chain"), and the steps that are about nothing else.
 */
#include <string.h>

#include "actor.h"
#include "chain_people.h"
#include "chain_rule.h"
#include "effect.h"
#include "effect_body.h"
#include "step_way.h"

#define FIRST_LINK 1

static const struct chain_link *
chain_config(const struct taking *t, int number)
{
	const struct procedure *p = t->context->procedure;

	for (size_t i = 0; i < p->n_chain; i++) {
		if (p->chain[i].number == number) {
			return &p->chain[i];
		}
	}
	return NULL; /* the site's chain became shorter since the report */
}

struct clock_case
taking_case(const struct taking *t)
{
	const json_t *verdict = json_object_get(t->body, "verdict");
	struct clock_case of = incident_clock_case(t->context->incident);

	of.category = body_text_or(verdict, "category", of.category);
	of.major = of.major || t->major_proposed || t->major_yes;
	return of;
}

static stamp
due_at_place(const struct taking *t, const struct chain_place *place)
{
	const struct clock_watch *clock = chain_rule_of(t->context->procedure, place);
	struct clock_case of = taking_case(t);

	return clock ? t->context->now + clock_rule_for(clock, &of).due_ms : STAMP_NONE;
}

static bool
is_out(const struct taking *t, const char *person)
{
	return incident_is_involved(t->context->incident, person) ||
		word_list_has(&t->involved_now, person);
}

enum err
effect_tell(struct taking *t, const struct notice *notice)
{
	struct notice *notices = t->notices.items;
	struct notice *added;

	if (is_out(t, notice->person) ||
		(!notice->link && t->context->person &&
			!strcmp(notice->person, t->context->person->id))) {
		return ERR_OK;
	}
	for (size_t i = 0; i < t->notices.n; i++) {
		if (!strcmp(notices[i].person, notice->person) &&
			(!notice->link || notices[i].link == notice->link)) {
			return ERR_OK;
		}
	}
	added = fold_push(t->arena, &t->notices, sizeof(*added));
	if (!added) {
		return ERR_NOMEM;
	}
	*added = *notice;
	/* Copies: the outcome outlives the incident and the fields it was made from. */
	added->person = arena_strdup(t->arena, notice->person);
	added->role = arena_strdup(t->arena, chain_told_as(t, notice->person, notice->role));
	return added->person && added->role ? ERR_OK : ERR_NOMEM;
}

enum err
effect_write_notices(struct taking *t)
{
	const struct notice *notices = t->notices.items;
	json_t *list;
	enum err e;

	if (!t->notices.n) {
		return ERR_OK;
	}
	list = json_array();
	e = body_set(t->body, "notified", list);
	for (size_t i = 0; !e && i < t->notices.n; i++) {
		const struct notice *n = &notices[i];
		json_t *item = json_pack(
			"{s:s, s:s, s:i}", "person", n->person, "role", n->role, "link", n->link);
		e = body_append(list, item);
		if (!e) {
			e = body_set_stamp(item, "due_at", n->due_at, taking_offset(t));
		}
	}
	return e;
}

/* Tells those of a list who can be told and have not acknowledged; counts who can be. */
static enum err
tell_list(struct taking *t, const struct chain_place *place, const struct word_list *people,
	const char *role, size_t *ret_there)
{
	stamp due = due_at_place(t, place);
	size_t there = 0;
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < people->n; i++) {
		const char *person = people->items[i];
		const struct contact *c =
			incident_contact(t->context->incident, place->link, person);
		bool knows = c && c->acknowledged_at != STAMP_NONE && !t->major_yes;
		if (is_out(t, person)) {
			continue;
		}
		there++;
		if (!knows) {
			e = effect_tell(t,
				&(struct notice){
					.person = person,
					.role = chain_placed_as(t, place, person, role),
					.link = place->link,
					.due_at = due,
				});
		}
	}
	*ret_there = there;
	return e;
}

/* Tells those of a place who were away and are back, if nobody told them yet. */
static enum err
tell_back(struct taking *t, const struct chain_place *place, bool holders)
{
	struct word_list back = { 0 };
	size_t there;
	enum err e = chain_back(t, place, holders, &back);

	return e ? e : tell_list(t, place, &back, place->role, &there);
}

/* Tells the people of a link, else those who stand in, else the next link. */
static enum err
open_from(struct taking *t, size_t at)
{
	const struct chain_place *places = t->places.items;

	for (; at < t->places.n; at++) {
		const struct chain_place *place = &places[at];
		const struct chain_link *link = chain_config(t, place->link);
		const char *stand_in = link && *link->stand_in ? link->stand_in : place->role;
		size_t there = 0;
		enum err e = tell_list(t, place, &place->people, place->role, &there);
		if (!e && !there) {
			e = tell_list(t, place, &place->stand_ins, stand_in, &there);
		}
		if (e || there) {
			return e;
		}
	}
	return ERR_OK; /* nobody is left who could be told */
}

static bool
opens(const struct taking *t, int number)
{
	const struct chain_link *link = chain_config(t, number);

	if (number == FIRST_LINK) {
		return effect_is(t->step, "report");
	}
	return link &&
		(word_list_has(&link->opens, t->step->name) ||
			(t->major_proposed && word_list_has(&link->opens, "major-proposed")) ||
			(t->major_yes && word_list_has(&link->opens, "major-yes")));
}

/* Whether an open link lost everybody through the people who become involved now. */
static bool
is_deserted(const struct taking *t, const struct chain_place *place)
{
	const struct incident *inc = t->context->incident;

	if (!t->involved_now.n || !place->open) {
		return false;
	}
	for (size_t i = 0; i < inc->n_contacts; i++) {
		if (inc->contacts[i].link == place->link && !is_out(t, inc->contacts[i].person)) {
			return false;
		}
	}
	return true;
}

enum err
effect_chain_follow(struct taking *t)
{
	const struct chain_place *places = t->places.items;
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < t->places.n; i++) {
		if (opens(t, places[i].link) || is_deserted(t, &places[i])) {
			e = open_from(t, i);
		}
	}
	return e;
}

/* --- what the desk does by itself ------------------------------------------------- */

/* The place of the link, or the first behind it; NULL. */
static const struct chain_place *
place_from(const struct taking *t, int link, size_t *ret_at)
{
	const struct chain_place *places = t->places.items;

	for (size_t i = 0; i < t->places.n; i++) {
		if (places[i].link >= link) {
			*ret_at = i;
			return &places[i];
		}
	}
	return NULL;
}

enum err
effect_chain_pass_on(struct taking *t, int link)
{
	size_t at = 0;
	const struct chain_place *place = place_from(t, link, &at);
	const struct chain_link *config = chain_config(t, link);
	const char **items =
		place ? arena_array(t->arena, place->stand_ins.n, sizeof(*items)) : NULL;
	struct word_list untold = { .items = items };
	size_t there;

	if (!place || place->link != link) {
		return ERR_OK;
	}
	for (size_t i = 0; items && i < place->stand_ins.n; i++) {
		if (!incident_contact(t->context->incident, link, place->stand_ins.items[i])) {
			items[untold.n++] = place->stand_ins.items[i];
		}
	}
	if (!items ||
		tell_list(t, place, &untold,
			config && *config->stand_in ? config->stand_in : place->role, &there)) {
		return ERR_NOMEM;
	}
	return tell_back(t, place, false);
}

enum err
effect_chain_back(struct taking *t, int link)
{
	size_t at = 0;
	const struct chain_place *place = place_from(t, link, &at);

	return place && place->link == link ? tell_back(t, place, true) : ERR_OK;
}

enum err
effect_chain_raise(struct taking *t, int link)
{
	size_t at = 0;
	const struct chain_place *next = place_from(t, link + 1, &at);

	if (!next || next->open || !chain_rule_unanswered(t->context->procedure, next)) {
		return ERR_OK;
	}
	return open_from(t, at);
}

enum err
effect_chain_again(struct taking *t, int link)
{
	const struct incident *inc = t->context->incident;
	size_t at = 0;
	const struct chain_place *place = place_from(t, link, &at);
	stamp due = place && place->link == link ? due_at_place(t, place) : STAMP_NONE;
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (c->link == link && !c->skipped) {
			e = effect_tell(t,
				&(struct notice){
					.person = c->person,
					.role = c->role,
					.link = link,
					.due_at = due,
				});
		}
	}
	return e;
}

/* --- the steps ------------------------------------------------------------------- */

/* Acknowledging another link than the first leads nowhere by itself. */
static enum err
take_acknowledge(struct taking *t)
{
	t->state = t->context->incident->state;
	return ERR_OK;
}

static enum err
add_message(struct taking *t, const char *type)
{
	const char **message = fold_push(t->arena, &t->messages, sizeof(*message));

	if (!message) {
		return ERR_NOMEM;
	}
	*message = type;
	return ERR_OK;
}

/* Whoever was told that it is a major accident is told that it is none. */
static enum err
withdraw_major(struct taking *t)
{
	const struct incident *inc = t->context->incident;
	enum err e = add_message(t, "crisis.withdrawn");

	for (size_t i = 0; !e && i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		const struct chain_link *link = chain_config(t, c->link);
		if (link && word_list_has(&link->opens, "major-yes")) {
			e = effect_tell(t,
				&(struct notice){
					.person = c->person,
					.role = c->role,
					.due_at = STAMP_NONE,
				});
		}
	}
	return e;
}

static enum err
take_decide_major(struct taking *t)
{
	enum major now = t->context->incident->major;
	bool yes = body_flag(t->fields, "major");

	if (now == (yes ? MAJOR_YES : MAJOR_REFUSED)) {
		return taking_refuse(t, "D405",
			yes ? _("It was decided before that this is a major accident.")
			    : _("It was decided before that this is no major accident."));
	}
	if (yes) {
		t->major_yes = true;
		return add_message(t, "crisis.escalated");
	}
	if (now == MAJOR_YES && !*body_text_or(t->fields, "why", "")) {
		taking_fault(t, "why", "D101",
			_("Say why it is no major accident any more: crisis management was told."));
		return ERR_OK;
	}
	return now == MAJOR_YES ? withdraw_major(t) : ERR_OK;
}

static enum err
fold_decide_major(struct fold *f, const struct entry *entry)
{
	f->incident->major = body_flag(entry->fields, "major") ? MAJOR_YES : MAJOR_REFUSED;
	f->incident->major_by = entry->event->actor;
	f->incident->major_seq = entry->seq;
	return ERR_OK;
}

static enum err
take_involve(struct taking *t)
{
	const char *person = body_text_or(t->fields, "person", "");
	const char **items = arena_alloc(t->arena, sizeof(*items));

	if (!items) {
		return ERR_NOMEM;
	}
	if (!org_person(t->context->org, person)) {
		taking_fault(t, "person", "D107", _("There is no such person; look up the id."));
		return ERR_OK;
	}
	if (word_list_has(&t->context->incident->involved, person)) {
		taking_fault(t, "person", "D405", _("This person is named as involved already."));
		return ERR_OK;
	}
	*items = person;
	return org_with_names(t->arena, t->context->org,
		&(struct word_list){ .items = items, .n = 1 }, &t->involved_now);
}

static enum err
fold_involve(struct fold *f, const struct entry *entry)
{
	const char *person = body_text(entry->fields, "person");
	const char **added;

	if (!person) {
		return ERR_CORRUPT;
	}
	added = fold_push(f->arena, &f->involved, sizeof(*added));
	if (!added) {
		return ERR_NOMEM;
	}
	*added = person;
	fold_skip(f, person);
	return ERR_OK;
}

/* Whom the caller means: an id, or a name as people write it; NULL: nobody registered. */
static const struct person *
called_person(const struct taking *t)
{
	const struct org *org = t->context->org;
	const char *to = body_text_or(t->fields, "to", "");
	const struct person *found = org_person(org, to);

	for (size_t i = 0; !found && i < org->n_people; i++) {
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			found = strcmp(org->people[i].name.in[lang], to) == 0 ? &org->people[i]
									      : found;
		}
	}
	return found;
}

static enum err
take_call(struct taking *t)
{
	const struct person *person = called_person(t);

	return person ? body_set_text(t->body, "called", person->id) : ERR_OK;
}

static enum err
fold_call(struct fold *f, const struct entry *entry)
{
	struct phone_call *call = fold_push(f->arena, &f->calls, sizeof(*call));
	const char *to = body_text_or(entry->fields, "to", "");

	if (!call) {
		return ERR_NOMEM;
	}
	*call = (struct phone_call){
		.seq = entry->seq,
		.by = entry->event->actor,
		.to = body_text_or(entry->body, "called", to),
		.outcome = body_text_or(entry->fields, "outcome", ""),
		.at = entry->event->at,
	};
	return ERR_OK;
}

const struct effect effect_chain_table[] = {
	{ "acknowledge", take_acknowledge, NULL },
	{ "call", take_call, fold_call },
	{ "escalate", NULL, NULL },
	{ "decide-major", take_decide_major, fold_decide_major },
	{ "involve", take_involve, fold_involve },
	{ NULL, NULL, NULL },
};
