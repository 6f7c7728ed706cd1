/* SPDX-License-Identifier: MIT */
/*
 * The nightly check: what would keep somebody from being told in the next days.
 */
#include <string.h>

#include "doc.h"
#include "duty.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define DAY_MS INT64_C(86400000)
#define STALE_DAYS 180
#define GAPS_MOST 100 /* of one department; more are counted */
#define MESSAGES_LOOKED 1000

/* A check at work. */
struct check {
	struct call *call;
	struct duty_query query; /* of now */
	stamp until;
	json_t *findings;
	enum err err;
};

/* What is wrong with whom; members that do not fit are NULL. */
struct duty_finding {
	const char *kind;
	const char *department;
	const char *person;
	const char *target;
	stamp from; /* STAMP_NONE: all the time */
	stamp until;
};

/* Adds a finding; `text` is a translated pattern with {who}, {from}, {until} and {what}. */
static void
report(struct check *c, const struct duty_finding *f, const char *text, const char *what)
{
	int offset = c->call->org->offset_min;
	const struct person *person = f->person ? org_person(c->call->org, f->person) : NULL;
	const struct department *department =
		f->department ? org_department(c->call->org, f->department) : NULL;
	const struct words *name = person ? &person->name : department ? &department->name : NULL;
	char from[STAMP_SIZE];
	char until[STAMP_SIZE];
	struct str said = STR_INIT;
	const struct str_arg args[] = { { "who", name ? name->in[i18n_lang()] : "" },
		{ "from", from }, { "until", until }, { "what", what } };

	stamp_format_short(f->from, offset, from);
	stamp_format_short(f->until, offset, until);
	str_say(&said, text, args, ARRAY_LEN(args));
	if (said.failed ||
		json_array_append_new(c->findings,
			json_pack("{s:s, s:s?, s:s?, s:s?, s:o, s:o, s:s}", "kind", f->kind,
				"department", f->department, "person", f->person, "target",
				f->target, "from", json_of_time(c->call, f->from), "until",
				json_of_time(c->call, f->until), "text", str_text(&said)))) {
		c->err = ERR_NOMEM;
	}
	str_release(&said);
}

/* --- rosters -------------------------------------------------------------------------- */

static void
check_department(struct check *c, const char *department)
{
	struct shift_list shifts = { NULL, 0 };
	size_t gaps = 0;

	c->err = roster_shifts(c->call->arena, &c->query, department, c->until, &shifts);
	for (size_t i = 0; !c->err && i < shifts.n && gaps < GAPS_MOST; i++) {
		const struct shift *shift = &shifts.items[i];
		const struct duty_finding f = { .kind = "roster-gap",
			.department = department,
			.person = NULL,
			.from = shift->from,
			.until = shift->until };

		if (!shift->gap) {
			continue;
		}
		gaps++;
		report(c, &f,
			shift->absent.n
				? _("{who}: whoever is on duty is away from {from} until {until}, "
				    "and nobody stands in.")
				: _("{who}: nobody is on duty from {from} until {until}."),
			"");
	}
}

/* --- absences --------------------------------------------------------------------------- */

static bool
is_of_chain(const struct person *person)
{
	return person->roles & (ROLE_OWNER | ROLE_OFFICE_HEAD | ROLE_CRISIS);
}

/* The places whose emptiness counts: by what word the person holds one, and its seconds. */
static const char *const *
words_of(const struct person *person)
{
	static const char *const owner[] = { "owner", "deputy" };
	static const char *const head[] = { "office-head", "office" };
	static const char *const crisis[] = { "crisis", "" };

	if (person->roles & ROLE_OFFICE_HEAD) {
		return head;
	}
	return person->roles & ROLE_OWNER ? owner : crisis;
}

/* Whether nobody at all is there at the person's place at the moment. */
static bool
is_deserted(struct check *c, const struct person *person, stamp at)
{
	struct duty_query query = c->query;
	struct duty_place place;
	const struct word_list *lists[] = { &place.holders, &place.seconds };

	query.at = at;
	c->err =
		duty_place_of(c->call->arena, &query, words_of(person), person->department, &place);
	if (c->err || duty_stand_in(&query, person->id)) {
		return false;
	}
	for (size_t l = 0; l < ARRAY_LEN(lists); l++) {
		for (size_t i = 0; i < lists[l]->n; i++) {
			const char *id = lists[l]->items[i];

			if (!duty_absence(query.duty, id, at) || duty_stand_in(&query, id)) {
				return false;
			}
		}
	}
	return true;
}

/* The moments at which somebody else of the place leaves or comes back lie at ends of absences. */
static void
check_absence(struct check *c, const struct absence *absence)
{
	const struct duty *duty = c->query.duty;
	const struct person *person = org_person(c->call->org, absence->person);
	stamp from = absence->from > c->query.at ? absence->from : c->query.at;
	stamp until = absence->until < c->until ? absence->until : c->until;
	bool empty = person && is_of_chain(person) && from < until && is_deserted(c, person, from);
	stamp first = from;

	for (size_t i = 0;
		!c->err && !empty && person && is_of_chain(person) && i < duty->n_absences; i++) {
		stamp at = duty->absences[i].from;

		if (at > from && at < until && is_deserted(c, person, at)) {
			empty = true;
			first = at;
		}
	}
	if (!c->err && empty) {
		report(c,
			&(struct duty_finding){ .kind = "no-stand-in",
				.department = person->department,
				.person = person->id,
				.from = first,
				.until = until },
			_("{who} is away from {from} until {until}, and nobody is there in their "
			  "place."),
			"");
	}
}

/* --- numbers ---------------------------------------------------------------------------- */

/* Whoever the chain or a roster may tell. */
static bool
may_be_told(const struct check *c, const struct person *person)
{
	const struct duty *duty = c->query.duty;
	const unsigned chain = ROLE_OWNER | ROLE_DEPUTY | ROLE_OFFICE_HEAD | ROLE_CRISIS;

	if (person->roles & chain) {
		return true;
	}
	for (size_t i = 0; i < duty->n_rosters; i++) {
		const struct roster *roster = &duty->rosters[i];

		for (size_t k = 0;
			roster == duty_roster_at(duty, roster->department, c->query.at) &&
			k < roster->n_week;
			k++) {
			if (strcmp(roster->week[k].person, person->id) == 0) {
				return true;
			}
		}
	}
	return false;
}

static void
check_number(struct check *c, const struct person *person, const char *number, stamp confirmed_on)
{
	stamp stale = c->query.at - STALE_DAYS * DAY_MS;
	const struct duty_finding f = { .kind = "stale-number",
		.department = person->department,
		.person = person->id,
		.from = confirmed_on,
		.until = STAMP_NONE };

	if (confirmed_on == STAMP_NONE) {
		report(c, &f, _("{who}: the number {what} was never confirmed."), number);
	} else if (confirmed_on < stale) {
		report(c, &f, _("{who}: the number {what} was last confirmed {from}."), number);
	}
}

static void
check_numbers(struct check *c, const struct person *person)
{
	const struct duty *duty = c->query.duty;
	bool any = false;

	for (size_t i = 0; i < duty->n_ways; i++) {
		const struct way *way = &duty->ways[i];

		if (strcmp(way->person, person->id) == 0 && strcmp(way->kind, "telephone") == 0) {
			check_number(c, person, way->value, way->confirmed_on);
			any = true;
		}
	}
	if (!any && *person->phone) {
		check_number(c, person, person->phone, STAMP_NONE);
	} else if (!any) {
		report(c,
			&(struct duty_finding){ .kind = "no-number",
				.department = person->department,
				.person = person->id,
				.from = STAMP_NONE,
				.until = STAMP_NONE },
			_("{who} has no telephone number."), "");
	}
}

/* --- receivers -------------------------------------------------------------------------- */

/* How the newest message that came to an end did; "" none. */
static const char *
last_state(const struct outbox_list *messages, const char *target)
{
	for (size_t i = 0; i < messages->n; i++) {
		const struct outbox_row *row = &messages->items[i];

		if (strcmp(row->target, target) == 0 && strcmp(row->state, "waiting") != 0) {
			return row->state;
		}
	}
	return "";
}

static void
check_targets(
	struct check *c, const struct target_list *targets, const struct outbox_list *messages)
{
	for (size_t i = 0; i < targets->n; i++) {
		const struct target_row *target = &targets->items[i];
		const char *state = last_state(messages, target->name);

		bool given_up = target->stopped || strcmp(state, "dead") == 0 ||
			strcmp(state, "stopped") == 0;

		if (target->active && given_up) {
			report(c,
				&(struct duty_finding){ .kind = "dead-target",
					.person = *target->person ? target->person : NULL,
					.target = target->name,
					.from = STAMP_NONE,
					.until = STAMP_NONE },
				_("The last message to the receiver {what} was given up."),
				target->name);
		}
	}
}

static bool
is_active(const struct target_list *targets, const char *name)
{
	for (size_t i = 0; i < targets->n; i++) {
		if (targets->items[i].active && strcmp(targets->items[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

static void
check_ways(struct check *c, const struct target_list *targets)
{
	const struct duty *duty = c->query.duty;

	for (size_t i = 0; i < duty->n_ways; i++) {
		const struct way *way = &duty->ways[i];

		if (strcmp(way->kind, "telephone") != 0 && !is_active(targets, way->value)) {
			report(c,
				&(struct duty_finding){ .kind = "dead-target",
					.person = way->person,
					.target = way->value,
					.from = STAMP_NONE,
					.until = STAMP_NONE },
				_("{who}: there is no receiver {what} any more."), way->value);
		}
	}
}

static void
check_receivers(struct check *c)
{
	struct target_list targets = { NULL, 0 };
	struct outbox_list messages = { NULL, 0 };

	c->err = store_targets(c->call->store, c->call->arena, &targets);
	if (!c->err) {
		c->err = store_outbox(
			c->call->store, c->call->arena, NULL, MESSAGES_LOOKED, &messages);
	}
	if (!c->err) {
		check_targets(c, &targets, &messages);
		check_ways(c, &targets);
	}
}

/* --- all of it -------------------------------------------------------------------------- */

enum err
duty_findings(struct call *call, int days, json_t **ret_result)
{
	struct check c = { .call = call,
		.query = duty_query_at(call, call->now),
		.until = call->now + days * DAY_MS,
		.findings = call_keep(call, json_array()) };
	const struct org *org = call->org;

	c.err = c.findings ? ERR_OK : ERR_NOMEM;
	for (size_t i = 0; !c.err && i < org->n_departments; i++) {
		check_department(&c, org->departments[i].id);
	}
	for (size_t i = 0; !c.err && i < c.query.duty->n_absences; i++) {
		check_absence(&c, &c.query.duty->absences[i]);
	}
	for (size_t i = 0; !c.err && i < org->n_people; i++) {
		if (may_be_told(&c, &org->people[i])) {
			check_numbers(&c, &org->people[i]);
		}
	}
	if (!c.err) {
		check_receivers(&c);
	}
	if (c.err) {
		return call_fail_store(call, c.err, false);
	}
	*ret_result = json_pack("{s:b, s:i, s:O}", "ok", json_array_size(c.findings) == 0, "days",
		days, "findings", c.findings);
	return ERR_OK;
}
