/* SPDX-License-Identifier: MIT */
/*
 * Who may take which step now, and why not.
 */
#include "toban/core/step.h"

#include <string.h>

#include "actor.h"
#include "effect.h"
#include "effect_body.h"
#include "guard.h"
#include "step_report.h"
#include "step_way.h"
#include "toban/core/sight.h"

#define WHO_MOST 8

/* --- the reasons, in their order --------------------------------------------------- */

static void
judge_visible(struct judgement *j)
{
	if (incident_visible(j->context)) {
		return;
	}
	if (j->context->by_glass) {
		j->of_person = true;
		judgement_refuse(j, "D364",
			_("You read this case because you broke the glass. That opens it for "
			  "reading only; the step \"{step}\" is not yours."),
			NULL, 0);
	} else {
		/* The same sentence as for a case that does not exist: it must not tell more. */
		judgement_refuse(j, "D304", _("There is no such incident."), NULL, 0);
	}
}

static void
judge_role(struct judgement *j)
{
	struct str roles = STR_INIT;

	if (j->person->roles & ROLE_AUDITOR) {
		j->of_person = true;
		judgement_refuse(j, "D306",
			_("Auditors read everything and change nothing; the step \"{step}\" is not "
			  "yours."),
			NULL, 0);
		return;
	}
	if (j->person->roles & ROLE_ADMIN) {
		j->of_person = true;
		judgement_refuse(j, "D307",
			_("Administrators take no step in cases; the step \"{step}\" is not "
			  "yours."),
			NULL, 0);
		return;
	}
	if (actor_holds_any(j->context, &j->step->actors, j->person, j->fields)) {
		return;
	}
	for (size_t i = 0; j->why && i < j->step->actors.n; i++) {
		guard_add_item(&roles, actor_label(j->step->actors.items[i]));
	}
	j->of_person = true;
	judgement_refuse(j, "D301", _("The step \"{step}\" is not your part: it is for {roles}."),
		&(struct str_arg){ "roles", str_text(&roles) }, 1);
	str_release(&roles);
}

static const char *
state_label(const struct flow *flow, const char *name)
{
	const struct flow_state *state = flow_find_state(flow, name);

	return state ? state->label.in[i18n_lang()] : name;
}

static void
judge_state(struct judgement *j)
{
	const struct flow *flow = &j->context->procedure->incident_flow;
	const char *state = j->context->incident->state;
	struct str from = STR_INIT;

	if (effect_is(j->step, "report") ? !*state : step_works_in(flow, j->step, state)) {
		return;
	}
	for (size_t i = 0; j->why && i < flow->n_states; i++) {
		if (step_works_in(flow, j->step, flow->states[i].name)) {
			guard_add_item(&from, state_label(flow, flow->states[i].name));
		}
	}
	judgement_refuse(j, "D401",
		from.len ? _("The incident is \"{state}\"; the step \"{step}\" can be taken when "
			     "it is: "
			     "{from}.")
			 : _("The incident is \"{state}\"; the step \"{step}\" cannot be taken any "
			     "more."),
		(struct str_arg[]){
			{ "state", state_label(flow, state) }, { "from", str_text(&from) } },
		2);
	str_release(&from);
}

/*
 * All guards must hold.  Missing conditions (D403) are collected, so that the
 * person sees at once all that is to be done; any other refusal ends the matter.
 */
static void
judge_guards(struct judgement *j)
{
	const struct word_list *guards = &j->step->guards;

	for (size_t i = 0; i < guards->n; i++) {
		struct judgement one = *j;
		struct str why = STR_INIT;
		one.code = NULL;
		one.why = j->why ? &why : NULL;
		guard_judge(&one, guards->items[i]);
		if (one.code && (!j->code || !strcmp(one.code, "D403"))) {
			j->code = one.code;
			j->of_person = one.of_person;
			if (j->why) {
				guard_next_sentence(j->why);
				str_add(j->why, str_text(&why));
			}
		}
		str_release(&why);
		if (j->code && strcmp(j->code, "D403") != 0) {
			return;
		}
	}
}

typedef void judge_one(struct judgement *j);

static judge_one *const in_order[] = { judge_visible, judge_role, judge_state, judge_guards };

#define N_BARE 3 /* of them: what a part in a state is refused with, whatever the case */

static void
judge_first(struct judgement *j, size_t n)
{
	for (size_t i = 0; i < n && !j->code; i++) {
		in_order[i](j);
	}
}

static void
judge(struct judgement *j)
{
	judge_first(j, ARRAY_LEN(in_order));
}

const char *
step_refusal(const struct step_context *context, const struct flow_step *step)
{
	struct judgement j = { .context = context, .person = context->person, .step = step };

	judge_first(&j, N_BARE);
	return j.code ? j.code : "";
}

/* --- who could ----------------------------------------------------------------------- */

static bool
could(const struct judgement *asked, const struct person *person)
{
	struct step_context context = *asked->context;
	struct judgement j = {
		.context = &context,
		.person = person,
		.step = asked->step,
		.fields = asked->fields,
	};

	context.person = person;
	context.by_glass = false;
	judge(&j);
	return !j.code;
}

/* Names them behind the reason; for a refusal that no person could avoid, nobody. */
static enum err
find_who(struct arena *arena, struct judgement *j, struct word_list *ret_who)
{
	const struct org *org = j->context->org;
	const char **items = arena_array(arena, WHO_MOST, sizeof(*items));
	struct str names = STR_INIT;
	size_t n = 0;

	if (!items) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; j->of_person && i < org->n_people && n < WHO_MOST; i++) {
		if (could(j, &org->people[i])) {
			items[n++] = org->people[i].id;
			guard_add_item(&names, org->people[i].name.in[i18n_lang()]);
		}
	}
	if (n) {
		guard_next_sentence(j->why);
		str_say(j->why, _("Who can: {who}."), &(struct str_arg){ "who", str_text(&names) },
			1);
	}
	j->why->failed = j->why->failed || names.failed;
	str_release(&names);
	*ret_who = (struct word_list){ .items = items, .n = n };
	return ERR_OK;
}

enum err
step_judge(struct arena *arena, const struct step_context *context, const struct flow_step *step,
	const json_t *fields, struct step_verdict *ret_verdict)
{
	struct step_context whole = *context;
	struct incident bare = { 0 };
	struct step_verdict verdict = { .code = "", .why = "" };
	struct str why = STR_INIT;
	struct judgement j = {
		.context = &whole,
		.person = context->person,
		.step = step,
		.fields = fields,
		.why = &why,
	};
	enum err e = ERR_OK;

	if (!whole.incident) {
		step_bare_incident(context, fields, &bare);
		whole.incident = &bare;
	}
	judge(&j);
	verdict.allowed = !j.code;
	if (j.code) {
		verdict.code = j.code;
		e = find_who(arena, &j, &verdict.who);
		verdict.why = e ? NULL : arena_strdup(arena, str_text(&why));
	}
	e = e ? e : why.failed || !verdict.why ? ERR_NOMEM : ERR_OK;
	str_release(&why);
	if (!e) {
		*ret_verdict = verdict;
	}
	return e;
}
