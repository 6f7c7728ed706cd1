/* SPDX-License-Identifier: MIT */
/*
 * The lint of what only the whole can tell: words that name something defined
 * elsewhere, and the references among forms.  Ways through the flow are in
 * procedure_ways.c.
 */
#include <string.h>

#include "procedure_read.h"
#include "procedure_ways.h"
#include "toban/core/form.h"
#include "toban/core/step.h"
#include "words.h"

#define MEASURE_FORM "prevention-measure"

/* Everything of one kind that can be referred to. */
typedef bool def_exists(const struct procedure *p, const char *word);
typedef bool def_names(struct arena *arena, const struct procedure *p, struct word_list *ret_names);

static bool
actor_exists(const struct procedure *p, const char *word)
{
	struct word_list words = words_of(step_actor_words());

	(void)p;
	return word_list_has(&words, word);
}

static bool
guard_exists(const struct procedure *p, const char *word)
{
	struct word_list words = words_of(step_guard_words());

	(void)p;
	return word_list_has(&words, word);
}

static bool
effect_exists(const struct procedure *p, const char *word)
{
	struct word_list words = words_of(step_effect_words());

	(void)p;
	return word_list_has(&words, word);
}

static bool
step_exists(const struct procedure *p, const char *word)
{
	return flow_find_step(&p->incident_flow, word) != NULL;
}

static bool
state_exists(const struct procedure *p, const char *word)
{
	return flow_find_state(&p->incident_flow, word) != NULL;
}

static bool
form_exists(const struct procedure *p, const char *word)
{
	return procedure_form(p, word) != NULL;
}

static bool
opener_exists(const struct procedure *p, const char *word)
{
	return strcmp(word, "major-proposed") == 0 || strcmp(word, "major-yes") == 0 ||
		strcmp(word, OPENED_UNANSWERED) == 0 || step_exists(p, word);
}

static bool
case_exists(const struct procedure *p, const char *word)
{
	const struct category *category = classification_find(&p->classification, word);

	/* The exception is no category an incident has: it is what makes it a major one. */
	return strcmp(word, CLOCK_MAJOR) == 0 ||
		(category != NULL && category->kind != CATEGORY_EXCEPTION);
}

static bool
plain_category_exists(const struct procedure *p, const char *word, size_t len)
{
	for (size_t i = 0; i < p->classification.n; i++) {
		const struct category *category = &p->classification.items[i];

		if (category->kind == CATEGORY_PLAIN && strlen(category->key) == len &&
			strncmp(category->key, word, len) == 0) {
			return true;
		}
	}
	return false;
}

/* personal_data:yes, category:KEY or any-category:A,B */
static bool
when_exists(const struct procedure *p, const char *word)
{
	static const char one[] = "category:";
	static const char any[] = "any-category:";
	size_t len;

	if (strcmp(word, "personal_data:yes") == 0) {
		return true;
	}
	if (strncmp(word, one, strlen(one)) == 0) {
		return plain_category_exists(p, word + strlen(one), strlen(word) - strlen(one));
	}
	if (strncmp(word, any, strlen(any)) != 0) {
		return false;
	}
	for (word += strlen(any);; word += len + 1) {
		len = strcspn(word, ",");
		if (!plain_category_exists(p, word, len)) {
			return false;
		}
		if (word[len] == '\0') {
			return true;
		}
	}
}

static bool
actor_names(struct arena *arena, const struct procedure *p, struct word_list *ret_names)
{
	(void)arena;
	(void)p;
	*ret_names = words_of(step_actor_words());
	return true;
}

static bool
guard_names(struct arena *arena, const struct procedure *p, struct word_list *ret_names)
{
	(void)arena;
	(void)p;
	*ret_names = words_of(step_guard_words());
	return true;
}

static bool
effect_names(struct arena *arena, const struct procedure *p, struct word_list *ret_names)
{
	(void)arena;
	(void)p;
	*ret_names = words_of(step_effect_words());
	return true;
}

static bool
step_names(struct arena *arena, const struct procedure *p, struct word_list *ret_names)
{
	const char **names = arena_array(arena, p->incident_flow.n_steps, sizeof(*names));

	for (size_t i = 0; names != NULL && i < p->incident_flow.n_steps; i++) {
		names[i] = p->incident_flow.steps[i].name;
	}
	*ret_names = (struct word_list){ names, p->incident_flow.n_steps };
	return names != NULL;
}

static bool
state_names(struct arena *arena, const struct procedure *p, struct word_list *ret_names)
{
	const char **names = arena_array(arena, p->incident_flow.n_states, sizeof(*names));

	for (size_t i = 0; names != NULL && i < p->incident_flow.n_states; i++) {
		names[i] = p->incident_flow.states[i].name;
	}
	*ret_names = (struct word_list){ names, p->incident_flow.n_states };
	return names != NULL;
}

static bool
form_names(struct arena *arena, const struct procedure *p, struct word_list *ret_names)
{
	const char **names = arena_array(arena, p->n_forms, sizeof(*names));

	for (size_t i = 0; names != NULL && i < p->n_forms; i++) {
		names[i] = p->forms[i].name;
	}
	*ret_names = (struct word_list){ names, p->n_forms };
	return names != NULL;
}

static bool
case_names(struct arena *arena, const struct procedure *p, struct word_list *ret_names)
{
	const char **names = arena_array(arena, p->classification.n + 1, sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; names != NULL && i < p->classification.n; i++) {
		if (p->classification.items[i].kind != CATEGORY_EXCEPTION) {
			names[n++] = p->classification.items[i].key;
		}
	}
	if (names != NULL) {
		names[n++] = CLOCK_MAJOR;
	}
	*ret_names = (struct word_list){ names, n };
	return names != NULL;
}

/* What each kind of reference is looked up in; `expected` where names are not listed. */
static const struct {
	const char *noun;
	def_exists *exists;
	def_names *names;
	const char *expected;
} ref_kinds[REF_KINDS] = {
	[REF_ACTOR] = { "actor word", actor_exists, actor_names, NULL },
	[REF_GUARD] = { "guard word", guard_exists, guard_names, NULL },
	[REF_EFFECT] = { "effect word", effect_exists, effect_names, NULL },
	[REF_STEP] = { "step", step_exists, step_names, NULL },
	[REF_STATE] = { "state", state_exists, state_names, NULL },
	[REF_FORM] = { "form", form_exists, form_names, NULL },
	[REF_OPENER] = { "opener of a link", opener_exists, NULL,
		"a step of the flow, major-proposed, major-yes or unanswered" },
	[REF_CASE] = { "category", case_exists, case_names, NULL },
	[REF_WHEN] = { "condition of a clock", when_exists, NULL,
		"personal_data:yes, category:KEY or any-category:A,B with plain categories" },
};

static const char *
check_expected(struct def_reader *r, const struct procedure *p, enum def_ref_kind kind)
{
	struct word_list names;
	const char *joined;

	if (ref_kinds[kind].names == NULL) {
		return ref_kinds[kind].expected;
	}
	if (!ref_kinds[kind].names(r->arena, p, &names)) {
		return "";
	}
	joined = words_join(r->arena, &names, ", ");
	return joined != NULL ? joined : "";
}

static void
check_refs(struct def_reader *r, const struct procedure *p)
{
	for (size_t i = 0; i < r->n_refs; i++) {
		const struct def_ref *ref = &r->refs[i];

		if (!ref_kinds[ref->kind].exists(p, ref->word)) {
			ini_report(r->problems, ref->path, ref->line,
				check_expected(r, p, ref->kind), "There is no %s \"%s\".",
				ref_kinds[ref->kind].noun, ref->word);
		}
	}
}

/* Forms are asked for by name alone; one with measures needs the form of a measure. */
static void
check_forms(struct def_reader *r, const struct procedure *p)
{
	for (size_t i = 0; i < p->n_forms; i++) {
		const struct form *form = &p->forms[i];

		for (size_t j = 0; j < i; j++) {
			if (strcmp(p->forms[j].name, form->name) == 0) {
				ini_report(r->problems, form->path, 0, "a name of its own",
					"There is a form %s in %s too.", form->name,
					p->forms[j].path);
			}
		}
		for (size_t j = 0; j < form->n_fields; j++) {
			const struct form_field *field = &form->fields[j];
			bool inner = strcmp(form->name, MEASURE_FORM) == 0;

			if (field->type == FIELD_MEASURES && inner) {
				ini_report(r->problems, form->path, field->line, "another type",
					"A measure cannot hold measures.");
			} else if (field->type == FIELD_MEASURES &&
				procedure_form(p, MEASURE_FORM) == NULL) {
				ini_report(r->problems, form->path, field->line,
					"the form " MEASURE_FORM,
					"The field %s holds measures, but no form says what one "
					"is.",
					field->key);
			}
		}
	}
}

static bool
check_has_choice(const struct form_field *field, const char *key)
{
	for (size_t i = 0; i < field->n_choices; i++) {
		if (strcmp(field->choices[i].key, key) == 0) {
			return true;
		}
	}
	return false;
}

/* A branch is decided by a choice of the step's form. */
static void
check_branch(struct def_reader *r, const struct procedure *p, const struct flow_step *step,
	const char *path)
{
	const struct form *form = procedure_form(p, step->form);
	const struct form_field *field = form != NULL ? form_field_find(form, step->branch) : NULL;

	if (step->branch[0] == '\0') {
		return;
	}
	if (field == NULL || field->type != FIELD_CHOICE) {
		ini_report(r->problems, path, step->line, "a choice field of the step's form",
			"[step %s] branches by \"%s\".", step->name, step->branch);
		return;
	}
	for (size_t i = 0; i < step->n_branches; i++) {
		if (!check_has_choice(field, step->branches[i].from)) {
			ini_report(r->problems, path, step->line, "one of its choices",
				"[step %s] branches where %s is \"%s\", which it never is.",
				step->name, step->branch, step->branches[i].from);
		}
	}
}

void
procedure_check(struct def_reader *r, const struct procedure *p, const char *flow_path)
{
	check_refs(r, p);
	check_forms(r, p);
	for (size_t i = 0; i < p->incident_flow.n_steps; i++) {
		check_branch(r, p, &p->incident_flow.steps[i], flow_path);
	}
	procedure_ways_check(r, &p->incident_flow, flow_path);
}
