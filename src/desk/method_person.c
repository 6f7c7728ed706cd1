/* SPDX-License-Identifier: MIT */
/*
 * Being away and being reachable: absences with their stand-ins, and the ways of
 * contact of a person.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "doc.h"
#include "duty.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define DAY_MS INT64_C(86400000)
#define ABSENCE_MOST (731 * DAY_MS)
#define NUMBER_MOST 40
#define WAYS_MOST 20 /* of one person */

/* --- absences ------------------------------------------------------------------------- */

/* A day alone means all of it: the moment after its last second. */
static stamp
after_day(const struct call *call, stamp until)
{
	stamp local = (until + call->org->offset_min * INT64_C(60000)) % DAY_MS;

	local = local < 0 ? local + DAY_MS : local;
	return local == DAY_MS - 1000 ? until + 1000 : until;
}

static enum err
read_moment(struct call *call, const char *field, const char *text, stamp *ret_at)
{
	bool end = strcmp(field, "until") == 0;
	int offset = call->org->offset_min;
	enum err e = end ? stamp_parse_due(text, call->now, offset, false, ret_at)
			 : stamp_parse_loose(text, call->now, offset, ret_at);

	if (e) {
		return call_fail_field(call, "D108", field,
			_("This time cannot be read; write it as in 2026-12-31 or 2026-12-31 "
			  "17:30."));
	}
	*ret_at = end ? after_day(call, *ret_at) : *ret_at;
	return ERR_OK;
}

static enum err
read_stretch(struct call *call, stamp *ret_from, stamp *ret_until)
{
	const char *from = arg_text(call, "from");
	enum err e = ERR_OK;

	*ret_from = call->now;
	if (from) {
		e = read_moment(call, "from", from, ret_from);
	}
	if (!e) {
		e = read_moment(call, "until", arg_text(call, "until"), ret_until);
	}
	if (e) {
		return e;
	}
	if (*ret_until <= *ret_from || *ret_until <= call->now) {
		return call_fail_field(call, "D108", "until",
			_("The absence must end after it began, and later than now."));
	}
	if (*ret_until - *ret_from > ABSENCE_MOST || *ret_from - call->now > ABSENCE_MOST) {
		return call_fail_field(
			call, "D108", "until", _("Two years are the most that can be entered."));
	}
	return ERR_OK;
}

/* Of the same department, or of the same office: who can answer for the other's part. */
static enum err
read_stand_in(struct call *call, const struct person *person, const struct person **ret_stand_in)
{
	const char *id = arg_text(call, "stand_in");
	const struct person *named = id ? org_person(call->org, id) : NULL;

	*ret_stand_in = NULL;
	if (!id) {
		return ERR_OK;
	}
	if (!named) {
		return call_fail_field(
			call, "D107", "stand_in", _("There is no such person; look up the id."));
	}
	if (named == person || named->roles & (ROLE_AUDITOR | ROLE_ADMIN) ||
		(strcmp(named->department, person->department) != 0 &&
			!(named->roles & person->roles & (ROLE_OFFICE | ROLE_CRISIS)))) {
		return call_fail_field(call, "D103", "stand_in",
			_("Choose somebody else of the same department or office."));
	}
	*ret_stand_in = named;
	return ERR_OK;
}

enum err
method_person_absent(struct call *call, json_t **ret_result)
{
	const struct person *person = NULL;
	const struct person *stand_in = NULL;
	const char *why = arg_text(call, "why");
	stamp from;
	stamp until;
	enum err e = duty_person(call, "person", &person);

	if (!e) {
		e = duty_admit(call, person, person->department);
	}
	if (!e) {
		e = read_stretch(call, &from, &until);
	}
	if (!e) {
		e = read_stand_in(call, person, &stand_in);
	}
	if (!e) {
		e = duty_record_one(call, DUTY_ABSENCE,
			json_pack("{s:s, s:o, s:o, s:s, s:s}", "person", person->id, "from",
				json_of_time(call, from), "until", json_of_time(call, until),
				"stand_in", stand_in ? stand_in->id : "", "why", why ? why : ""),
			ret_result);
	}
	if (!e) {
		json_object_set_new(*ret_result, "person", json_string(person->id));
		json_object_set_new(*ret_result, "from", json_of_time(call, from));
		json_object_set_new(*ret_result, "until", json_of_time(call, until));
		json_object_set_new(*ret_result, "stand_in",
			stand_in ? json_string(stand_in->id) : json_null());
	}
	return e;
}

/* The absences an end is meant for: the named one, else all that hold now. */
static bool
is_meant(const struct call *call, const struct absence *absence, const struct person *person)
{
	int64_t seq = arg_count(call, "absence", 0);

	if (strcmp(absence->person, person->id) != 0 || absence->until <= call->now ||
		absence->until <= absence->from) {
		return false;
	}
	return seq ? absence->seq == seq : absence->from <= call->now;
}

enum err
method_person_back(struct call *call, json_t **ret_result)
{
	const struct duty *duty = call_duty(call);
	const struct person *person = NULL;
	struct duty_fact *facts = arena_array(call->arena, duty->n_absences + 1, sizeof(*facts));
	size_t n = 0;
	enum err e = facts ? duty_person(call, "person", &person) : ERR_NOMEM;

	for (size_t i = 0; !e && i < duty->n_absences; i++) {
		json_t *body = NULL;

		if (!is_meant(call, &duty->absences[i], person)) {
			continue;
		}
		body = call_keep(call,
			json_pack("{s:I, s:s, s:o}", "absence", (json_int_t)duty->absences[i].seq,
				"person", person->id, "at", json_of_time(call, call->now)));
		e = body ? ERR_OK : ERR_NOMEM;
		facts[n++] = (struct duty_fact){ DUTY_ABSENCE_ENDED, body };
	}
	if (!e && n == 0) {
		return call_fail_text(call, "D406",
			_("No absence holds now. One to come is called off by its entry's number "
			  "(--absence)."));
	}
	if (!e) {
		e = duty_admit(call, person, person->department);
	}
	return e ? e : duty_record(call, facts, n, ret_result);
}

/* --- ways ------------------------------------------------------------------------------- */

static const char *const way_kinds[] = { "telephone", "webhook", "mail" };

static bool
is_number(const char *value)
{
	size_t len = strlen(value);

	return len <= NUMBER_MOST && strspn(value, "+0123456789 -().#*,") == len &&
		strpbrk(value, "0123456789");
}

/* A personal target is where messages really go; the way says that it is one's own. */
static enum err
check_target(struct call *call, const struct person *person, const char *name)
{
	struct target_list targets = { NULL, 0 };
	enum err e = store_targets(call->store, call->arena, &targets);

	if (e) {
		return call_fail_store(call, e, false);
	}
	for (size_t i = 0; i < targets.n; i++) {
		const struct target_row *target = &targets.items[i];

		if (target->active && strcmp(target->name, name) == 0 &&
			strcmp(target->person, person->id) == 0 &&
			strcmp(target->kind, arg_text(call, "kind")) == 0) {
			return ERR_OK;
		}
	}
	return call_fail_field(call, "D107", "value",
		_("This person has no receiver of this kind and name; an administrator adds it "
		  "first."));
}

/* The way the arguments mean, checked; *ret_known: the facts have it, NULL they do not. */
static enum err
read_way(struct call *call, const struct person **ret_person, const struct way **ret_known)
{
	const struct duty *duty = call_duty(call);
	const char *kind = arg_text(call, "kind");
	const char *value = arg_text(call, "value");
	bool known = false;
	enum err e = duty_person(call, "person", ret_person);

	for (size_t i = 0; i < ARRAY_LEN(way_kinds); i++) {
		known = known || (kind && strcmp(way_kinds[i], kind) == 0);
	}
	if (!e) {
		e = duty_admit(call, *ret_person, (*ret_person)->department);
	}
	if (!e && !known) {
		e = call_fail_field(
			call, "D103", "kind", _("A way is telephone, webhook or mail."));
	}
	if (!e && !value) {
		e = call_fail_field(call, "D101", "value", _("This is required."));
	}
	*ret_known = NULL;
	for (size_t i = 0; !e && i < duty->n_ways; i++) {
		const struct way *way = &duty->ways[i];

		if (strcmp(way->person, (*ret_person)->id) == 0 && strcmp(way->kind, kind) == 0 &&
			strcmp(way->value, value) == 0) {
			*ret_known = way;
		}
	}
	return e;
}

static enum err
check_new_way(struct call *call, const struct person *person, const struct way *known)
{
	const struct duty *duty = call_duty(call);
	const char *value = arg_text(call, "value");
	size_t n = 0;

	for (size_t i = 0; i < duty->n_ways; i++) {
		n += strcmp(duty->ways[i].person, person->id) == 0;
	}
	if (!known && n >= WAYS_MOST) {
		return call_fail_field(
			call, "D104", "value", _("A person has at most 20 ways of contact."));
	}
	if (strcmp(arg_text(call, "kind"), "telephone") != 0) {
		return check_target(call, person, value);
	}
	return is_number(value) ? ERR_OK
				: call_fail_field(call, "D105", "value",
					  _("A telephone number is digits, blanks and + - ( ) . # "
					    "* at most 40."));
}

/* A number that was called and answered, or that the person gave themselves just now. */
static json_t *
way_body(struct call *call, const struct person *person, stamp confirmed_on)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "person", person->id, "kind",
		arg_text(call, "kind"), "value", arg_text(call, "value"), "confirmed_on",
		json_of_time(call, confirmed_on));
}

static int
next_order(struct call *call, const struct person *person)
{
	const struct duty *duty = call_duty(call);
	int order = 0;

	for (size_t i = 0; i < duty->n_ways; i++) {
		if (strcmp(duty->ways[i].person, person->id) == 0 && duty->ways[i].order > order) {
			order = duty->ways[i].order;
		}
	}
	return order + 1;
}

enum err
method_way_add(struct call *call, json_t **ret_result)
{
	const struct person *person = NULL;
	const struct way *known = NULL;
	stamp confirmed = STAMP_NONE;
	json_t *body;
	int64_t order;
	enum err e = read_way(call, &person, &known);

	if (!e) {
		e = check_new_way(call, person, known);
	}
	if (e) {
		return e;
	}
	if (arg_flag(call, "confirmed")) {
		confirmed = call->now;
	} else if (known) {
		confirmed = known->confirmed_on;
	}
	order = arg_count(call, "order", known ? known->order : next_order(call, person));
	body = way_body(call, person, confirmed);
	if (!body || json_object_set_new(body, "order", json_integer(order))) {
		json_decref(body);
		return ERR_NOMEM;
	}
	return duty_record_one(call, DUTY_WAY, body, ret_result);
}

enum err
method_way_confirm(struct call *call, json_t **ret_result)
{
	const struct person *person = NULL;
	const struct way *known = NULL;
	enum err e = read_way(call, &person, &known);
	json_t *body;

	if (e) {
		return e;
	}
	body = way_body(call, person, call->now);
	if (known) {
		return duty_record_one(call, DUTY_WAY_CONFIRMED, body, ret_result);
	}
	/* The organisation's number becomes a way once it was confirmed. */
	if (strcmp(person->phone, arg_text(call, "value")) != 0 ||
		strcmp(arg_text(call, "kind"), "telephone") != 0) {
		json_decref(body);
		return call_fail_field(
			call, "D107", "value", _("This person has no such way; add it first."));
	}
	if (!body || json_object_set_new(body, "order", json_integer(next_order(call, person)))) {
		json_decref(body);
		return ERR_NOMEM;
	}
	return duty_record_one(call, DUTY_WAY, body, ret_result);
}

enum err
method_way_remove(struct call *call, json_t **ret_result)
{
	const struct person *person = NULL;
	const struct way *known = NULL;
	enum err e = read_way(call, &person, &known);

	if (!e && !known) {
		e = call_fail_field(
			call, "D107", "value", _("This person has no such way; look it up."));
	}
	if (!e) {
		e = duty_record_one(call, DUTY_WAY_REMOVED,
			json_pack("{s:s, s:s, s:s}", "person", person->id, "kind", known->kind,
				"value", known->value),
			ret_result);
	}
	return e;
}
