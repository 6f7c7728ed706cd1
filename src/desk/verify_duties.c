/* SPDX-License-Identifier: MIT */
/*
 * Separation of duties, looked up again in the entries themselves: plain loops
 * over who did what, without the code that allowed it at the time.
 */
#include <string.h>

#include "signing.h"
#include "toban/base/attr.h"
#include "toban/core/erasure.h"
#include "verify.h"

static json_t *
fields_of(const struct event *event, json_t **ret_body)
{
	*ret_body = event->body ? json_loads(event->body, 0, NULL) : NULL;
	return json_object_get(*ret_body, "fields");
}

/* "None is needed" leaves nothing whose effect its author would judge. */
static bool
planned_measures(const struct event *event)
{
	json_t *body = NULL;
	bool some = json_array_size(json_object_get(fields_of(event, &body), "measures")) > 0;

	json_decref(body);
	return some;
}

static bool
is_by(const struct event *event, const struct event *other)
{
	return strcmp(event->actor, other->actor) == 0;
}

/* Whether both are one human, as far as an account tells that another name is theirs, too. */
static bool
is_by_same(const struct verify *verify, const struct event *event, const struct event *later)
{
	return verify_is_same(verify, event->actor, later->actor, later->seq);
}

static void
report_duty(struct verify *verify, const struct event *event, const char *what)
{
	ledger_report(&verify->problems, event->seq, "duties", "%s: entry %lld, %s by %s, %s",
		event->subject, (long long)event->seq, event->kind, event->actor, what);
}

/* Words of a person may look like the member, spelled with escapes. */
static bool
is_signed(const struct event *event, const struct claim *claim)
{
	json_t *body = claim->holds & HOLDS_SIGNED ? json_loads(event->body, 0, NULL) : NULL;
	bool is = json_object_get(body, BODY_SIGNED) != NULL;

	json_decref(body);
	return is;
}

/* Nobody takes back what another has sent, or what others may have built on. */
static void
check_taken_back(struct verify *verify, const struct entries *entries, size_t at)
{
	const struct event *event = &entries->events[at];

	if (at == 0 || !entries->claims[at - 1].is_void) {
		report_duty(verify, event, "takes back what is not the entry before it");
	} else if (entries->claims[at - 1].is_decision ||
		is_signed(&entries->events[at - 1], &entries->claims[at - 1])) {
		report_duty(verify, event, "takes back a decision that was signed");
	} else if (!is_by(event, &entries->events[at - 1])) {
		report_duty(verify, event, "who had not made the entry");
	}
}

/* Whether one entry was made in the place of whoever made the other. */
static bool
is_for(const struct verify *verify, const struct entries *entries, size_t at, size_t of)
{
	const struct event *later = &entries->events[at > of ? at : of];
	json_t *body = NULL;
	const char *who;
	bool is;

	if (!(entries->claims[at].holds & HOLDS_ACTING)) {
		return false;
	}
	(void)fields_of(&entries->events[at], &body);
	who = json_string_value(json_object_get(json_object_get(body, "acting"), "for"));
	is = who && verify_is_same(verify, who, entries->events[of].actor, later->seq);
	json_decref(body);
	return is;
}

/* Neither the author of the result nor anybody who responded in this round approves it. */
static void
check_approval(struct verify *verify, const struct entries *entries, size_t at)
{
	const struct event *approval = &entries->events[at];
	bool author_found = false;

	for (size_t i = at; i-- > 0;) {
		const struct event *event = &entries->events[i];
		const char *effect = entries->claims[i].effect;

		if (entries->claims[i].is_void) {
			continue;
		}
		if (entries->claims[i].begins_round) {
			break;
		}
		if (!author_found &&
			(strcmp(effect, "approve-result") == 0 ||
				strcmp(effect, "return-result") == 0)) {
			report_duty(verify, approval, "of a result that was decided already");
			return;
		}
		if (strcmp(effect, "report-result") == 0 && !author_found) {
			author_found = true;
			if (is_by_same(verify, event, approval)) {
				report_duty(verify, approval, "who wrote the result");
			} else if (is_for(verify, entries, at, i)) {
				report_duty(verify, approval, "for who wrote the result");
			} else if (is_for(verify, entries, i, at)) {
				report_duty(
					verify, approval, "in whose place the result was written");
			}
		}
		if (strcmp(effect, "respond") == 0 &&
			(is_by_same(verify, event, approval) || is_for(verify, entries, at, i))) {
			report_duty(verify, approval, "who had responded");
			return;
		}
	}
	if (!author_found) {
		report_duty(verify, approval, "where no result was reported");
	}
}

static bool
applies(const struct claim *claim)
{
	return strcmp(claim->effect, "apply") == 0 || strcmp(claim->effect, "not-applicable") == 0;
}

/* Whether somebody applied any cell before, or others in their place; most who accept never do. */
static bool
has_applied(const struct verify *verify, const struct entries *entries, size_t at)
{
	for (size_t i = at; i-- > 0;) {
		if (applies(&entries->claims[i]) &&
			(is_by_same(verify, &entries->events[i], &entries->events[at]) ||
				is_for(verify, entries, i, at))) {
			return true;
		}
	}
	return false;
}

/* Whoever applied a cell does not accept it. */
static void
check_acceptance(struct verify *verify, const struct entries *entries, size_t at)
{
	const struct event *acceptance = &entries->events[at];
	json_t *body = NULL;
	json_t *wanted;
	bool found = false;

	if (!has_applied(verify, entries, at)) {
		return;
	}
	wanted = fields_of(acceptance, &body);
	for (size_t i = at; i-- > 0 && !found;) {
		const struct event *event = &entries->events[i];
		json_t *other = NULL;
		json_t *fields;

		if (!applies(&entries->claims[i]) || entries->claims[i].is_void) {
			continue;
		}
		fields = fields_of(event, &other);
		found = json_equal(json_object_get(fields, "measure"),
				json_object_get(wanted, "measure")) &&
			json_equal(json_object_get(fields, "department"),
				json_object_get(wanted, "department"));
		if (found && is_by_same(verify, event, acceptance)) {
			report_duty(verify, acceptance, "who had applied it");
		} else if (found && is_for(verify, entries, i, at)) {
			report_duty(verify, acceptance, "in whose place it was applied");
		}
		json_decref(other);
	}
	json_decref(body);
}

/* Whoever planned the measures of the round does not judge their effect. */
static void
check_effect(struct verify *verify, const struct entries *entries, size_t at)
{
	const struct event *verdict = &entries->events[at];

	for (size_t i = at; i-- > 0;) {
		const struct event *event = &entries->events[i];
		const char *effect = entries->claims[i].effect;

		if (entries->claims[i].is_void) {
			continue;
		}
		if (entries->claims[i].begins_round) {
			return;
		}
		if (strcmp(effect, "plan-prevention") == 0 && is_by_same(verify, event, verdict) &&
			planned_measures(event)) {
			report_duty(verify, verdict, "who had planned the measures");
			return;
		}
	}
}

/* Once crisis management was told, that it is none is never said without a reason. */
static void
check_lowering(struct verify *verify, const struct entries *entries, size_t at)
{
	json_t *body = NULL;
	json_t *fields = fields_of(&entries->events[at], &body);
	const char *major = json_string_value(json_object_get(fields, "major"));
	const char *why = json_string_value(json_object_get(fields, "why"));
	bool reason = why && *why;
	bool yes = !major || strcmp(major, "yes") == 0;

	json_decref(body);
	for (size_t i = at; !yes && !reason && i-- > 0;) {
		const struct event *event = &entries->events[i];
		const char *said;

		if (entries->claims[i].is_void ||
			strcmp(entries->claims[i].effect, "decide-major") != 0) {
			continue;
		}
		said = json_string_value(json_object_get(fields_of(event, &body), "major"));
		if (said && strcmp(said, "yes") == 0) {
			report_duty(verify, &entries->events[at], "without a reason to lower it");
		}
		json_decref(body);
		return;
	}
}

/* Reports every later step of somebody who is involved. */
static void
check_steps_of(
	struct verify *verify, const struct entries *entries, size_t at, const char *person)
{
	for (size_t i = at + 1; person && i < entries->n; i++) {
		const struct event *event = &entries->events[i];

		if (entries->claims[i].step && !entries->claims[i].is_void &&
			verify_is_same(verify, person, event->actor, event->seq)) {
			report_duty(verify, event, "who is involved");
		}
	}
}

/* Whoever is named as involved, here or in the report, has no part in the case from then on. */
static void
check_involved(struct verify *verify, const struct entries *entries, size_t at)
{
	json_t *body = NULL;
	json_t *fields;
	const json_t *item;
	size_t i;

	/* The first tells of all that was asked and answered, and seldom of somebody involved. */
	if (at == 0 && !(entries->claims[at].holds & HOLDS_INVOLVED)) {
		return;
	}
	fields = fields_of(&entries->events[at], &body);
	check_steps_of(verify, entries, at, json_string_value(json_object_get(fields, "person")));
	json_array_foreach(json_object_get(fields, "involved"), i, item)
	{
		check_steps_of(verify, entries, at, json_string_value(item));
	}
	json_decref(body);
}

/* --- parts ---------------------------------------------------------------------------- */

/* Whether each who may take the step has one of these parts. */
static bool
is_all_of(const struct flow_step *step, const char *const *parts, size_t n)
{
	for (size_t i = 0; i < step->actors.n; i++) {
		bool found = false;

		for (size_t k = 0; k < n && !found; k++) {
			found = strcmp(step->actors.items[i], parts[k]) == 0;
		}
		if (!found) {
			return false;
		}
	}
	return step->actors.n > 0;
}

/* Whether all who may take the step are of the office, whose roles nobody else has. */
static bool
is_of_office(const struct flow_step *step)
{
	static const char *const parts[] = { "office", "office-head" };

	return is_all_of(step, parts, ARRAY_LEN(parts));
}

/* What the entry says of whom it was made for, also where it was erased; NULL: nothing. */
static json_t *
acting_of(const struct event *event, const struct claim *claim)
{
	bool may = !event->body || claim->holds & HOLDS_ACTING;
	json_t *body = may ? erasure_body(event) : NULL;
	json_t *acting = json_incref(json_object_get(body, "acting"));

	json_decref(body);
	return acting;
}

/* Whether nobody takes it who has no part but to be of the staff; somebody's stand-in may. */
static bool
is_beyond_staff(const struct event *event, const struct claim *claim)
{
	static const char *const parts[] = { "owner", "deputy", "officer", "other-owner", "office",
		"office-head" };
	bool beyond = is_all_of(claim->step, parts, ARRAY_LEN(parts));
	json_t *acting = beyond ? acting_of(event, claim) : NULL;

	json_decref(acting);
	return beyond && !acting;
}

/*
 * Whether the step was taken for an office head who may take it: nobody else of the office is
 * stood in for.  Whether the claim is true is looked at elsewhere.
 */
static bool
is_for_office_head(
	const struct verify *verify, const struct event *event, const struct claim *claim)
{
	json_t *acting = acting_of(event, claim);
	const char *who = json_string_value(json_object_get(acting, "for"));
	bool of_head = false;

	for (size_t i = 0; i < claim->step->actors.n; i++) {
		of_head = of_head || strcmp(claim->step->actors.items[i], "office-head") == 0;
	}
	of_head = of_head && who && (verify_roles(verify, who, event->seq) & ROLE_OFFICE_HEAD);
	json_decref(acting);
	return of_head;
}

/* Whether this entry names the person, by any name until `seq`, as involved. */
static bool
names_involved(const struct verify *verify, const struct entries *entries, size_t at,
	const char *person, int64_t seq)
{
	bool involves = strcmp(entries->claims[at].effect, "involve") == 0;
	json_t *body = NULL;
	json_t *fields = involves || entries->claims[at].holds & HOLDS_INVOLVED
		? fields_of(&entries->events[at], &body)
		: NULL;
	const char *one = json_string_value(json_object_get(fields, "person"));
	bool names = involves && one && verify_is_same(verify, one, person, seq);
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(fields, "involved"), i, item)
	{
		const char *id = json_string_value(item);

		names = names || (id && verify_is_same(verify, id, person, seq));
	}
	json_decref(body);
	return names;
}

/* Whether an office head was there who was not involved; others of the office stand in then. */
static bool
head_is_there(const struct verify *verify, const struct entries *entries, size_t at)
{
	const struct org *org = verify_org_at(verify, entries->events[at].seq);

	for (size_t i = 0; org && i < org->n_people; i++) {
		bool there = (org->people[i].roles & ROLE_OFFICE_HEAD) != 0;

		for (size_t k = 0; there && k < at; k++) {
			there = !names_involved(verify, entries, k, org->people[i].id,
				entries->events[at].seq);
		}
		if (there) {
			return true;
		}
	}
	return false;
}

/* What only the office head decides is decided by nobody else of the office. */
static void
check_head(struct verify *verify, const struct entries *entries, size_t at)
{
	const struct event *event = &entries->events[at];
	const struct claim *claim = &entries->claims[at];
	const struct flow_step *step = claim->step;
	unsigned roles;

	if (!step || step->actors.n != 1 || strcmp(step->actors.items[0], "office-head") != 0) {
		return;
	}
	roles = verify_roles(verify, event->actor, event->seq);
	if (roles & ROLE_OFFICE && !(roles & ROLE_OFFICE_HEAD) &&
		!is_for_office_head(verify, event, claim) &&
		head_is_there(verify, entries, at)) {
		report_duty(verify, event, "who is not the office head");
	}
}

void
verify_part(struct verify *verify, const struct event *event, const struct claim *claim)
{
	const struct flow_step *step = claim->step;
	unsigned roles = verify_roles(verify, event->actor, event->seq);

	if (strcmp(event->subject, SUBJECT_ERASURE) == 0 && !(roles & ROLE_OFFICE_HEAD)) {
		report_duty(verify, event, "who is not the office head");
	}
	if (!step || !verify_is_of_case(event) || strcmp(event->actor, ACTOR_DESK) == 0) {
		return;
	}
	if (!(roles & ROLE_STAFF)) {
		report_duty(verify, event,
			roles ? "who takes no step in cases" : "who was not registered");
	} else if (is_of_office(step) && !(roles & (ROLE_OFFICE | ROLE_OFFICE_HEAD)) &&
		!is_for_office_head(verify, event, claim)) {
		report_duty(verify, event, "who is not of the office");
	} else if (!(roles & (ROLE_OWNER | ROLE_DEPUTY | ROLE_OFFICE | ROLE_OFFICE_HEAD)) &&
		is_beyond_staff(event, claim)) {
		report_duty(verify, event, "who had no part in it");
	}
}

static const struct {
	const char *effect;
	void (*check)(struct verify *verify, const struct entries *entries, size_t at);
} rules[] = {
	{ "approve-result", check_approval },
	{ "return-result", check_approval },
	{ "accept", check_acceptance },
	{ "send-back", check_acceptance },
	{ "decide-major", check_lowering },
	{ "involve", check_involved },
	{ "report", check_involved },
	{ "verify-effect", check_effect },
	{ KIND_TAKEN_BACK, check_taken_back },
};

void
verify_duties(struct verify *verify, const struct entries *entries)
{
	for (size_t at = 0; at < entries->n; at++) {
		if (entries->claims[at].is_void) {
			continue;
		}
		check_head(verify, entries, at);
		for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
			if (strcmp(rules[i].effect, entries->claims[at].effect) == 0) {
				rules[i].check(verify, entries, at);
			}
		}
	}
}
