/* SPDX-License-Identifier: MIT */
/*
 * Effects of recurrence prevention: measures, and their cells, one for each
 * department a measure is rolled out to.
 */
#include <string.h>

#include "actor.h"
#include "effect.h"
#include "effect_body.h"
#include "toban/base/str.h"

#define KEY_SIZE 16

/* A diagnostic on one member of one measure, with {what} filled in. */
static void
fault_measure(
	struct taking *t, size_t at, const char *member, const char *pattern, const char *what)
{
	char *path = arena_printf(t->arena, "measures[%zu].%s", at, member);
	struct str text = STR_INIT;

	str_say(&text, pattern, &(struct str_arg){ "what", what }, 1);
	taking_fault(t, path ? path : "measures", "D107", str_text(&text));
	str_release(&text);
}

/* Whether a key is used by an earlier measure of the case or of this list. */
static bool
is_taken(const struct incident *inc, const json_t *measures, size_t before, const char *key)
{
	for (size_t i = 0; i < before; i++) {
		const char *other = body_text(json_array_get(measures, i), "key");
		if (other && !strcmp(other, key)) {
			return true;
		}
	}
	return incident_measure(inc, key) != NULL;
}

/* Gives a measure without a key the next free one of M1, M2 … */
static enum err
name_measure(struct taking *t, json_t *measures, size_t at)
{
	const struct incident *inc = t->context->incident;
	json_t *measure = json_array_get(measures, at);
	const char *key = body_text(measure, "key");
	char made[KEY_SIZE];
	size_t number = inc->n_measures;

	if (key && *key) {
		if (is_taken(inc, measures, at, key)) {
			fault_measure(t, at, "key",
				_("There is a measure {what} in this incident already; "
				  "choose another key or leave it out."),
				key);
		}
		return ERR_OK;
	}
	do {
		(void)snprintf(made, sizeof(made), "M%zu", ++number); /* fits any count */
	} while (is_taken(inc, measures, json_array_size(measures), made));
	return body_set_text(measure, "key", made);
}

/* Departments of the ISMS that somebody answers for: the default of a roll-out. */
static enum err
fill_departments(struct taking *t, json_t *measure)
{
	const struct org *org = t->context->org;
	json_t *list = json_array();
	enum err e = list ? ERR_OK : ERR_NOMEM;

	if (json_array_size(json_object_get(measure, "departments"))) {
		json_decref(list);
		return e;
	}
	for (size_t i = 0; !e && i < org->n_departments; i++) {
		const struct department *d = &org->departments[i];
		if (d->in_scope && actor_officer(t->context, d->id)) {
			e = body_append(list, json_string(d->id));
		}
	}
	if (e) {
		json_decref(list);
		return e;
	}
	return body_set(measure, "departments", list);
}

static enum err
ask_departments(struct taking *t, json_t *measures, size_t at)
{
	json_t *measure = json_array_get(measures, at);
	struct word_list departments = { 0 };
	enum err e = fill_departments(t, measure);

	if (!e) {
		e = body_words(t->arena, measure, "departments", &departments);
	}
	for (size_t i = 0; !e && i < departments.n; i++) {
		const char *id = departments.items[i];
		const struct person *officer = actor_officer(t->context, id);
		if (!org_department(t->context->org, id)) {
			fault_measure(t, at, "departments",
				_("There is no department {what}; look up the id."), id);
		} else if (!officer) {
			fault_measure(t, at, "departments",
				_("Nobody answers for {what}: it has no owner and no deputy who "
				  "could apply the measure."),
				id);
		} else {
			e = effect_tell(t,
				&(struct notice){
					.person = officer->id,
					.role = "officer",
					.due_at = body_stamp(measure, "due"),
				});
		}
	}
	return e;
}

/* The body's own fields are completed: keys and departments that were left out. */
static enum err
take_plan(struct taking *t)
{
	json_t *measures = json_object_get(json_object_get(t->body, "fields"), "measures");
	enum err e = ERR_OK;

	if (!json_array_size(measures) && !*body_text_or(t->fields, "why", "")) {
		taking_fault(
			t, "why", "D101", _("Say why no measure is needed, or plan at least one."));
	}
	for (size_t i = 0; !e && i < json_array_size(measures); i++) {
		e = name_measure(t, measures, i);
		if (!e) {
			e = ask_departments(t, measures, i);
		}
	}
	return e;
}

static enum err
fold_cells(struct fold *f, const struct entry *entry, const json_t *item, struct measure *m)
{
	struct word_list departments = { 0 };

	if (body_words(f->arena, item, "departments", &departments)) {
		return ERR_NOMEM;
	}
	m->cells = arena_array(f->arena, departments.n, sizeof(*m->cells));
	if (!m->cells) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < departments.n; i++) {
		bool twice = false;
		for (size_t j = 0; j < m->n_cells; j++) {
			twice = twice || !strcmp(m->cells[j].department, departments.items[i]);
		}
		if (!twice) {
			m->cells[m->n_cells++] = (struct cell){
				.department = departments.items[i],
				.state = CELL_ASKED,
				.due_at = m->due_at,
				.seq = entry->seq,
				.at = entry->event->at,
			};
		}
	}
	return ERR_OK;
}

static enum err
fold_plan(struct fold *f, const struct entry *entry)
{
	const json_t *item;
	size_t i;

	f->incident->prevention_studied = true;
	json_array_foreach(json_object_get(entry->fields, "measures"), i, item)
	{
		struct measure *m = fold_push(f->arena, &f->measures, sizeof(*m));
		if (!m) {
			return ERR_NOMEM;
		}
		*m = (struct measure){
			.key = body_text_or(item, "key", ""),
			.text = body_text_or(item, "text", ""),
			.cause = body_text_or(item, "cause", ""),
			.owner = entry->event->actor,
			.round = f->incident->round,
			.due_at = body_stamp(item, "due"),
			.effect_on = body_stamp(item, "effect_on"),
		};
		if (m->effect_on == STAMP_NONE) {
			m->effect_on = m->due_at;
		}
		if (fold_cells(f, entry, item, m)) {
			return ERR_NOMEM;
		}
	}
	return ERR_OK;
}

/* --- one cell ---------------------------------------------------------------------- */

/* A fault when the fields name no cell; shared by all four steps of a cell. */
static enum err
take_cell(struct taking *t)
{
	const struct incident *inc = t->context->incident;
	const char *measure = body_text_or(t->fields, "measure", "");
	const char *department = body_text_or(t->fields, "department", "");

	if (!incident_measure(inc, measure)) {
		taking_fault(t, "measure", "D107", _("There is no such measure in this incident."));
	} else if (!incident_cell(inc, measure, department)) {
		taking_fault(t, "department", "D107",
			_("This department was not asked to apply the measure."));
	}
	return ERR_OK;
}

static struct cell *
entry_cell(struct fold *f, const struct entry *entry)
{
	return fold_cell(
		f, body_text(entry->fields, "measure"), body_text(entry->fields, "department"));
}

/* The department answers: applied with evidence, or not applicable with a reason. */
static enum err
fold_answer(struct fold *f, const struct entry *entry, enum cell_state state)
{
	struct cell *cell = entry_cell(f, entry);

	if (!cell) {
		return ERR_CORRUPT;
	}
	cell->state = state;
	cell->not_applicable = state == CELL_NOT_APPLICABLE;
	cell->by = entry->event->actor;
	cell->acted_for = body_acting_for(entry->body);
	cell->evidence = body_text(entry->fields, "evidence");
	cell->seq = entry->seq;
	cell->why = body_text(entry->fields, "why");
	cell->at = entry->event->at;
	return ERR_OK;
}

static enum err
fold_apply(struct fold *f, const struct entry *entry)
{
	return fold_answer(f, entry, CELL_APPLIED);
}

static enum err
fold_not_applicable(struct fold *f, const struct entry *entry)
{
	return fold_answer(f, entry, CELL_NOT_APPLICABLE);
}

/* The office judges; who answered, and with what evidence, stays. */
static enum err
fold_judged(struct fold *f, const struct entry *entry, enum cell_state state)
{
	struct cell *cell = entry_cell(f, entry);
	const char *why = body_text(entry->fields, "why");

	if (!cell) {
		return ERR_CORRUPT;
	}
	cell->state = state;
	if (why && *why) {
		cell->why = why; /* of a claim that was accepted without a word the claim's stays */
	}
	cell->seq = entry->seq;
	cell->at = entry->event->at;
	return ERR_OK;
}

static enum err
fold_accept(struct fold *f, const struct entry *entry)
{
	return fold_judged(f, entry, CELL_ACCEPTED);
}

/* Whoever answered has to answer again. */
static enum err
take_send_back(struct taking *t)
{
	const struct cell *cell = incident_cell(t->context->incident,
		body_text(t->fields, "measure"), body_text(t->fields, "department"));
	enum err e = take_cell(t);

	if (e || !cell || !cell->by) {
		return e;
	}
	return effect_tell(t,
		&(struct notice){ .person = cell->by, .role = "officer", .due_at = cell->due_at });
}

static enum err
fold_send_back(struct fold *f, const struct entry *entry)
{
	return fold_judged(f, entry, CELL_SENT_BACK);
}

/* --- effectiveness --------------------------------------------------------------------- */

/* A measure without effect begins a new round: the old one stays in the record. */
static enum err
take_verify(struct taking *t)
{
	if (!strcmp(body_text_or(t->fields, "verdict", ""), "effective")) {
		return ERR_OK;
	}
	return body_set(t->body, "round", json_integer(t->context->incident->round + 1));
}

const struct effect effect_prevention_table[] = {
	{ "plan-prevention", take_plan, fold_plan },
	{ "apply", take_cell, fold_apply },
	{ "not-applicable", take_cell, fold_not_applicable },
	{ "accept", take_cell, fold_accept },
	{ "send-back", take_send_back, fold_send_back },
	{ "verify-effect", take_verify, NULL },
	{ NULL, NULL, NULL },
};
