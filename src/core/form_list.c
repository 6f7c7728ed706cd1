/* SPDX-License-Identifier: MIT */
/*
 * Values of a form that hold others: lists of ids, answers, measures, files.
 */
#include <string.h>

#include "form_check.h"
#include "toban/base/i18n.h"
#include "toban/base/str.h"
#include "words.h"

#define MEASURE_FORM "prevention-measure"

/* One word of a list: what is wrong with it, NULL when it is right. */
struct list_rule {
	bool (*knows)(const struct form_context *context, const char *word);
	const char *code;
	const char *text;
};

static bool
list_knows_people(const struct form_context *context, const char *word)
{
	return org_person(context->org, word) != NULL || org_department(context->org, word) != NULL;
}

static bool
list_knows_person(const struct form_context *context, const char *word)
{
	return org_person(context->org, word) != NULL;
}

static bool
list_knows_department(const struct form_context *context, const char *word)
{
	return org_department(context->org, word) != NULL;
}

static bool
list_knows_category(const struct form_context *context, const char *word)
{
	const struct category *c = classification_find(&context->procedure->classification, word);

	return c != NULL && c->kind == CATEGORY_PLAIN;
}

static const struct list_rule list_rules[FIELD_TYPE_COUNT] = {
	[FIELD_PEOPLE] = { list_knows_people, "D107",
		N_("There is no such person or department.") },
	[FIELD_DEPARTMENTS] = { list_knows_department, "D107", N_("There is no such department.") },
	[FIELD_CATEGORIES] = { list_knows_category, "D103",
		N_("This must be one of the categories 1 to 5.") },
};

static const struct list_rule persons_rule = { list_knows_person, "D107",
	N_("There is no such person.") };

static bool
list_has(const json_t *list, const char *word)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (words_same(json_string_value(json_array_get(list, i)), word)) {
			return true;
		}
	}
	return false;
}

/* Adds one word that passes the rule and is not there yet. */
static void
list_add(const struct value *v, const char *word, json_t *list)
{
	const struct list_rule *rule =
		v->field->persons_only ? &persons_rule : &list_rules[v->field->type];

	if (!rule->knows(v->checking->context, word)) {
		value_fault(v, rule->code, _(rule->text));
		return;
	}
	if (!list_has(list, word) && json_array_append_new(list, json_string(word)) != 0) {
		(void)value_nomem(v);
	}
}

static bool
list_too_long(const struct value *v, size_t n)
{
	const char *max;

	if (n <= v->field->max_chars) {
		return false;
	}
	max = arena_printf(v->checking->diagnostics->arena, "%zu", v->field->max_chars);
	value_fault_say(
		v, "D104", _("These are too many: at most {max}."), (struct str_arg){ "max", max });
	return true;
}

/* The words of a text as a command line gives them: "a,b" or "a b". */
static void
list_add_words(const struct value *v, json_t *list)
{
	struct word_list words;

	if (!words_split(v->checking->diagnostics->arena, json_string_value(v->json), ", \t\n",
		    &words)) {
		(void)value_nomem(v);
		return;
	}
	if (list_too_long(v, words.n)) {
		return;
	}
	for (size_t i = 0; i < words.n; i++) {
		list_add(v, words.items[i], list);
	}
}

static const char *
list_path(const struct value *v, size_t at)
{
	struct str suffix = STR_INIT;
	const char *path;

	str_addf(&suffix, "[%zu]", at);
	path = value_path(v, str_text(&suffix));
	str_release(&suffix);
	return path;
}

static void
list_add_entries(const struct value *v, json_t *list)
{
	for (size_t i = 0; i < json_array_size(v->json); i++) {
		const json_t *entry = json_array_get(v->json, i);
		const char *word = json_string_value(entry);
		struct value inner = { v->checking, v->field, list_path(v, i), entry };

		if (word == NULL || strlen(word) != json_string_length(entry)) {
			value_fault(&inner, "D102", _("This must be a text."));
		} else {
			list_add(&inner, word, list);
		}
	}
}

json_t *
value_check_list(const struct value *v)
{
	bool was_faulty = v->checking->faulty;
	json_t *list;

	if (!json_is_string(v->json) && !json_is_array(v->json)) {
		value_fault(v, "D102", _("This must be a list of texts."));
		return NULL;
	}
	if (list_too_long(v, json_array_size(v->json))) {
		return NULL;
	}
	list = json_array();
	if (list == NULL) {
		return value_nomem(v);
	}
	v->checking->faulty = false;
	if (json_is_string(v->json)) {
		list_add_words(v, list);
	} else {
		list_add_entries(v, list);
	}
	if (v->checking->faulty || v->checking->nomem) {
		json_decref(list);
		list = NULL;
	}
	v->checking->faulty = v->checking->faulty || was_faulty;
	return list;
}

static void
answers_add(const struct value *v, const char *key, json_t *answers)
{
	const struct classification *table = &v->checking->context->procedure->classification;
	const char *word = json_string_value(v->json);

	if (classification_find(table, key) == NULL) {
		value_fault(v, "D106", _("There is no such category."));
	} else if (json_is_null(v->json)) {
		return; /* not answered */
	} else if (word == NULL) {
		value_fault(v, "D102", _("This must be yes, no or unknown."));
	} else if (strcmp(word, "yes") != 0 && strcmp(word, "no") != 0 &&
		strcmp(word, "unknown") != 0) {
		value_fault(v, "D103", _("This must be yes, no or unknown."));
	} else if (json_object_set_new(answers, key, json_string(word)) != 0) {
		(void)value_nomem(v);
	}
}

json_t *
value_check_answers(const struct value *v)
{
	json_t *answers = json_object();
	const char *key;
	json_t *answer;

	if (answers == NULL) {
		return value_nomem(v);
	}
	if (!json_is_object(v->json)) {
		value_fault(v, "D102",
			_("These must be an object of category and yes, no or unknown."));
		json_decref(answers);
		return NULL;
	}
	/* Jansson has no iteration over const objects; nothing is changed. */
	json_object_foreach((json_t *)(uintptr_t)v->json, key, answer)
	{
		const char *suffix = arena_printf(v->checking->diagnostics->arena, ".%s", key);
		struct value inner = { v->checking, v->field, "", answer };

		inner.path = value_path(v, suffix != NULL ? suffix : "");
		answers_add(&inner, key, answers);
	}
	return answers;
}

static void
measures_add(const struct value *v, const struct form *form, json_t *list)
{
	const char *prefix = value_path(v, ".");
	json_t *measure;

	if (!json_is_object(v->json)) {
		value_fault(v, "D102", _("A measure must be an object, {...}."));
		measure = json_null(); /* keeps the places of the others */
	} else {
		measure = form_check_object(v->checking, form, v->json, prefix);
	}
	if (measure == NULL || json_array_append_new(list, measure) != 0) {
		(void)value_nomem(v);
	}
}

json_t *
value_check_measures(const struct value *v)
{
	const struct form *form = procedure_form(v->checking->context->procedure, MEASURE_FORM);
	json_t *list;

	if (!json_is_array(v->json) && !json_is_object(v->json)) {
		value_fault(v, "D102", _("This must be a list of measures."));
		return NULL;
	}
	if (list_too_long(v, json_array_size(v->json))) {
		return NULL;
	}
	list = json_array();
	if (list == NULL || form == NULL) { /* the lint makes sure that there is the form */
		json_decref(list);
		return value_nomem(v);
	}
	if (json_is_object(v->json)) {
		struct value inner = { v->checking, v->field, list_path(v, 0), v->json };

		measures_add(&inner, form, list);
	}
	for (size_t i = 0; i < json_array_size(v->json); i++) {
		struct value inner = { v->checking, v->field, list_path(v, i),
			json_array_get(v->json, i) };

		measures_add(&inner, form, list);
	}
	return list;
}

/* {"name", "size", "sha256"}: what is kept of a file. */
static json_t *
file_check_object(const struct value *v)
{
	static const char *const keys[] = { "name", "size", "sha256" };
	const json_t *size = json_object_get(v->json, "size");
	struct value name = { v->checking, v->field, value_path(v, ".name"),
		json_object_get(v->json, "name") };
	const char *sha256 = json_string_value(json_object_get(v->json, "sha256"));
	json_t *clean_name;
	struct hash hash;

	if (json_object_size(v->json) != ARRAY_LEN(keys) || !json_is_integer(size) ||
		json_integer_value(size) < 0 || sha256 == NULL ||
		hash_parse(sha256, &hash) != ERR_OK || !json_is_string(name.json)) {
		value_fault(v, "D102",
			_("A file must be a path, or an object of name, size and sha256."));
		return NULL;
	}
	clean_name = value_check_line(&name);
	if (clean_name == NULL) {
		return NULL;
	}
	return value_made(v,
		json_pack("{s:o, s:I, s:s}", "name", clean_name, "size", json_integer_value(size),
			"sha256", sha256));
}

json_t *
value_check_file(const struct value *v)
{
	return json_is_object(v->json) ? file_check_object(v) : value_check_line(v);
}
