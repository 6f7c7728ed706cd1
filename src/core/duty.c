/* SPDX-License-Identifier: MIT */
/*
 * Who stands for what at a moment: see duty.h.
 */
#include "toban/core/duty.h"

#include <string.h>

#include "duty_week.h"
#include "org_roles.h"
#include "toban/base/attr.h"
#include "toban/core/roster.h"

/* A list of ids that is being made; each is in it once. */
struct names {
	const char **items;
	size_t n;
};

static bool
is_out(const struct duty_query *query, const char *person)
{
	return query->involved && word_list_has(query->involved, person);
}

const struct absence *
duty_absence(const struct duty *duty, const char *person, stamp at)
{
	for (size_t i = duty ? duty->n_absences : 0; i-- > 0;) {
		const struct absence *a = &duty->absences[i];

		if (a->from <= at && at < a->until && strcmp(a->person, person) == 0) {
			return a;
		}
	}
	return NULL;
}

static bool
is_there(const struct duty_query *query, const char *person)
{
	return !is_out(query, person) && !duty_absence(query->duty, person, query->at);
}

const struct person *
duty_stand_in(const struct duty_query *query, const char *person)
{
	const struct absence *absence = duty_absence(query->duty, person, query->at);
	const struct person *named = absence ? org_person(query->org, absence->stand_in) : NULL;

	return named && is_there(query, named->id) ? named : NULL;
}

/* Whether somebody of the same place acts where nobody was named. */
static bool
acts_by_part(const struct person *stand_in, const struct person *absent)
{
	if (absent->roles & ROLE_OFFICE_HEAD && stand_in->roles & ROLE_OFFICE) {
		return true;
	}
	return absent->roles & ROLE_OWNER && stand_in->roles & ROLE_DEPUTY &&
		strcmp(absent->department, stand_in->department) == 0;
}

bool
duty_acts_for(
	const struct duty_query *query, const struct person *stand_in, const struct person *absent)
{
	const struct person *named;

	if (stand_in == absent || stand_in->roles & (ROLE_AUDITOR | ROLE_ADMIN) ||
		!duty_absence(query->duty, absent->id, query->at) ||
		!is_there(query, stand_in->id)) {
		return false;
	}
	named = duty_stand_in(query, absent->id);
	return named ? named == stand_in : acts_by_part(stand_in, absent);
}

/* --- the roster ------------------------------------------------------------------ */

/* What the newest entry says counts for all the time it covers. */
const struct roster *
duty_roster_at(const struct duty *duty, const char *department, stamp at)
{
	for (size_t i = duty->n_rosters; i-- > 0;) {
		const struct roster *r = &duty->rosters[i];

		if (r->since <= at && strcmp(r->department, department) == 0) {
			return r;
		}
	}
	return NULL;
}

static bool
covers(const struct week_span *span, int minute)
{
	return (span->from_min <= minute && minute < span->to_min) ||
		minute + WEEK_MIN < span->to_min;
}

static bool
is_at(const struct roster_exception *x, const char *department, stamp at)
{
	return x->from <= at && at < x->until && strcmp(x->department, department) == 0;
}

static void
put(struct names *names, const char *id)
{
	for (size_t i = 0; i < names->n; i++) {
		if (strcmp(names->items[i], id) == 0) {
			return;
		}
	}
	names->items[names->n++] = id;
}

static struct word_list
list_of(const struct names *names)
{
	return (struct word_list){ .items = names->items, .n = names->n };
}

/* What the spans that cover one moment say. */
struct covering {
	struct names names;
	bool any;
	bool unknown; /* one names somebody whom the organisation no longer knows */
};

static void
cover(struct covering *c, const struct org *org, const char *id)
{
	const struct person *person = org_person(org, id);

	c->any = true;
	c->unknown = c->unknown || (!person && *id);
	if (person) {
		put(&c->names, person->id);
	}
}

/* The exceptions of the newest entry that has any here; without them the week holds. */
static void
watch_exceptions(const struct duty_query *query, const char *department, int64_t since_seq,
	struct covering *c)
{
	const struct duty *duty = query->duty;
	int64_t seq = 0;

	for (size_t i = duty->n_exceptions; i-- > 0 && !seq;) {
		const struct roster_exception *x = &duty->exceptions[i];

		seq = x->seq >= since_seq && is_at(x, department, query->at) ? x->seq : 0;
	}
	for (size_t i = 0; seq && i < duty->n_exceptions; i++) {
		const struct roster_exception *x = &duty->exceptions[i];

		if (x->seq == seq && is_at(x, department, query->at)) {
			cover(c, query->org, x->person);
		}
	}
}

static void
watch_week(const struct duty_query *query, const struct roster *roster, struct covering *c)
{
	int minute = week_minute(query->at, query->org->offset_min);

	for (size_t i = 0; i < roster->n_week; i++) {
		if (covers(&roster->week[i], minute)) {
			cover(c, query->org, roster->week[i].person);
		}
	}
}

enum err
duty_watch(struct arena *arena, const struct duty_query *query, const char *department,
	struct watch *ret_watch)
{
	const struct duty *duty = query->duty;
	const struct roster *roster = duty ? duty_roster_at(duty, department, query->at) : NULL;
	struct covering c = {
		.names = { arena_array(arena, query->org->n_people + 1, sizeof(char *)), 0 }
	};

	if (!c.names.items) {
		return ERR_NOMEM;
	}
	if (duty) {
		watch_exceptions(query, department, roster ? roster->seq : 0, &c);
	}
	if (roster && !c.any) {
		watch_week(query, roster, &c);
	}
	*ret_watch = (struct watch){ .people = list_of(&c.names),
		.planned = c.any && (c.names.n || !c.unknown),
		.rostered = roster && roster->n_week };
	return ERR_OK;
}

/* --- who stands ------------------------------------------------------------------ */

/* A standing while it is made. */
struct stand {
	const struct duty_query *query;
	struct names people;
	struct names stand_ins;
	struct names on_duty;
	struct names acting;
	struct names absent;
};

static bool
is_in(const struct names *names, const char *id)
{
	const struct word_list list = list_of(names);

	return word_list_has(&list, id);
}

/* Puts the person, or who was named in their place; whether somebody was put. */
static bool
put_or_stand_in(struct stand *s, const char *id, bool from_roster)
{
	const struct person *named;

	if (is_out(s->query, id)) {
		return false;
	}
	if (!duty_absence(s->query->duty, id, s->query->at)) {
		put(&s->people, id);
		if (from_roster) {
			put(&s->on_duty, id);
		}
		return true;
	}
	put(&s->absent, id);
	named = duty_stand_in(s->query, id);
	if (!named) {
		return false;
	}
	put(&s->people, named->id);
	put(from_roster ? &s->on_duty : &s->acting, named->id);
	return true;
}

/* Deputies do not wait for a reminder where the place is empty because somebody is away. */
static void
put_seconds(struct stand *s, const struct word_list *seconds, bool promote)
{
	for (size_t i = 0; i < seconds->n; i++) {
		const char *id = seconds->items[i];
		const struct person *named;

		if (is_out(s->query, id) || is_in(&s->people, id)) {
			continue;
		}
		if (is_there(s->query, id)) {
			put(promote ? &s->people : &s->stand_ins, id);
			if (promote) {
				put(&s->acting, id);
			}
			continue;
		}
		put(&s->absent, id);
		named = duty_stand_in(s->query, id);
		if (named && !is_in(&s->people, named->id)) {
			put(&s->stand_ins, named->id);
		}
	}
}

/* Nobody else is there: who is away is told all the same, at once if nobody is left at all. */
static void
put_last_resort(struct stand *s)
{
	struct names *into = s->people.n ? &s->stand_ins : &s->people;

	if (s->stand_ins.n) {
		return;
	}
	for (size_t i = 0; i < s->absent.n; i++) {
		put(into, s->absent.items[i]);
	}
}

static bool
stand_init(struct stand *s, struct arena *arena)
{
	struct names *all[] = { &s->people, &s->stand_ins, &s->on_duty, &s->acting, &s->absent };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		all[i]->items = arena_array(arena, s->query->org->n_people + 1, sizeof(char *));
		if (!all[i]->items) {
			return false;
		}
	}
	return true;
}

enum err
duty_standing(struct arena *arena, const struct duty_query *query, const struct duty_place *place,
	struct standing *ret_standing)
{
	struct stand s = { .query = query };
	struct watch watch = { .people = { 0 } };
	bool held = false;
	enum err e;

	if (!query->duty) {
		*ret_standing =
			(struct standing){ .people = place->holders, .stand_ins = place->seconds };
		return ERR_OK;
	}
	e = duty_watch(arena, query, place->department, &watch);
	if (e || !stand_init(&s, arena)) {
		return e ? e : ERR_NOMEM;
	}
	for (size_t i = 0; i < watch.people.n; i++) {
		(void)put_or_stand_in(&s, watch.people.items[i], true); /* the holders follow */
	}
	for (size_t i = 0; i < place->holders.n; i++) {
		held = put_or_stand_in(&s, place->holders.items[i], false) || held;
	}
	put_seconds(&s, &place->seconds, place->holders.n > 0 && !held);
	put_last_resort(&s);
	*ret_standing = (struct standing){ .people = list_of(&s.people),
		.stand_ins = list_of(&s.stand_ins),
		.on_duty = list_of(&s.on_duty),
		.acting = list_of(&s.acting),
		.absent = list_of(&s.absent) };
	return ERR_OK;
}

/* --- places ---------------------------------------------------------------------- */

static enum err
holders_of(struct arena *arena, const struct duty_query *query, const char *word,
	const struct duty_place *place, struct word_list *ret_people)
{
	const struct org *org = query->org;
	struct names names = { arena_array(arena, org->n_people + 1, sizeof(char *)), 0 };
	unsigned role = 0;
	bool here;

	if (!names.items) {
		return ERR_NOMEM;
	}
	(void)org_role_of_word(word, &role); /* a word that is no role has no holders */
	here = role & (ROLE_OWNER | ROLE_DEPUTY);
	for (size_t i = 0; i < org->n_people; i++) {
		const struct person *p = &org->people[i];

		if (p->roles & role && !is_out(query, p->id) &&
			(!here || strcmp(p->department, place->department) == 0) &&
			!word_list_has(&place->holders, p->id)) {
			put(&names, p->id);
		}
	}
	*ret_people = list_of(&names);
	return ERR_OK;
}

const char *
duty_roster_of(const struct org *org, const char *word, const char *department)
{
	unsigned role = 0;

	if (!org_role_of_word(word, &role) ||
		!(role & (ROLE_OFFICE | ROLE_OFFICE_HEAD | ROLE_CRISIS))) {
		return department;
	}
	for (size_t i = 0; i < org->n_people; i++) {
		if (org->people[i].roles & role) {
			return org->people[i].department;
		}
	}
	return "";
}

enum err
duty_place_of(struct arena *arena, const struct duty_query *query, const char *const words[2],
	const char *department, struct duty_place *ret_place)
{
	struct duty_place place = { .department = department };
	struct word_list seconds = { 0 };
	enum err e = holders_of(arena, query, words[0], &place, &place.holders);

	if (!e) {
		e = holders_of(arena, query, words[1], &place, &seconds);
	}
	if (e) {
		return e;
	}
	place.seconds = seconds;
	place.department = duty_roster_of(query->org, words[0], department);
	*ret_place = place;
	return ERR_OK;
}
