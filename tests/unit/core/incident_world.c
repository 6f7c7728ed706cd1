/* SPDX-License-Identifier: MIT */
/*
 * A desk without a store for tests of incidents.
 */
#include "incident_world.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/str.h"
#include "toban/forms.h"

#define START INT64_C(1795352400000) /* 2026-11-22T22:00:00+09:00 */

static const struct procedure *
load_procedure(struct arena *arena)
{
	struct ini_problems problems = { .arena = arena };
	const struct procedure *p = NULL;

	assert_int_equal(procedure_load(arena, (struct def_files){ shipped_files, shipped_files_n },
				 (struct def_files){ 0 }, &problems, &p),
		ERR_OK);
	return p;
}

const struct procedure *
world_procedure_with(const struct world *w, const char *path, const char *more)
{
	const struct def_file *file = shipped_find(path);
	const char *text = arena_printf(w->base, "%.*s%s", (int)file->len, file->data, more);
	struct def_file site = { path, text, strlen(text) };
	struct ini_problems problems = { .arena = w->base };
	const struct procedure *p = NULL;

	if (procedure_load(w->base, (struct def_files){ shipped_files, shipped_files_n },
		    (struct def_files){ &site, 1 }, &problems, &p) != ERR_OK) {
		fail_msg("%s:%d: %s", problems.items[0].path, problems.items[0].line,
			problems.items[0].text);
	}
	return p;
}

static const struct org *
load_org(struct arena *arena)
{
	struct ini_problems problems = { .arena = arena };
	const struct def_file *file = shipped_find("org/example.ini");
	struct ini_file ini;
	const struct org *org = NULL;

	assert_non_null(file);
	assert_int_equal(ini_parse(file->path, file->data, file->len, &problems, &ini), ERR_OK);
	assert_int_equal(org_parse(arena, &ini, &problems, &org), ERR_OK);
	return org;
}

int
world_open(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_int_equal(hash_start(), ERR_OK);
	w->arena = arena_new();
	assert_non_null(w->arena);
	w->base = arena_new();
	assert_non_null(w->base);
	w->procedure = load_procedure(w->base);
	w->org = load_org(w->base);
	w->now = START;
	w->diagnostics.arena = w->arena;
	*state = w;
	return 0;
}

void
world_clear(struct world *w)
{
	incident_release(&w->incident);
	w->incident = (struct incident){ 0 };
	arena_clear(w->arena);
	w->outcome = (struct outcome){ 0 };
	w->diagnostics = (struct diagnostics){ .arena = w->arena };
	w->n = 0;
	w->foreign = 0;
	w->now = START;
	w->drill = false;
	w->duty = NULL;
}

int
world_close(void **state)
{
	struct world *w = *state;

	incident_release(&w->incident);
	arena_free(w->arena);
	arena_free(w->base);
	free(w);
	return 0;
}

enum err
world_append(struct world *w, const char *actor, const char *kind, const char *body)
{
	struct incident folded = { 0 };
	enum err e;

	assert_true(w->n < WORLD_EVENTS);
	w->events[w->n] = (struct event){
		.seq = (int64_t)w->n + 11 + w->foreign, /* other incidents came before */
		.id = "",
		.subject = WORLD_ID,
		.subject_seq = (int64_t)w->n + 1,
		.at = w->now,
		.happened_at = STAMP_NONE,
		.actor = arena_strdup(w->arena, actor),
		.post = "",
		.kind = arena_strdup(w->arena, kind),
		.form = arena_strdup(w->arena, kind),
		.form_version = "",
		.body = arena_strdup(w->arena, body),
	};
	e = incident_fold(w->arena, w->procedure, w->events, w->n + 1, &folded);
	if (!e) {
		incident_release(&w->incident);
		w->incident = folded;
		w->n++;
	}
	return e;
}

static struct step_context
context_of(const struct world *w, const char *person)
{
	struct step_context context = {
		.procedure = w->procedure,
		.org = w->org,
		.incident = w->n ? &w->incident : NULL,
		.person = org_person(w->org, person),
		.now = w->now,
		.duty = w->duty,
	};

	assert_non_null(context.person);
	return context;
}

static json_t *
read_fields(const char *fields)
{
	char *text = strdup(*fields ? fields : "{}");
	json_t *value;

	assert_non_null(text);
	for (char *p = text; *p; p++) {
		*p = *p == '\'' ? '"' : *p;
	}
	value = json_loads(text, 0, NULL);
	if (!value) {
		fail_msg("not JSON: %s", text);
	}
	free(text);
	return value;
}

enum err
world_act(struct world *w, const char *person, const char *step, const char *fields)
{
	struct step_context context = context_of(w, person);
	struct step_request request = {
		.step = flow_find_step(&w->procedure->incident_flow, step),
		.fields = read_fields(fields),
		.drill = w->drill,
	};
	char *body;
	enum err e;

	assert_non_null(request.step);
	w->outcome = (struct outcome){ 0 };
	w->diagnostics = (struct diagnostics){ .arena = w->arena };
	e = step_take(w->arena, &context, &request, &w->diagnostics, &w->outcome);
	json_decref((json_t *)(uintptr_t)request.fields);
	if (e) {
		return e;
	}
	body = json_dumps(w->outcome.body, JSON_COMPACT | JSON_SORT_KEYS);
	assert_non_null(body);
	e = world_append(w, person, step, body);
	assert_int_equal(e, ERR_OK);
	assert_string_equal(w->incident.state, w->outcome.state);
	free(body);
	json_decref(w->outcome.body);
	w->outcome.body = NULL;
	return ERR_OK;
}

static void
explain(const struct world *w, const char *person, const char *step)
{
	print_error("%s by %s: %s %s\n", step, person,
		w->outcome.refusal.code ? w->outcome.refusal.code : "",
		w->outcome.refusal.why ? w->outcome.refusal.why : "");
	for (size_t i = 0; i < w->diagnostics.n; i++) {
		print_error(
			"  %s: %s\n", w->diagnostics.items[i].field, w->diagnostics.items[i].text);
	}
}

void
world_do(struct world *w, const char *person, const char *step, const char *fields,
	const char *state)
{
	enum err e = world_act(w, person, step, fields);

	if (e) {
		explain(w, person, step);
	}
	assert_int_equal(e, ERR_OK);
	assert_string_equal(w->incident.state, state);
}

void
world_refused(struct world *w, const char *person, const char *step, const char *fields,
	const char *wanted)
{
	size_t before = w->n;
	enum err e = world_act(w, person, step, fields);
	const struct step_verdict *refusal = &w->outcome.refusal;
	struct str got = STR_INIT;

	if (e != ERR_DENIED && e != ERR_CONFLICT) {
		explain(w, person, step);
		fail_msg("%s by %s: wanted %s, got %s", step, person, wanted, err_name(e));
	}
	assert_int_equal(w->n, before);
	assert_true(*refusal->why);
	str_add(&got, refusal->code);
	for (size_t i = 0; strchr(wanted, ' ') && i < refusal->who.n; i++) {
		str_addf(&got, " %s", refusal->who.items[i]);
	}
	if (strchr(wanted, ' ') && !refusal->who.n) {
		str_add(&got, " nobody");
	}
	if (strcmp(str_text(&got), wanted) != 0) {
		explain(w, person, step);
	}
	assert_string_equal(str_text(&got), wanted);
	str_release(&got);
}

void
world_faulty(struct world *w, const char *person, const char *step, const char *fields,
	const char *wanted)
{
	enum err e = world_act(w, person, step, fields);
	const struct diagnostic *first = w->diagnostics.items;

	if (e != ERR_INVALID || w->diagnostics.n != 1) {
		explain(w, person, step);
		fail_msg("%s by %s: wanted one fault, got %s", step, person, err_name(e));
	}
	assert_string_equal(arena_printf(w->arena, "%s %s", first->field, first->code), wanted);
}

bool
world_allows(struct world *w, const char *person, const char *step, const char **ret_code)
{
	struct step_context context = context_of(w, person);
	const struct flow_step *s = flow_find_step(&w->procedure->incident_flow, step);
	struct step_verdict verdict = { 0 };

	assert_non_null(s);
	assert_int_equal(step_judge(w->arena, &context, s, NULL, &verdict), ERR_OK);
	assert_int_equal(verdict.allowed, !*verdict.code);
	assert_int_equal(verdict.allowed, !*verdict.why);
	*ret_code = verdict.code;
	return verdict.allowed;
}

const char *
world_awaited(struct world *w)
{
	struct step_context context = context_of(w, "office-head");
	const struct awaited *items = NULL;
	struct str text = STR_INIT;
	const char *copy;
	size_t n = 0;

	assert_int_equal(step_awaited(w->arena, &context, &items, &n), ERR_OK);
	for (size_t i = 0; i < n; i++) {
		str_addf(&text, "%s%s:%s", i ? " " : "",
			items[i].person ? items[i].person : items[i].role, items[i].step);
	}
	copy = arena_strdup(w->arena, str_text(&text));
	str_release(&text);
	return copy;
}

stamp
world_awaited_due(struct world *w, const char *who, const char *step)
{
	struct step_context context = context_of(w, "office-head");
	const struct awaited *items = NULL;
	size_t n = 0;

	assert_int_equal(step_awaited(w->arena, &context, &items, &n), ERR_OK);
	for (size_t i = 0; i < n; i++) {
		const char *name = items[i].person ? items[i].person : items[i].role;

		if (strcmp(name, who) == 0 && strcmp(items[i].step, step) == 0) {
			return items[i].due_at;
		}
	}
	fail_msg("%s is not awaited to %s", who, step);
	return STAMP_NONE;
}

const char *
world_told(struct world *w)
{
	struct str text = STR_INIT;
	const char *copy;

	for (size_t i = 0; i < w->outcome.n_notices; i++) {
		str_addf(&text, "%s%s@%d", i ? " " : "", w->outcome.notices[i].person,
			w->outcome.notices[i].link);
	}
	copy = arena_strdup(w->arena, str_text(&text));
	str_release(&text);
	return copy;
}

bool
world_sent(const struct world *w, const char *type)
{
	for (size_t i = 0; i < w->outcome.n_messages; i++) {
		if (!strcmp(w->outcome.messages[i], type)) {
			return true;
		}
	}
	return false;
}

/* The ordinary case, step by step, as the procedure means it. */
static const struct {
	const char *person;
	const char *step;
	const char *fields;
	const char *state;
} ordinary[] = {
	{ "dc-operator-1", "report",
		"{'title': 'Customer list sent to the wrong address', 'situation': 'One mail, 120 "
		"names.',"
		" 'contact': 'Ext. 4410', 'answers': {'information-impairment': 'yes',"
		" 'major-accident': 'no'}}",
		"reported" },
	{ "dc-owner", "acknowledge", "", "received" },
	{ "dc-owner", "instruct",
		"{'to': ['dc-operator-2'], 'text': 'Ask the receiver to delete it.',"
		" 'due': '2026-11-23T06:00:00+09:00'}",
		"instructed" },
	{ "dc-operator-2", "respond", "{'text': 'Deleted, confirmed in writing.'}", "instructed" },
	{ "dc-owner", "report-result",
		"{'cause': 'Address completed by the mailer.', 'actions': 'Deleted at the "
		"receiver.'}",
		"result-reported" },
	{ "office-staff-1", "approve-result", "", "approved" },
	{ "office-staff-1", "plan-prevention",
		"{'measures': [{'text': 'Delay outgoing mail by a minute.', 'cause': 'Completion',"
		" 'due': '2026-12-10T00:00:00+09:00', 'effect_on': '2026-12-20T00:00:00+09:00',"
		" 'departments': ['datacentre', 'sales']}]}",
		"preventing" },
	{ "dc-deputy-1", "apply",
		"{'measure': 'M1', 'department': 'datacentre', 'evidence': 'Server rule 12'}",
		"preventing" },
	{ "office-staff-2", "accept", "{'measure': 'M1', 'department': 'datacentre'}",
		"preventing" },
	{ "office-staff-1", "review-item",
		"{'item': 'result', 'verdict': 'no-change', 'text': 'Right.'}", "reviewing" },
	{ "office-staff-1", "review-item",
		"{'item': 'policy', 'verdict': 'no-change', 'text': 'Fits.'}", "reviewing" },
	{ "office-staff-1", "review-item",
		"{'item': 'regulations', 'verdict': 'no-change', 'text': 'Fit.'}", "reviewing" },
	{ "office-head", "review-item",
		"{'item': 'guidelines', 'verdict': 'changed', 'text': 'Mail: delay rule, 4.2'}",
		"reviewing" },
	{ "dc-owner", "review-item",
		"{'item': 'risk-assessment', 'verdict': 'changed', 'text': 'Threat 14 raised.'}",
		"reviewing" },
	{ "dc-deputy-2", "review-item",
		"{'item': 'applicability', 'verdict': 'no-change', 'text': 'Stands.'}",
		"reviewing" },
	{ "dc-deputy-2", "review-item",
		"{'item': 'operation', 'verdict': 'no-change', 'text': 'Stands.'}", "reviewing" },
	{ "office-head", "close", "", "closed" },
	{ "sales-owner", "not-applicable",
		"{'measure': 'M1', 'department': 'sales', 'why': 'Sales sends no lists.'}",
		"closed" },
	{ "office-staff-1", "accept", "{'measure': 'M1', 'department': 'sales'}", "closed" },
	{ "office-head", "verify-effect", "{'verdict': 'effective', 'text': 'No case since.'}",
		"verified" },
};

void
world_report(struct world *w)
{
	world_do(w, ordinary[0].person, ordinary[0].step, ordinary[0].fields, ordinary[0].state);
}

void
world_walk(struct world *w, const char *state)
{
	for (size_t i = w->n; i < ARRAY_LEN(ordinary); i++) {
		if (w->n && !strcmp(w->incident.state, state)) {
			return;
		}
		w->now += HOUR;
		if (!strcmp(ordinary[i].step, "verify-effect")) {
			w->now += 40 * DAY;
		}
		world_do(w, ordinary[i].person, ordinary[i].step, ordinary[i].fields,
			ordinary[i].state);
	}
	assert_string_equal(w->incident.state, state);
}
