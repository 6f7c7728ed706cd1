/* SPDX-License-Identifier: MIT */
/*
 * Guard words: conditions of a step beyond who and when.
 */
#include "guard.h"

#include <string.h>

#include "actor.h"
#include "effect_body.h"
#include "incident_due.h"

struct guard {
	const char *word;
	void (*judge)(struct judgement *j);
};

#define REFUSE_ARGS_MOST 8

void
guard_next_sentence(struct str *text)
{
	str_next_sentence(text);
}

void
guard_add_item(struct str *list, const char *text)
{
	if (list->len) {
		str_add(list, i18n_lang() == LANG_JA ? "、" : ", ");
	}
	str_add(list, text);
}

void
judgement_refuse(struct judgement *j, const char *code, const char *pattern,
	const struct str_arg *args, size_t n_args)
{
	struct str_arg all[REFUSE_ARGS_MOST];
	size_t n = 0;

	j->code = code;
	if (!j->why) {
		return;
	}
	all[n++] = (struct str_arg){ "step", j->step->label.in[i18n_lang()] };
	for (size_t i = 0; i < n_args && n < ARRAY_LEN(all); i++) {
		all[n++] = args[i];
	}
	guard_next_sentence(j->why);
	str_say(j->why, pattern, all, n);
}

static void
refuse(struct judgement *j, const char *code, const char *pattern)
{
	judgement_refuse(j, code, pattern, NULL, 0);
}

/* The same, where another person might be allowed. */
static void
refuse_person(struct judgement *j, const char *code, const char *pattern)
{
	j->of_person = true;
	refuse(j, code, pattern);
}

/* Also under another name, as far as an account tells. */
static bool
is_me(const struct judgement *j, const char *id)
{
	return id && (!strcmp(id, j->person->id) || word_list_has(&j->person->names, id));
}

/* --- response ------------------------------------------------------------------------ */

static void
guard_emergency_or_instructed(struct judgement *j)
{
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		if (inc->instructions[i].round == inc->round) {
			return;
		}
	}
	if (j->fields && !body_flag(j->fields, "emergency")) {
		refuse(j, "D403",
			_("Nobody has given an instruction yet. Wait for it, or record what was "
			  "done "
			  "as an emergency response; the owner then has to ratify it."));
	}
}

static void
guard_has_unratified(struct judgement *j)
{
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_responses; i++) {
		const struct response *r = &inc->responses[i];
		if (r->round == inc->round && r->emergency && !r->ratified) {
			return;
		}
	}
	refuse(j, "D406", _("No emergency response is waiting to be ratified."));
}

/* Told and silent, or standing in at a link where nobody has answered. */
static bool
can_acknowledge(const struct judgement *j, const struct chain_place *place)
{
	const struct incident *inc = j->context->incident;

	const struct contact *c = incident_contact(inc, place->link, j->person->id);

	return c ? c->acknowledged_at == STAMP_NONE : !incident_link_acknowledged(inc, place->link);
}

static void
guard_link_open(struct judgement *j)
{
	const struct incident *inc = j->context->incident;
	bool stands = false;

	for (size_t i = 0; i < inc->n_places; i++) {
		const struct chain_place *place = &inc->places[i];
		if (!place->open || !actor_answers_at(j->context, place, j->person)) {
			continue;
		}
		if (can_acknowledge(j, place)) {
			return;
		}
		stands = true;
	}
	if (stands) {
		refuse_person(j, "D405", _("Your link of the chain is acknowledged already."));
	} else {
		refuse_person(j, "D402", _("Your link of the chain has not been opened."));
	}
}

/* --- the result ---------------------------------------------------------------------- */

/* Whoever has the part only in the place of somebody has no more right to it than they have. */
static bool
only_in_place_of(const struct judgement *j, const char *id)
{
	const struct step_context *c = j->context;
	const struct person *absent = id ? org_person(c->org, id) : NULL;
	const struct duty_query query = actor_duty_query(c);
	struct step_context plain = *c;

	plain.duty = NULL;
	return c->duty && absent &&
		!actor_holds_any(&plain, &j->step->actors, j->person, j->fields) &&
		duty_acts_for(&query, j->person, absent);
}

static void
guard_not_author(struct judgement *j)
{
	const struct result *result = &j->context->incident->result;
	const char *by = result->by;

	if (is_me(j, by)) {
		refuse_person(j, "D302",
			_("You cannot take the step \"{step}\": you wrote this result."));
	} else if (only_in_place_of(j, by)) {
		refuse_person(j, "D302",
			_("You cannot take the step \"{step}\": you stand in for who wrote this "
			  "result."));
	} else if (is_me(j, result->acted_for)) {
		refuse_person(j, "D302",
			_("You cannot take the step \"{step}\": this result was written in your "
			  "place."));
	}
}

static void
guard_not_responder(struct judgement *j)
{
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_responses; i++) {
		if (inc->responses[i].round == inc->round &&
			(is_me(j, inc->responses[i].by) ||
				only_in_place_of(j, inc->responses[i].by))) {
			refuse_person(j, "D303",
				_("You cannot take the step \"{step}\": you took part in the "
				  "response."));
			return;
		}
	}
}

static void
guard_hash_matches(struct judgement *j)
{
	const char *hex = body_text(j->fields, "hash");
	const struct result *result = &j->context->incident->result;
	struct hash shown;

	if (!hex || !*hex) {
		return; /* bound to what is there now */
	}
	if (!result->version || hash_parse(hex, &shown) ||
		memcmp(&shown, &result->hash, sizeof(shown)) != 0) {
		refuse(j, "D205",
			_("The result was changed since it was shown to you. Nothing was recorded; "
			  "read the present one and decide again."));
	}
}

/* --- cells ------------------------------------------------------------------------------ */

/* What a cell guard finds wrong with one cell; NULL: the step can be taken on it. */
typedef const char *cell_fault(const struct judgement *j, const struct cell *cell);

/*
 * The cell the fields name, or in the menu every cell the person may choose: no
 * fault if one is without.  A cell that does not exist is the effect's to refuse.
 */
static const char *
judge_cells(const struct judgement *j, cell_fault *fault, bool *ret_any)
{
	const struct incident *inc = j->context->incident;
	const char *worst = NULL;
	bool any = false;

	if (j->fields) {
		const struct cell *cell = incident_cell(
			inc, body_text(j->fields, "measure"), body_text(j->fields, "department"));
		*ret_any = true;
		return cell ? fault(j, cell) : NULL;
	}
	for (size_t i = 0; i < inc->n_measures; i++) {
		for (size_t c = 0; c < inc->measures[i].n_cells; c++) {
			const char *code = fault(j, &inc->measures[i].cells[c]);
			if (!code) {
				*ret_any = true;
				return NULL;
			}
			worst = worst && !strcmp(worst, "D406") ? worst : code;
			any = true;
		}
	}
	*ret_any = any;
	return worst;
}

static bool
is_answered(const struct cell *cell)
{
	return cell->state == CELL_APPLIED || cell->state == CELL_NOT_APPLICABLE;
}

/* In the menu only cells count that the person answers for. */
static const char *
fault_not_open(const struct judgement *j, const struct cell *cell)
{
	if (cell->state == CELL_ACCEPTED) {
		return "D405";
	}
	return j->fields || actor_is_officer(j->context, j->person, cell->department) ? NULL
										      : "D406";
}

static void
guard_cell_open(struct judgement *j)
{
	bool any = false;
	const char *code = judge_cells(j, fault_not_open, &any);

	if (!any) {
		refuse(j, "D406", _("No department was asked to apply a measure."));
	} else if (code && !strcmp(code, "D405")) {
		refuse(j, code, _("The office accepted this answer already."));
	} else if (code) {
		refuse_person(j, code, _("No measure waits for an answer of your department."));
	}
}

static const char *
fault_not_answered(const struct judgement *j, const struct cell *cell)
{
	(void)j; /* the same for everybody */
	if (is_answered(cell)) {
		return NULL;
	}
	return cell->state == CELL_ACCEPTED ? "D405" : "D406";
}

static void
guard_cell_answered(struct judgement *j)
{
	bool any = false;
	const char *code = judge_cells(j, fault_not_answered, &any);

	if (code && !strcmp(code, "D405")) {
		refuse(j, code, _("Every answer of a department was accepted already."));
	} else if (code || !any) {
		refuse(j, "D406", _("No answer of a department waits to be judged."));
	}
}

/* In the menu a cell that does not wait is no obstacle: cell-answered speaks of it. */
static const char *
fault_own(const struct judgement *j, const struct cell *cell)
{
	if (!j->fields && !is_answered(cell)) {
		return "";
	}
	return is_me(j, cell->by) || is_me(j, cell->acted_for) ? "D308" : NULL;
}

static void
guard_not_applier(struct judgement *j)
{
	bool any = false;
	const char *code = judge_cells(j, fault_own, &any);

	if (code && *code) {
		refuse_person(j, "D308",
			_("You cannot take the step \"{step}\": you answered for this department "
			  "yourself, or somebody did so in your place."));
	}
}

/* --- reviews, clocks, suspicion ---------------------------------------------------------- */

static void
guard_review_actor(struct judgement *j)
{
	const struct procedure *p = j->context->procedure;
	const char *wanted = body_text(j->fields, "item");

	for (size_t i = 0; i < p->n_reviews; i++) {
		const struct review_item *item = &p->reviews[i];
		bool meant = !j->fields || (wanted && !strcmp(wanted, item->key));
		if (meant && actor_holds_any(j->context, &item->by, j->person, j->fields)) {
			return;
		}
	}
	refuse_person(j, "D301", _("This review item is judged by somebody else."));
}

static void
guard_is_suspicion(struct judgement *j)
{
	if (!j->context->incident->suspected.n) {
		refuse(j, "D406", _("Nothing is suspected any more in this incident."));
	}
}

static void
guard_not_confidential(struct judgement *j)
{
	if (j->context->incident->confidential) {
		refuse(j, "D405", _("This incident is confidential already."));
	}
}

static void
guard_confidential(struct judgement *j)
{
	if (!j->context->incident->confidential) {
		refuse(j, "D406", _("This incident is not restricted: everybody may read it."));
	}
}

static void
guard_has_readers(struct judgement *j)
{
	if (!j->context->incident->readers.n) {
		refuse(j, "D406", _("Nobody is named as a reader of this incident."));
	}
}

static void
guard_suspicion_settled(struct judgement *j)
{
	if (j->context->incident->suspected.n) {
		refuse(j, "D403", _("The suspicion is neither confirmed nor dispelled."));
	}
}

static void
guard_clock_running(struct judgement *j)
{
	const struct incident *inc = j->context->incident;
	const char *wanted = body_text(j->fields, "clock");
	bool decided = false;

	for (size_t i = 0; i < inc->n_clocks; i++) {
		if (wanted && strcmp(wanted, inc->clocks[i].key) != 0) {
			continue;
		}
		if (!inc->clocks[i].decision) {
			return;
		}
		decided = true;
	}
	if (decided) {
		refuse(j, "D405", _("This legal clock was decided already."));
	} else {
		refuse(j, "D406", _("No legal clock is running on this incident."));
	}
}

/* --- closing and effectiveness -------------------------------------------------------------- */

static void
guard_gates(struct judgement *j)
{
	if (!guard_gates_open(j, j->why)) {
		j->code = "D403"; /* the sentences were written by the gates */
	}
}

static void
guard_major_settled(struct judgement *j)
{
	if (j->context->incident->major == MAJOR_PROPOSED) {
		refuse(j, "D403",
			_("The office head has not decided yet whether this is a major accident."));
	}
}

static void
guard_effect_date(struct judgement *j)
{
	stamp from = incident_effect_on(j->context->incident);
	char date[STAMP_SIZE];

	if (from == STAMP_NONE || j->context->now >= from) {
		return;
	}
	stamp_format_short(from, j->context->org->offset_min, date);
	judgement_refuse(j, "D404",
		_("It is too early to judge the effect of the measures; it can be judged from "
		  "{date} "
		  "on."),
		&(struct str_arg){ "date", date }, 1);
}

static void
guard_cells_accepted(struct judgement *j)
{
	const struct incident *inc = j->context->incident;
	struct str open = STR_INIT;

	for (size_t i = 0; i < inc->n_measures; i++) {
		const struct measure *m = &inc->measures[i];
		for (size_t c = 0; c < m->n_cells; c++) {
			const struct department *d =
				org_department(j->context->org, m->cells[c].department);
			if (m->cells[c].state == CELL_ACCEPTED) {
				continue;
			}
			guard_add_item(&open, m->key);
			str_addf(
				&open, " %s", d ? d->name.in[i18n_lang()] : m->cells[c].department);
		}
	}
	if (open.len || open.failed) {
		judgement_refuse(j, "D403",
			_("Not every department has carried out the measures; open: {items}."),
			&(struct str_arg){ "items", str_text(&open) }, 1);
	}
	str_release(&open);
}

static void
guard_not_measure_owner(struct judgement *j)
{
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_measures; i++) {
		if (inc->measures[i].round == inc->round && is_me(j, inc->measures[i].owner)) {
			refuse_person(j, "D309",
				_("You cannot take the step \"{step}\": you planned one of the "
				  "measures."));
			return;
		}
	}
}

static const struct guard guards[] = {
	{ "emergency-or-instructed", guard_emergency_or_instructed },
	{ "has-unratified", guard_has_unratified },
	{ "link-open", guard_link_open },
	{ "not-author", guard_not_author },
	{ "not-responder", guard_not_responder },
	{ "hash-matches", guard_hash_matches },
	{ "cell-open", guard_cell_open },
	{ "cell-answered", guard_cell_answered },
	{ "not-applier", guard_not_applier },
	{ "review-actor", guard_review_actor },
	{ "is-suspicion", guard_is_suspicion },
	{ "not-confidential", guard_not_confidential },
	{ "confidential", guard_confidential },
	{ "has-readers", guard_has_readers },
	{ "suspicion-settled", guard_suspicion_settled },
	{ "clock-running", guard_clock_running },
	{ "gates", guard_gates },
	{ "major-settled", guard_major_settled },
	{ "effect-date", guard_effect_date },
	{ "cells-accepted", guard_cells_accepted },
	{ "not-measure-owner", guard_not_measure_owner },
};

void
guard_judge(struct judgement *j, const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(guards); i++) {
		if (!strcmp(guards[i].word, word)) {
			guards[i].judge(j);
			return;
		}
	}
}

const char *const *
step_guard_words(void)
{
	static const char *words[ARRAY_LEN(guards) + 1]; /* filled from the table, always alike */

	for (size_t i = 0; i < ARRAY_LEN(guards); i++) {
		words[i] = guards[i].word;
	}
	return words;
}
