/* SPDX-License-Identifier: MIT */
/*
 * Taking a step: the body of its event, and what it causes.
 */
#include <string.h>

#include "actor.h"
#include "effect.h"
#include "effect_body.h"
#include "promise_watch.h"
#include "step_report.h"
#include "step_way.h"

void
step_bare_incident(
	const struct step_context *context, const json_t *fields, struct incident *ret_incident)
{
	*ret_incident = (struct incident){
		.id = "",
		.state = "",
		.finder = context->person->id,
		.department = body_text_or(fields, "department", context->person->department),
		.round = 1,
		.found_at = STAMP_NONE,
		.due_at = STAMP_NONE,
	};
}

/* Whom the flow file tells, besides those the effect and the chain told. */
static enum err
notify_word(struct taking *t, const char *word)
{
	struct word_list people = { 0 };
	enum err e;

	/* An instruction tells its own addressees, a plan its own officers. */
	if ((!strcmp(word, "addressee") && effect_is(t->step, "instruct")) ||
		(!strcmp(word, "officer") && !body_text(t->fields, "department"))) {
		return ERR_OK;
	}
	e = actor_people(t->arena, t->context, word, t->fields, &people);
	for (size_t i = 0; !e && i < people.n; i++) {
		e = effect_tell(t,
			&(struct notice){
				.person = people.items[i],
				.role = word,
				.due_at = STAMP_NONE,
			});
	}
	return e;
}

/* The limit that policy/clock.ini sets for this category, or a major accident; 0: none. */
static int64_t
limit_of_case(const struct taking *t)
{
	const struct procedure *p = t->context->procedure;
	const struct clock_case of = taking_case(t);

	return clock_variant_due(
		promise_watch_awaited(p, flow_find_state(&p->incident_flow, t->state)), &of);
}

/*
 * What follows has the time of the step that moved the case on.  Where taking a
 * step acknowledged the first link, that is the acknowledgement's.
 */
static enum err
write_due(struct taking *t, const char *planned)
{
	const struct flow *flow = &t->context->procedure->incident_flow;
	const struct flow_step *mover = t->step;
	int64_t limit;

	if (strcmp(planned, t->state) != 0) {
		mover = effect_step(flow, "acknowledge");
	}
	if (!mover || !strcmp(t->context->incident->state, t->state)) {
		return ERR_OK;
	}
	limit = limit_of_case(t);
	limit = limit ? limit : mover->due_ms;
	return limit ? body_set_stamp(t->body, "due_at", t->context->now + limit, taking_offset(t))
		     : ERR_OK;
}

static enum err
add_first_message(struct taking *t)
{
	const char **message = fold_push(t->arena, &t->messages, sizeof(*message));

	if (!message) {
		return ERR_NOMEM;
	}
	*message = arena_printf(t->arena, "incident.%s", t->step->name);
	return *message ? ERR_OK : ERR_NOMEM;
}

/* Which of the step's parts the absent person has, whom the one who takes it stands in for. */
static const char *
part_of(const struct step_context *plain, const struct taking *t, const struct person *absent)
{
	const struct word_list *actors = &t->step->actors;

	for (size_t i = 0; i < actors->n; i++) {
		if (actor_holds(plain, actors->items[i], absent, t->fields)) {
			return actors->items[i];
		}
	}
	return NULL;
}

/* Who takes a step only because somebody is away: for whom, and under which part. */
static void
find_absent(struct taking *t)
{
	const struct step_context *c = t->context;
	const struct duty_query query = actor_duty_query(c);
	struct step_context plain = *c;

	plain.duty = NULL;
	if (!c->duty || actor_holds_any(&plain, &t->step->actors, c->person, t->fields)) {
		return;
	}
	for (size_t i = 0; !t->absent && i < c->org->n_people; i++) {
		const struct person *absent = &c->org->people[i];

		t->absent_part = duty_acts_for(&query, c->person, absent)
			? part_of(&plain, t, absent)
			: NULL;
		t->absent = t->absent_part ? absent : NULL;
	}
}

static enum err
write_acting(struct taking *t)
{
	return t->absent
		? body_set(t->body, "acting",
			  json_pack("{s:s, s:s}", "for", t->absent->id, "part", t->absent_part))
		: ERR_OK;
}

/* The whole of the body after the effect's own part. */
static enum err
finish_body(struct taking *t)
{
	const char *planned = t->state;
	enum err e = effect_chain_follow(t);

	if (!e) {
		e = effect_chain_acknowledge(t);
	}
	for (size_t i = 0; !e && i < t->step->notify.n; i++) {
		e = notify_word(t, t->step->notify.items[i]);
	}
	if (!e) {
		e = effect_write_notices(t);
	}
	if (!e) {
		e = write_due(t, planned);
	}
	if (!e) {
		e = write_acting(t);
	}
	if (!e && strcmp(t->step->name, t->step->effect) != 0) {
		e = body_set_text(t->body, "effect", t->step->effect);
	}
	return e ? e : body_set_text(t->body, "state", t->state);
}

static enum err
make_body(struct taking *t)
{
	const struct effect *effect = effect_find(t->step->effect);
	json_t *fields = t->fields ? json_deep_copy(t->fields) : json_object();
	size_t faults = t->diagnostics->n;
	enum err e = body_set(t->body, "fields", fields);

	if (!effect) {
		return ERR_INVALID; /* the lint of the flow knows no such word either */
	}
	if (!e) {
		e = add_first_message(t);
	}
	if (!e && effect->take) {
		e = effect->take(t);
	}
	if (!e && t->diagnostics->n > faults) {
		e = ERR_INVALID;
	}
	return e ? e : finish_body(t);
}

enum err
taking_places(struct taking *t)
{
	const struct incident *inc = t->context->incident;

	for (size_t i = 0; i < inc->n_places; i++) {
		struct chain_place *place = fold_push(t->arena, &t->places, sizeof(*place));
		if (!place) {
			return ERR_NOMEM;
		}
		*place = inc->places[i];
	}
	return ERR_OK;
}

static enum err
take(struct taking *t, struct outcome *outcome)
{
	enum err e = t->body ? taking_places(t) : ERR_NOMEM;

	if (!e) {
		e = make_body(t);
	}
	if (!e) {
		t->state = arena_strdup(t->arena, t->state); /* outlives the incident */
		e = t->state ? ERR_OK : ERR_NOMEM;
	}
	if (e == ERR_DENIED) {
		outcome->refusal = (struct step_verdict){
			.code = t->refused_code,
			.why = t->refused_why,
		};
	}
	if (e) {
		json_decref(t->body);
		return e;
	}
	outcome->body = t->body;
	outcome->state = t->state;
	outcome->notices = t->notices.items;
	outcome->n_notices = t->notices.n;
	outcome->messages = t->messages.items;
	outcome->n_messages = t->messages.n;
	return ERR_OK;
}

/* People a report names as involved are so from the first moment on. */
static enum err
bare_with_involved(struct arena *arena, const struct step_context *context,
	const struct step_request *request, struct diagnostics *diagnostics, struct incident *bare)
{
	struct word_list involved = { 0 };
	size_t faults = diagnostics->n;

	step_bare_incident(context, request->fields, bare);
	if (body_words(arena, request->fields, "involved", &involved)) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < involved.n; i++) {
		if (!org_person(context->org, involved.items[i])) {
			char *path = arena_printf(arena, "involved[%zu]", i);
			diagnostics_add(diagnostics, path ? path : "involved", "D107",
				_("Name the people who are involved one by one."));
		}
	}
	bare->involved = involved;
	if (org_with_names(arena, context->org, &involved, &bare->kept_out)) {
		return ERR_NOMEM;
	}
	return diagnostics->n > faults ? ERR_INVALID : ERR_OK;
}

enum err
step_take(struct arena *arena, const struct step_context *context,
	const struct step_request *request, struct diagnostics *diagnostics,
	struct outcome *ret_outcome)
{
	struct step_context whole = *context;
	struct incident bare = { 0 };
	struct outcome outcome = { 0 };
	struct taking t = {
		.arena = arena,
		.context = &whole,
		.step = request->step,
		.fields = request->fields,
		.drill = request->drill,
		.diagnostics = diagnostics,
	};
	enum err e = step_judge(arena, context, request->step, request->fields, &outcome.refusal);

	if (e) {
		return e;
	}
	if (!outcome.refusal.allowed) {
		*ret_outcome = outcome;
		return !strcmp(outcome.refusal.code, "D205") ? ERR_CONFLICT : ERR_DENIED;
	}
	if (!whole.incident) {
		e = bare_with_involved(arena, context, request, diagnostics, &bare);
		whole.incident = &bare;
	} else {
		t.drill = whole.incident->drill;
	}
	if (e) {
		return e;
	}
	find_absent(&t);
	t.state = step_next_state(t.step, t.fields, whole.incident->state);
	t.body = json_object();
	e = take(&t, &outcome);
	if (!e || e == ERR_DENIED) {
		*ret_outcome = outcome;
	}
	return e;
}
