/* SPDX-License-Identifier: MIT */
/*
 * Who may read which case: see sight.h.
 */
#include "toban/core/sight.h"

#include "actor.h"
#include "incident_due.h"
#include "toban/base/attr.h"

/* Whoever has to do with a confidential case by themselves. */
static bool
has_part(const struct step_context *context)
{
	static const char *const words[] = { "chain", "owner", "deputy", "addressee", "office",
		"office-head" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (actor_holds(context, words[i], context->person, NULL)) {
			return true;
		}
	}
	return word_list_has(&context->incident->readers, context->person->id);
}

bool
sight_is_lent(
	const struct duty_query *query, const struct person *stand_in, const struct person *absent)
{
	return !(absent->roles & (ROLE_AUDITOR | ROLE_ADMIN)) &&
		duty_acts_for(query, stand_in, absent);
}

/* Whoever stands in for one of them at this moment is asked in their place. */
static bool
stands_in(const struct step_context *context)
{
	const struct duty_query query = {
		.org = context->org, .duty = context->duty, .at = context->now
	};
	struct step_context theirs = *context;

	for (size_t i = 0; context->duty && context->duty->n_absences && i < context->org->n_people;
		i++) {
		theirs.person = &context->org->people[i];
		if (sight_is_lent(&query, context->person, theirs.person) && has_part(&theirs)) {
			return true;
		}
	}
	return false;
}

/* See the header. */
static bool
is_concerned(const struct step_context *context)
{
	return (context->person->roles & ROLE_AUDITOR) != 0 || has_part(context) ||
		stands_in(context);
}

/* Who was told under another name no longer counts, as fold_skip() says of the name itself. */
static enum err
skip_names(struct arena *arena, struct incident *inc)
{
	struct contact *contacts = arena_array(arena, inc->n_contacts + 1, sizeof(*contacts));

	if (!contacts) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < inc->n_contacts; i++) {
		contacts[i] = inc->contacts[i];
		contacts[i].skipped =
			contacts[i].skipped || incident_is_involved(inc, contacts[i].person);
	}
	inc->contacts = contacts;
	return ERR_OK;
}

enum err
incident_keep_out(struct arena *arena, const struct procedure *procedure, const struct org *org,
	struct incident *incident)
{
	enum err e = org_with_names(arena, org, &incident->involved, &incident->kept_out);

	if (!e && incident->kept_out.n > incident->involved.n) {
		e = skip_names(arena, incident);
		incident->due_at = incident_due(procedure, incident, incident->step_due);
	}
	return e;
}

bool
incident_visible(const struct step_context *context)
{
	if (!context->incident) {
		return true;
	}
	if (incident_is_involved(context->incident, context->person->id)) {
		return false;
	}
	return !context->incident->confidential || is_concerned(context);
}
