/* SPDX-License-Identifier: MIT */
/*
 * The menu of steps, and for one step its form with what the incident itself
 * offers: whom to instruct, which cells wait, which review items are open.
 * What is offered is asked of the same judgement that will be asked when the
 * step is taken.
 */
#include <string.h>

#include "call.h"
#include "doc.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

static const char *const confirm_words[] = {
	[CONFIRM_NONE] = "none",
	[CONFIRM_SEND] = "send",
	[CONFIRM_FINAL] = "final",
};

/* Whether the caller is among those who are awaited to take the step. */
static enum err
is_awaited(struct call *call, const struct step_context *context, const struct awaited *item,
	bool *ret_awaited)
{
	struct word_list people = { NULL, 0 };
	enum err e = ERR_OK;

	if (item->person) {
		*ret_awaited = strcmp(item->person, context->person->id) == 0;
		return ERR_OK;
	}
	e = step_people(call->arena, context, item->role, &people);
	if (!e) {
		*ret_awaited = word_list_has(&people, context->person->id);
	}
	return e;
}

/* The steps the caller is awaited to take, as names. */
static enum err
awaited_of_caller(
	struct call *call, const struct step_context *context, struct word_list *ret_steps)
{
	const struct awaited *items = NULL;
	size_t n = 0;
	size_t mine = 0;
	enum err e = step_awaited(call->arena, context, &items, &n);
	const char **names = e ? NULL : arena_array(call->arena, n + 1, sizeof(*names));

	if (!names) {
		return e ? e : ERR_NOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		bool awaited = false;

		e = is_awaited(call, context, &items[i], &awaited);
		if (e) {
			return e;
		}
		if (awaited) {
			names[mine++] = items[i].step;
		}
	}
	*ret_steps = (struct word_list){ .items = names, .n = mine };
	return ERR_OK;
}

static json_t *
doc_step(const struct flow_step *step, const struct step_verdict *verdict)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:b, s:s, s:s, s:o}", "step", step->name,
		"key", step->key, "label", json_of_words(&step->label), "explain",
		json_of_words(&step->explain), "confirm", confirm_words[step->confirm], "form",
		step->form, "allowed", verdict->allowed, "code", verdict->code, "why", verdict->why,
		"who", json_of_list(&verdict->who));
}

static bool
is_report(const struct flow_step *step)
{
	return strcmp(step->effect, "report") == 0;
}

static enum err
menu(struct call *call, const struct dossier *dossier, json_t **ret_result)
{
	const struct flow *flow = &call->procedure->incident_flow;
	struct step_context context = call_context(call, &dossier->incident);
	json_t *steps = call_keep(call, json_array());
	struct word_list awaited = { NULL, 0 };
	enum err e;

	context.by_glass = dossier->glass != NULL;
	e = awaited_of_caller(call, &context, &awaited);

	for (size_t i = 0; !e && i < flow->n_steps; i++) {
		struct step_verdict verdict = { false };
		json_t *doc;
		bool waits;

		if (is_report(&flow->steps[i])) {
			continue;
		}
		e = step_judge(call->arena, &context, &flow->steps[i], NULL, &verdict);
		if (e) {
			return e;
		}
		doc = doc_step(&flow->steps[i], &verdict);
		waits = verdict.allowed && word_list_has(&awaited, flow->steps[i].name);
		json_object_set_new(doc, "awaited", json_boolean(waits));
		json_object_set_new(doc, "due_at",
			json_of_time(
				call, waits ? step_due(&context, &flow->steps[i]) : STAMP_NONE));
		json_array_append_new(steps, doc);
	}
	if (e) {
		return e;
	}
	*ret_result = json_pack("{s:s, s:O}", "id", dossier->incident.id, "steps", steps);
	return ERR_OK;
}

/* --- one step with its form ---------------------------------------------------------- */

struct offer {
	struct call *call;
	const struct dossier *dossier;
	const struct flow_step *step;
	const struct form *form;
	const struct form_field *field;
	json_t *options; /* of the field */
};

static json_t *
words_or(const struct words *words, const char *text)
{
	return words ? json_of_words(words) : json_string(text);
}

static void
add_option(struct offer *offer, json_t *key, json_t *label)
{
	json_array_append_new(offer->options, json_pack("{s:o, s:o}", "key", key, "label", label));
}

/* Whether the caller may take the step with these fields, which are given up. */
static bool
may(const struct offer *offer, json_t *fields)
{
	struct step_context context = call_context(offer->call, &offer->dossier->incident);
	struct step_verdict verdict = { false };
	enum err e = fields
		? step_judge(offer->call->arena, &context, offer->step, fields, &verdict)
		: ERR_NOMEM;

	json_decref(fields);
	return !e && verdict.allowed;
}

static bool
may_with(const struct offer *offer, json_t *value)
{
	return may(offer, json_pack("{s:o}", offer->field->key, value));
}

static void
offer_people(struct offer *offer)
{
	const struct org *org = offer->call->org;
	const struct incident *incident = &offer->dossier->incident;
	bool instruct = strcmp(offer->step->effect, "instruct") == 0;
	bool departments = offer->field->type == FIELD_PEOPLE && !offer->field->persons_only;

	for (size_t i = 0; i < org->n_people; i++) {
		const struct person *person = &org->people[i];

		if (incident_is_involved(incident, person->id) || !(person->roles & ROLE_STAFF) ||
			(instruct && strcmp(person->department, incident->department) != 0)) {
			continue;
		}
		add_option(offer, json_string(person->id), json_of_words(&person->name));
	}
	/* Such a list may name whole departments, too: the case's own comes first. */
	for (size_t turn = 0; turn < 2; turn++) {
		for (size_t i = 0; departments && i < org->n_departments; i++) {
			const struct department *d = &org->departments[i];

			if ((strcmp(d->id, incident->department) == 0) == (turn == 0)) {
				add_option(offer, json_string(d->id), json_of_words(&d->name));
			}
		}
	}
}

static bool
form_has(const struct form *form, enum field_type type, const char **ret_key)
{
	for (size_t i = 0; i < form->n_fields; i++) {
		if (form->fields[i].type == type) {
			*ret_key = form->fields[i].key;
			return true;
		}
	}
	return false;
}

/* The cell of this measure in this department, as far as the caller may step in it. */
static bool
cell_offered(const struct offer *offer, const struct measure *measure, const char *department)
{
	const char *measure_key = NULL;
	const char *department_key = NULL;

	if (!form_has(offer->form, FIELD_MEASURE, &measure_key) ||
		!form_has(offer->form, FIELD_DEPARTMENT, &department_key)) {
		return true;
	}
	return may(offer,
		json_pack("{s:s, s:s}", measure_key, measure->key, department_key, department));
}

static void
offer_measures(struct offer *offer)
{
	const struct incident *incident = &offer->dossier->incident;

	for (size_t i = 0; i < incident->n_measures; i++) {
		const struct measure *measure = &incident->measures[i];
		bool offered = false;

		for (size_t k = 0; k < measure->n_cells && !offered; k++) {
			offered = cell_offered(offer, measure, measure->cells[k].department);
		}
		if (offered) {
			add_option(offer, json_string(measure->key), json_string(measure->text));
		}
	}
}

static void
offer_departments(struct offer *offer)
{
	const struct incident *incident = &offer->dossier->incident;
	const struct org *org = offer->call->org;
	const char *key = NULL;
	bool cells = form_has(offer->form, FIELD_MEASURE, &key);

	for (size_t i = 0; i < org->n_departments; i++) {
		const struct department *department = &org->departments[i];
		bool offered = !cells;

		for (size_t k = 0; cells && k < incident->n_measures && !offered; k++) {
			offered = cell_offered(offer, &incident->measures[k], department->id);
		}
		if (offered) {
			add_option(offer, json_string(department->id),
				json_of_words(&department->name));
		}
	}
}

static void
offer_reviews(struct offer *offer)
{
	const struct incident *incident = &offer->dossier->incident;

	for (size_t i = 0; i < incident->n_reviews; i++) {
		const struct review *review = &incident->reviews[i];
		const struct review_item *item =
			procedure_review(offer->call->procedure, review->item);

		if (!review->verdict && may_with(offer, json_string(review->item))) {
			add_option(offer, json_string(review->item),
				words_or(item ? &item->label : NULL, review->item));
		}
	}
}

static const struct legal_clock *
legal_find(const struct procedure *procedure, const char *key)
{
	for (size_t i = 0; i < procedure->n_legal; i++) {
		if (strcmp(procedure->legal[i].key, key) == 0) {
			return &procedure->legal[i];
		}
	}
	return NULL;
}

static void
offer_clocks(struct offer *offer)
{
	const struct incident *incident = &offer->dossier->incident;

	for (size_t i = 0; i < incident->n_clocks; i++) {
		const struct running_clock *clock = &incident->clocks[i];
		const struct legal_clock *legal = legal_find(offer->call->procedure, clock->key);

		if (!clock->decision) {
			add_option(offer, json_string(clock->key),
				words_or(legal ? &legal->label : NULL, clock->key));
		}
	}
}

/* "6  Instruct the response  Masao Ishikawa": kinds alone would all look the same. */
static json_t *
entry_words(const struct offer *offer, const struct event *event, const struct flow_step *kind)
{
	const struct person *actor = org_person(offer->call->org, event->actor);
	json_t *words = json_object();

	for (int lang = 0; lang < LANG_COUNT; lang++) {
		json_object_set_new(words, lang == LANG_JA ? "ja" : "en",
			json_sprintf("%lld  %s  %s", (long long)event->seq, kind->label.in[lang],
				actor ? actor->name.in[lang] : event->actor));
	}
	return words;
}

/* An instruction is named by a response; of everything else the guards decide. */
static bool
may_name(const struct offer *offer, const struct event *event)
{
	const struct incident *incident = &offer->dossier->incident;

	if (strcmp(offer->field->key, "instruction") != 0) {
		return may_with(offer, json_integer(event->seq));
	}
	for (size_t i = 0; i < incident->n_instructions; i++) {
		if (incident->instructions[i].seq == event->seq) {
			return true;
		}
	}
	return false;
}

/* Entries of the log that the step may name. */
static void
offer_entries(struct offer *offer)
{
	for (size_t i = 0; i < offer->dossier->events.n; i++) {
		const struct event *event = &offer->dossier->events.items[i];
		const struct flow_step *kind =
			flow_find_step(&offer->call->procedure->incident_flow, event->kind);

		if (kind && event->body && may_name(offer, event)) {
			add_option(
				offer, json_integer(event->seq), entry_words(offer, event, kind));
		}
	}
}

static void
offer_categories(struct offer *offer)
{
	const struct classification *table = &offer->call->procedure->classification;

	for (size_t i = 0; i < table->n; i++) {
		if (table->items[i].kind == CATEGORY_PLAIN) {
			add_option(offer, json_string(table->items[i].key),
				json_of_words(&table->items[i].label));
		}
	}
}

/* Types whose choices depend on the incident; the others have theirs in the form. */
static void (*const offers[FIELD_TYPE_COUNT])(struct offer *offer) = {
	[FIELD_PERSON] = offer_people,
	[FIELD_PEOPLE] = offer_people,
	[FIELD_DEPARTMENT] = offer_departments,
	[FIELD_DEPARTMENTS] = offer_departments,
	[FIELD_MEASURE] = offer_measures,
	[FIELD_REVIEW_ITEM] = offer_reviews,
	[FIELD_CLOCK] = offer_clocks,
	[FIELD_SEQ] = offer_entries,
	[FIELD_CATEGORY] = offer_categories,
	[FIELD_CATEGORIES] = offer_categories,
};

static json_t *
doc_options(struct offer *offer)
{
	json_t *all = json_object();

	for (size_t i = 0; offer->form && i < offer->form->n_fields; i++) {
		offer->field = &offer->form->fields[i];
		if (!offers[offer->field->type]) {
			continue;
		}
		offer->options = json_array();
		offers[offer->field->type](offer);
		json_object_set_new(all, offer->field->key, offer->options);
	}
	return all;
}

/* What stands in a field before anybody types; NULL: nothing. */
static json_t *
doc_preset(const struct call *call, const struct incident *incident, const struct form_field *field)
{
	char hex[HASH_HEX_SIZE];

	if (field->type == FIELD_HASH && incident->result.version) {
		hash_hex(&incident->result.hash, hex);
		return json_string(hex);
	}
	if (strcmp(field->preset, "now") == 0) {
		return json_of_time(call, call->now);
	}
	if (strcmp(field->preset, "me") == 0) {
		return json_string(call->person->id);
	}
	if (strcmp(field->preset, "finder-department") == 0) {
		return json_string(incident->department);
	}
	return *field->preset ? json_string(field->preset) : NULL;
}

static json_t *
doc_presets(const struct call *call, const struct incident *incident, const struct form *form)
{
	json_t *all = json_object();

	for (size_t i = 0; form && i < form->n_fields; i++) {
		json_t *value = doc_preset(call, incident, &form->fields[i]);

		if (value) {
			json_object_set_new(all, form->fields[i].key, value);
		}
	}
	return all;
}

static enum err
one_step(struct call *call, const struct dossier *dossier, const char *name, json_t **ret_result)
{
	const struct flow_step *step = flow_find_step(&call->procedure->incident_flow, name);
	struct offer offer = { .call = call, .dossier = dossier, .step = step };

	if (!step || is_report(step)) {
		return call_fail_field(
			call, "D103", "form", _("The procedure knows no step of this name."));
	}
	offer.form = procedure_form(call->procedure, step->form);
	*ret_result = json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", dossier->incident.id, "step",
		step->name, "form", offer.form ? form_to_json(offer.form) : json_null(), "presets",
		doc_presets(call, &dossier->incident, offer.form), "options", doc_options(&offer));
	return ERR_OK;
}

enum err
method_incident_steps(struct call *call, json_t **ret_result)
{
	const char *name = arg_text(call, "form");
	struct dossier *dossier = NULL;
	enum err e = dossier_open(call, arg_text(call, "id"), &dossier);

	if (e) {
		return e;
	}
	return name ? one_step(call, dossier, name, ret_result) : menu(call, dossier, ret_result);
}
