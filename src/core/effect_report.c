/* SPDX-License-Identifier: MIT */
/*
 * Effects that say what an incident is: the report, and later reasonings about
 * its classification, which stand beside the first one.
 */
#include <string.h>

#include "actor.h"
#include "chain_rule.h"
#include "effect.h"
#include "effect_body.h"
#include "toban/core/classify.h"

/* How a place of the frozen chain says that all of it must acknowledge. */
#define EVERYONE "everyone"

static json_t *
words_json(const struct words *words)
{
	return json_pack("{s:s, s:s}", lang_word(LANG_EN), words->in[LANG_EN], lang_word(LANG_JA),
		words->in[LANG_JA]);
}

/* Every question of the table with its answer: what was asked stays readable for ever. */
static enum err
write_asked(const struct taking *t, const json_t *answers, json_t *verdict)
{
	const struct classification *table = &t->context->procedure->classification;
	json_t *asked = json_array();
	enum err e = asked ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; !e && i < table->n; i++) {
		const struct category *c = &table->items[i];
		if (c->kind == CATEGORY_SUSPICION) {
			continue; /* it follows from the others and is never asked */
		}
		e = body_append(asked,
			json_pack("{s:s, s:o, s:s}", "key", c->key, "question",
				words_json(&c->question), "answer",
				body_text_or(answers, c->key, "unknown")));
	}
	if (e) {
		json_decref(asked);
		return e;
	}
	return body_set(verdict, "asked", asked);
}

static enum err
write_verdict(struct taking *t, const json_t *answers, const struct verdict *v)
{
	json_t *verdict = json_object();
	enum err e = body_set(t->body, "verdict", verdict);

	if (!e) {
		e = body_set_text(verdict, "category", v->category);
	}
	if (!e) {
		e = body_set_words(verdict, "categories", &v->categories);
	}
	if (!e) {
		e = body_set_words(verdict, "suspected", &v->suspected);
	}
	if (!e) {
		e = body_set_text(verdict, "major", v->major_proposed ? "proposed" : "no");
	}
	if (!e) {
		e = body_set(verdict, "reason", words_json(&v->reason));
	}
	if (!e) {
		e = body_set_text(verdict, "table_version", v->table_version);
	}
	return e ? e : write_asked(t, answers, verdict);
}

/* --- statutory clocks ---------------------------------------------------------- */

static bool
any_listed(const struct word_list *categories, const char *list)
{
	for (size_t i = 0; i < categories->n; i++) {
		size_t len = strlen(categories->items[i]);
		for (const char *at = list; (at = strstr(at, categories->items[i])); at += len) {
			if ((at == list || at[-1] == ',') && (!at[len] || at[len] == ',')) {
				return true;
			}
		}
	}
	return false;
}

/* "category:KEY", "any-category:A,B", or FIELD:VALUE of the report. */
static bool
condition_holds(const char *condition, const struct word_list *categories, const json_t *report)
{
	const char *colon = strchr(condition, ':');
	const json_t *value;

	if (!colon) {
		return false;
	}
	if (!strncmp(condition, "category:", 9) || !strncmp(condition, "any-category:", 13)) {
		return any_listed(categories, colon + 1);
	}
	value = json_object_getn(report, condition, (size_t)(colon - condition));
	return json_is_string(value) && !strcmp(json_string_value(value), colon + 1);
}

static bool
clock_starts(const struct incident *inc, const struct legal_clock *clock,
	const struct word_list *categories, const json_t *report)
{
	for (size_t i = 0; i < inc->n_clocks; i++) {
		if (!strcmp(inc->clocks[i].key, clock->key)) {
			return false; /* it runs already, or was decided */
		}
	}
	for (size_t i = 0; i < clock->when.n; i++) {
		if (!condition_holds(clock->when.items[i], categories, report)) {
			return false;
		}
	}
	return clock->when.n > 0;
}

/* A drill starts none: nobody has to be told by law. */
static enum err
write_clocks(struct taking *t, const struct word_list *categories, const json_t *report)
{
	const struct procedure *p = t->context->procedure;
	json_t *clocks = json_array();
	enum err e = body_set(t->body, "clocks", clocks);

	for (size_t i = 0; !e && !t->drill && i < p->n_legal; i++) {
		if (!clock_starts(t->context->incident, &p->legal[i], categories, report)) {
			continue;
		}
		json_t *clock = json_object();
		e = body_set_text(clock, "key", p->legal[i].key);
		if (!e) {
			e = body_set_stamp(clock, "due_at", t->context->now + p->legal[i].due_ms,
				taking_offset(t));
		}
		if (e) {
			json_decref(clock);
			return e;
		}
		e = body_append(clocks, clock);
	}
	return e;
}

/* --- report ---------------------------------------------------------------------- */

/*
 * Who stands at a link.  The office head answers as owner where a department has
 * nobody left, but stands at their own link only: a first link without people is
 * passed over, and the second opens at once.
 */
static enum err
frozen_people(struct taking *t, const char *word, const struct word_list *but,
	struct word_list *ret_people)
{
	bool of_department = !strcmp(word, "owner") || !strcmp(word, "deputy");
	struct step_context whole = *t->context;
	struct word_list all = { 0 };
	const char **kept;
	size_t n = 0;
	enum err e;

	whole.duty = NULL; /* whose place it is; who stands there follows */
	e = actor_people(t->arena, &whole, word, t->fields, &all);

	if (e) {
		return e;
	}
	kept = arena_array(t->arena, all.n, sizeof(*kept));
	if (!kept) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < all.n; i++) {
		const struct person *p = org_person(t->context->org, all.items[i]);
		bool here = !strcmp(p->department, t->context->incident->department);
		if ((here || !of_department) && !word_list_has(but, p->id)) {
			kept[n++] = p->id;
		}
	}
	*ret_people = (struct word_list){ .items = kept, .n = n };
	return ERR_OK;
}

/* Who of them is there now, by absences and rosters. */
static enum err
freeze_standing(struct taking *t, const struct duty_place *holders, struct chain_place *place)
{
	const struct step_context *c = t->context;
	const struct duty_query query = {
		.org = c->org, .duty = c->duty, .at = c->now, .involved = &c->incident->kept_out
	};
	struct standing s = { 0 };
	enum err e = duty_standing(t->arena, &query, holders, &s);

	place->people = s.people;
	place->stand_ins = s.stand_ins;
	place->on_duty = s.on_duty;
	place->acting = s.acting;
	place->absent = s.absent;
	return e;
}

static enum err
freeze_place(struct taking *t, const struct chain_link *link)
{
	struct chain_place *place = fold_push(t->arena, &t->places, sizeof(*place));
	struct duty_place holders = { .department = duty_roster_of(t->context->org, link->to,
					      t->context->incident->department) };
	static const struct word_list nobody;
	enum err e;

	if (!place) {
		return ERR_NOMEM;
	}
	*place = (struct chain_place){
		.link = link->number,
		.role = link->to,
		.everyone = link->acknowledge == ACKNOWLEDGE_EVERYONE,
	};
	chain_rule_freeze(link, place);
	e = frozen_people(t, link->to, &nobody, &holders.holders);
	if (!e) {
		e = frozen_people(t, link->stand_in, &holders.holders, &holders.seconds);
	}
	return e ? e : freeze_standing(t, &holders, place);
}

static enum err
write_place(json_t *chain, const struct chain_place *place)
{
	json_t *item = json_pack("{s:i, s:s}", "link", place->link, "role", place->role);
	enum err e = body_append(chain, item);

	if (!e && place->everyone) {
		e = body_set_text(item, "acknowledge", EVERYONE);
	}
	if (!e) {
		e = body_set_words(item, "people", &place->people);
	}
	if (!e) {
		e = body_set_words(item, "stand_ins", &place->stand_ins);
	}
	/* What absences and rosters made of it; a desk that knows none writes as ever. */
	if (!e && place->on_duty.n) {
		e = body_set_words(item, "on_duty", &place->on_duty);
	}
	if (!e && place->acting.n) {
		e = body_set_words(item, "acting", &place->acting);
	}
	if (!e && place->absent.n) {
		e = body_set_words(item, "absent", &place->absent);
	}
	return e ? e : chain_rule_write(item, place);
}

/* The chain as it stands now; later changes of the organisation do not move it. */
static enum err
write_chain(struct taking *t)
{
	const struct procedure *p = t->context->procedure;
	json_t *chain = json_array();
	enum err e = body_set(t->body, "chain", chain);

	for (size_t i = 0; !e && i < p->n_chain; i++) {
		e = freeze_place(t, &p->chain[i]);
		if (!e) {
			const struct chain_place *places = t->places.items;
			e = write_place(chain, &places[i]);
		}
	}
	return e;
}

static enum err
classify_fields(struct taking *t, struct verdict *ret_verdict)
{
	const struct classify_input input = classify_input_of(t->fields);

	return classify(t->arena, &t->context->procedure->classification, &input, t->diagnostics,
		ret_verdict);
}

static enum err
take_report(struct taking *t)
{
	struct verdict verdict = { 0 };
	enum err e = classify_fields(t, &verdict);

	if (e) {
		return e;
	}
	e = write_verdict(t, json_object_get(t->fields, "answers"), &verdict);
	if (!e) {
		e = write_clocks(t, &verdict.categories, t->fields);
	}
	if (!e) {
		e = write_chain(t);
	}
	if (!e) {
		e = body_set(t->body, "drill", json_boolean(t->drill));
	}
	if (!e) {
		e = body_set_text(t->body, "department", t->context->incident->department);
	}
	t->major_proposed = verdict.major_proposed;
	return e;
}

static enum err
fold_chain(struct fold *f, const json_t *body)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(body, "chain"), i, item)
	{
		int link = body_small(item, "link");
		struct chain_place *place;
		if (!link) {
			continue;
		}
		place = fold_push(f->arena, &f->places, sizeof(*place));
		if (!place) {
			return ERR_NOMEM;
		}
		place->link = link;
		place->role = body_text_or(item, "role", "");
		place->everyone = !strcmp(body_text_or(item, "acknowledge", ""), EVERYONE);
		if (body_words(f->arena, item, "people", &place->people) ||
			body_words(f->arena, item, "stand_ins", &place->stand_ins) ||
			body_words(f->arena, item, "on_duty", &place->on_duty) ||
			body_words(f->arena, item, "acting", &place->acting) ||
			body_words(f->arena, item, "absent", &place->absent) ||
			chain_rule_read(f->arena, item, place)) {
			return ERR_NOMEM;
		}
	}
	return ERR_OK;
}

static enum err
fold_involved(struct fold *f, const struct entry *entry)
{
	struct word_list people = { 0 };

	if (body_words(f->arena, entry->fields, "involved", &people)) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < people.n; i++) {
		const char **person = fold_push(f->arena, &f->involved, sizeof(*person));
		if (!person) {
			return ERR_NOMEM;
		}
		*person = people.items[i];
	}
	return ERR_OK;
}

static enum err
fold_report(struct fold *f, const struct entry *entry)
{
	struct incident *inc = f->incident;
	const char *department = body_text(entry->body, "department");
	enum err e;

	if (inc->report || !department) {
		return ERR_CORRUPT;
	}
	inc->report = entry->fields;
	inc->department = department;
	inc->finder = entry->event->actor;
	inc->title = body_text_or(entry->fields, "title", "");
	inc->situation = body_text_or(entry->fields, "situation", "");
	inc->contact = body_text_or(entry->fields, "contact", "");
	inc->found_at = body_stamp(entry->fields, "found_at");
	inc->reported_at = entry->event->at;
	inc->drill = body_flag(entry->body, "drill");
	inc->confidential = body_flag(entry->fields, "confidential");
	e = fold_verdict(f, entry);
	if (!e && !inc->category) {
		e = ERR_CORRUPT;
	}
	if (!e) {
		e = fold_chain(f, entry->body);
	}
	if (!e) {
		e = fold_involved(f, entry);
	}
	return e ? e : fold_clocks(f, entry);
}

enum err
fold_verdict(struct fold *f, const struct entry *entry)
{
	const json_t *body = entry->body;
	const json_t *verdict = json_object_get(body, "verdict");
	const json_t *reason = json_object_get(verdict, "reason");
	struct incident *inc = f->incident;

	if (!body_text(verdict, "category")) {
		return ERR_OK;
	}
	inc->category = body_text(verdict, "category");
	inc->table_version = body_text_or(verdict, "table_version", "");
	for (int i = 0; i < LANG_COUNT; i++) {
		inc->reason.in[i] = body_text_or(reason, lang_word((enum lang)i), "");
	}
	/* A proposal stands until it is decided; a decision is only changed by another one. */
	if (!strcmp(body_text_or(verdict, "major", ""), "proposed") && inc->major != MAJOR_YES) {
		inc->major_seq = inc->major == MAJOR_PROPOSED ? inc->major_seq : entry->seq;
		inc->major = MAJOR_PROPOSED;
	}
	if (body_words(f->arena, verdict, "categories", &inc->categories) ||
		body_words(f->arena, verdict, "suspected", &inc->suspected)) {
		return ERR_NOMEM;
	}
	if (!inc->suspected.n || !inc->suspected_seq) {
		inc->suspected_seq = inc->suspected.n ? entry->seq : 0;
	}
	return ERR_OK;
}

enum err
fold_clocks(struct fold *f, const struct entry *entry)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(entry->body, "clocks"), i, item)
	{
		const char *key = body_text(item, "key");
		struct running_clock *clock;
		if (!key) {
			continue;
		}
		clock = fold_push(f->arena, &f->clocks, sizeof(*clock));
		if (!clock) {
			return ERR_NOMEM;
		}
		*clock = (struct running_clock){
			.key = key,
			.seq = entry->seq,
			.due_at = body_stamp(item, "due_at"),
			.at = STAMP_NONE,
		};
	}
	return ERR_OK;
}

/* --- later reasonings -------------------------------------------------------------- */

static enum err
take_reclassify(struct taking *t)
{
	const struct incident *inc = t->context->incident;
	struct verdict verdict = { 0 };
	enum err e = classify_fields(t, &verdict);

	if (e) {
		return e;
	}
	e = write_verdict(t, json_object_get(t->fields, "answers"), &verdict);
	t->major_proposed = verdict.major_proposed && inc->major != MAJOR_YES;
	return e ? e : write_clocks(t, &verdict.categories, inc->report);
}

/* The answers of the newest reasoning as an object; NULL without memory. */
static json_t *
newest_answers(const struct incident *inc)
{
	json_t *answers = json_object();
	const json_t *item;
	size_t at;

	for (size_t i = json_array_size(inc->store); i-- > 0 && !json_object_size(answers);) {
		const json_t *body = json_array_get(inc->store, i);
		const json_t *verdict = json_object_get(body, "verdict");
		json_array_foreach(json_object_get(verdict, "asked"), at, item)
		{
			const char *key = body_text(item, "key");
			const char *answer = body_text(item, "answer");
			if (key && answer && body_set_text(answers, key, answer)) {
				json_decref(answers);
				return NULL;
			}
		}
	}
	return answers;
}

/* What was suspected is now certain: those answers become yes, the others stay. */
static enum err
take_confirm(struct taking *t)
{
	const json_t *confirmed = json_object_get(t->fields, "categories");
	const struct incident *inc = t->context->incident;
	struct verdict verdict = { 0 };
	json_t *answers = newest_answers(inc);
	const json_t *item;
	size_t i;
	enum err e = answers ? ERR_OK : ERR_NOMEM;

	json_array_foreach(confirmed, i, item)
	{
		if (!e && json_is_string(item)) {
			e = body_set_text(answers, json_string_value(item), "yes");
		}
	}
	if (!e) {
		struct classify_input input = { .answers = answers,
			.primary = body_text(t->fields, "primary") };

		e = classify(t->arena, &t->context->procedure->classification, &input,
			t->diagnostics, &verdict);
	}
	if (!e) {
		verdict.major_proposed = false; /* proposed or decided before; not again by this */
		e = write_verdict(t, answers, &verdict);
	}
	json_decref(answers);
	return e ? e : write_clocks(t, &verdict.categories, inc->report);
}

/* Nothing is suspected any more; how it was classified stays as it was. */
static enum err
take_dispel(struct taking *t)
{
	const struct incident *inc = t->context->incident;
	struct verdict verdict = {
		.category = inc->category,
		.categories = inc->categories,
		.reason = inc->reason,
		.table_version = inc->table_version,
	};
	json_t *answers = newest_answers(inc);
	enum err e = answers ? write_verdict(t, answers, &verdict) : ERR_NOMEM;

	json_decref(answers);
	return e;
}

static enum err
fold_reasoning(struct fold *f, const struct entry *entry)
{
	enum err e = fold_verdict(f, entry);

	return e ? e : fold_clocks(f, entry);
}

const struct effect effect_report_table[] = {
	{ "report", take_report, fold_report },
	{ "reclassify", take_reclassify, fold_reasoning },
	{ "confirm-suspicion", take_confirm, fold_reasoning },
	{ "dispel-suspicion", take_dispel, fold_reasoning },
	{ NULL, NULL, NULL },
};
