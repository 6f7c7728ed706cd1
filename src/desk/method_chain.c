/* SPDX-License-Identifier: MIT */
/*
 * The dry run of the chain: a report that is never recorded is made at the moment in
 * question, and the desk's own promises are let run after it, as if nobody answered.
 * It is the code of the real thing throughout, so that it cannot promise anything else.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "doc.h"
#include "duty.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/core/promise.h"

#define AHEAD_MS INT64_C(86400000)
#define ACTS_MOST 60
#define SUBJECT "00-0000" /* a number that no case has */

/* The imagined case. */
struct preview {
	struct call *call;
	const char *department;
	stamp at;
	const struct person *finder;
	const json_t *fields;
	struct event events[ACTS_MOST + 1];
	size_t n;
	struct dossier *dossier;
	json_t *timeline;
};

/* --- what is asked ---------------------------------------------------------------------- */

static enum err
read_at(struct call *call, stamp *ret_at)
{
	const char *text = arg_text(call, "at");

	*ret_at = call->now;
	if (text && stamp_parse_loose(text, call->now, call->org->offset_min, ret_at)) {
		return call_fail_field(call, "D108", "at",
			_("This time cannot be read; write it as in 2026-12-31 or 2026-12-31 "
			  "17:30."));
	}
	return ERR_OK;
}

/* Somebody of the staff who is no part of the chain, of the department where there is one. */
static const struct person *
find_finder(const struct org *org, const char *department)
{
	const unsigned chain = ROLE_OWNER | ROLE_DEPUTY | ROLE_OFFICE | ROLE_OFFICE_HEAD |
		ROLE_CRISIS | ROLE_AUDITOR | ROLE_ADMIN;
	const struct person *found = NULL;

	for (size_t i = 0; i < org->n_people; i++) {
		const struct person *person = &org->people[i];
		bool here = strcmp(person->department, department) == 0;

		if (!(person->roles & chain) && (!found || here)) {
			found = person;
			if (here) {
				return found;
			}
		}
	}
	for (size_t i = 0; !found && i < org->n_people; i++) {
		found = org->people[i].roles & ROLE_STAFF ? &org->people[i] : NULL;
	}
	return found;
}

/* Yes to the category, no to the others; of a suspicion nothing is known. */
static json_t *
answers_for(const struct classification *table, const struct category *category, bool major)
{
	json_t *answers = json_object();

	for (size_t i = 0; i < table->n; i++) {
		const struct category *c = &table->items[i];
		const char *answer = c == category ? "yes" : "no";

		if (c->kind == CATEGORY_SUSPICION) {
			continue;
		}
		if (c->kind == CATEGORY_PLAIN && category->kind == CATEGORY_SUSPICION) {
			answer = "unknown";
		}
		if (c->kind == CATEGORY_EXCEPTION) {
			answer = major ? "yes" : "no";
		}
		json_object_set_new(answers, c->key, json_string(answer));
	}
	return answers;
}

static enum err
read_fields(struct preview *p)
{
	struct call *call = p->call;
	const struct classification *table = &call->procedure->classification;
	const char *key = arg_text(call, "category");
	const struct category *category = key ? classification_find(table, key) : &table->items[0];

	if (!category || category->kind == CATEGORY_EXCEPTION) {
		return call_fail_field(call, "D103", "category",
			_("There is no such category; a major accident is asked for with major."));
	}
	p->fields = call_keep(call,
		json_pack("{s:s, s:s, s:s, s:s, s:o}", "title", "-", "situation", "-", "contact",
			"-", "department", p->department, "answers",
			answers_for(table, category, arg_flag(call, "major"))));
	return p->fields ? ERR_OK : ERR_NOMEM;
}

/* --- letting it run ----------------------------------------------------------------------- */

static struct step_context
context_at(struct preview *p, stamp at)
{
	return (struct step_context){ .procedure = p->call->procedure,
		.org = p->call->org,
		.incident = p->dossier ? &p->dossier->incident : NULL,
		.person = p->finder,
		.now = at,
		.duty = call_duty(p->call) };
}

/* One more entry, and the case as it is then. */
static enum err
append(struct preview *p, const char *kind, stamp at, const json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);

	p->events[p->n] = (struct event){ .seq = (int64_t)p->n + 1,
		.id = "",
		.subject = SUBJECT,
		.subject_seq = (int64_t)p->n + 1,
		.at = at,
		.happened_at = STAMP_NONE,
		.actor = p->n ? ACTOR_DESK : p->finder->id,
		.post = "",
		.kind = kind,
		.form = "",
		.form_version = "",
		.body = text ? arena_strdup(p->call->arena, text) : NULL };
	free(text);
	if (!p->events[p->n].body) {
		return ERR_NOMEM;
	}
	p->n++;
	return dossier_fold(p->call, p->events, p->n, &p->dossier);
}

static json_t *
doc_told(struct preview *p, stamp at, const struct notice *notices, size_t n)
{
	json_t *people = json_array();

	for (size_t i = 0; i < n; i++) {
		const struct person *person = org_person(p->call->org, notices[i].person);

		json_array_append_new(people,
			json_pack("{s:s, s:s, s:b, s:i, s:s}", "person", notices[i].person, "role",
				notices[i].role, "absent",
				duty_absence(call_duty(p->call), notices[i].person, at) != NULL,
				"link", notices[i].link, "number",
				person ? duty_number(call_duty(p->call), person) : ""));
	}
	return people;
}

static enum err
add_row(struct preview *p, const char *kind, stamp at, const json_t *body, json_t *people)
{
	json_t *row = json_pack("{s:o, s:s, s:O?, s:O?, s:O?, s:o}", "at",
		json_of_time(p->call, at), "kind", kind, "link", json_object_get(body, "link"),
		"watch", json_object_get(body, "watch"), "n", json_object_get(body, "n"), "people",
		people);

	return row && json_array_append_new(p->timeline, row) == 0 ? ERR_OK : ERR_NOMEM;
}

static enum err
make_report(struct preview *p)
{
	struct step_context context = context_at(p, p->at);
	struct diagnostics diagnostics = { .arena = p->call->arena };
	const struct step_request request = {
		.step = flow_find_step(&p->call->procedure->incident_flow, "report"),
		.fields = p->fields,
	};
	struct outcome outcome = { 0 };
	enum err e = request.step
		? step_take(p->call->arena, &context, &request, &diagnostics, &outcome)
		: ERR_INVALID;

	if (e == ERR_DENIED || e == ERR_CONFLICT || e == ERR_INVALID) {
		return call_fail_text(p->call, "D413",
			_("The procedure of this desk takes no report that could be tried."));
	}
	if (e) {
		return e;
	}
	(void)call_keep(p->call, outcome.body);
	e = add_row(p, "report", p->at, outcome.body,
		doc_told(p, p->at, outcome.notices, outcome.n_notices));
	return e ? e : append(p, "report", p->at, outcome.body);
}

/* What the desk does next; *ret_more: it did something. */
static enum err
step_on(struct preview *p, bool *ret_more)
{
	struct step_context context = context_at(p, p->at);
	const struct promise_world world = { .context = &context };
	struct promise_act act = { NULL };
	stamp wake = promise_wake(&world);
	enum err e;

	*ret_more = false;
	if (wake == STAMP_NONE || wake > p->at + AHEAD_MS) {
		return ERR_OK;
	}
	context.now = wake;
	e = promise_next(p->call->arena, &world, &act);
	if (e || !act.kind) {
		return e;
	}
	(void)call_keep(p->call, act.body);
	e = add_row(p, act.kind, wake, act.body, doc_told(p, wake, act.notices, act.n_notices));
	*ret_more = !e;
	return e ? e : append(p, act.kind, wake, act.body);
}

/* --- the answer --------------------------------------------------------------------------- */

/* The places as they are frozen; `opened`: somebody is told by the report itself. */
static json_t *
doc_places(const struct incident *incident)
{
	json_t *links = json_array();

	for (size_t i = 0; i < incident->n_places; i++) {
		const struct chain_place *place = &incident->places[i];

		json_array_append_new(links,
			json_pack("{s:i, s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "link", place->link,
				"role", place->role, "opened", place->open, "people",
				json_of_list(&place->people), "stand_ins",
				json_of_list(&place->stand_ins), "on_duty",
				json_of_list(&place->on_duty), "acting",
				json_of_list(&place->acting), "absent",
				json_of_list(&place->absent)));
	}
	return links;
}

static enum err
run(struct preview *p, json_t **ret_result)
{
	json_t *links = NULL;
	bool more = true;
	enum err e = make_report(p);

	if (!e) {
		links = call_keep(p->call, doc_places(&p->dossier->incident));
		e = links ? ERR_OK : ERR_NOMEM;
	}
	while (!e && more && p->n <= ACTS_MOST) {
		e = step_on(p, &more);
	}
	if (!e) {
		*ret_result = json_pack("{s:s, s:s, s:s, s:o, s:O, s:O, s:b}", "department",
			p->department, "category", p->dossier->incident.category, "major",
			major_word(p->dossier->incident.major), "at", json_of_time(p->call, p->at),
			"links", links, "timeline", p->timeline, "more", more);
	}
	return e;
}

enum err
method_chain_preview(struct call *call, json_t **ret_result)
{
	const char *named = arg_text(call, "department");
	struct preview *p = arena_alloc(call->arena, sizeof(*p));
	enum err e;

	if (!p) {
		return ERR_NOMEM;
	}
	p->call = call;
	p->department = named ? named : call->person->department;
	p->timeline = call_keep(call, json_array());
	p->finder = find_finder(call->org, p->department);
	if (!org_department(call->org, p->department)) {
		return call_fail_field(
			call, "D107", "department", _("There is no department of this name."));
	}
	if (!p->finder || !p->timeline) {
		return p->timeline ? call_fail(call, "D403") : ERR_NOMEM;
	}
	e = read_at(call, &p->at);
	if (!e) {
		e = read_fields(p);
	}
	return e ? e : run(p, ret_result);
}
