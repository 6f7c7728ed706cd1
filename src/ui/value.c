/* SPDX-License-Identifier: MIT */
/*
 * Values of form fields in words.
 */
#include "value.h"

#include <string.h>

#include "attach.h"
#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum meaning {
	MEANS_TEXT,
	MEANS_TIME,
	MEANS_CHOICE,
	MEANS_FLAG,
	MEANS_PERSON,
	MEANS_DEPARTMENT,
	MEANS_CATEGORY,
	MEANS_REVIEW,
	MEANS_CLOCK,
	MEANS_ANSWERS,
	MEANS_MEASURES,
	MEANS_FILE,
};

struct type_row {
	const char *type;
	enum meaning meaning;
};

static const struct type_row types[] = {
	{ "time", MEANS_TIME },
	{ "due", MEANS_TIME },
	{ "choice", MEANS_CHOICE },
	{ "flag", MEANS_FLAG },
	{ "person", MEANS_PERSON },
	{ "people", MEANS_PERSON },
	{ "department", MEANS_DEPARTMENT },
	{ "departments", MEANS_DEPARTMENT },
	{ "category", MEANS_CATEGORY },
	{ "categories", MEANS_CATEGORY },
	{ "review-item", MEANS_REVIEW },
	{ "clock", MEANS_CLOCK },
	{ "answers", MEANS_ANSWERS },
	{ "measures", MEANS_MEASURES },
	{ "file", MEANS_FILE },
};

static enum meaning
meaning_of(const json_t *field)
{
	const char *type = doc_text(field, "type");

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (strcmp(types[i].type, type) == 0) {
			return types[i].meaning;
		}
	}
	return MEANS_TEXT;
}

static const char *
answer_words(const char *answer)
{
	if (strcmp(answer, "yes") == 0) {
		return _("yes");
	}
	if (strcmp(answer, "no") == 0) {
		return _("no");
	}
	return _("don't know");
}

/* All categories with that answer; true when there was one. */
static bool
add_answered(struct book *book, const json_t *answers, const char *word, struct str *out)
{
	size_t n = 0;
	size_t i;
	json_t *category;

	json_array_foreach(doc_list(book_procedure(book), "categories"), i, category)
	{
		const char *key = doc_text(category, "key");

		if (strcmp(doc_text(answers, key), word) != 0) {
			continue;
		}
		if (n++ == 0) {
			str_addf(out, "%s%s: ", out->len > 0 ? "\n" : "", answer_words(word));
		} else {
			str_add(out, ", ");
		}
		book_category(book, key, out);
	}
	return n > 0;
}

/* What holds and what is not known; the rest was answered with no. */
static void
add_answers(struct book *book, const json_t *answers, struct str *out)
{
	bool some = add_answered(book, answers, "yes", out);

	some = add_answered(book, answers, "unknown", out) || some;
	if (!some && json_object_size(answers) > 0) {
		(void)add_answered(book, answers, "no", out);
	}
}

static void
add_measures(const json_t *measures, struct str *out)
{
	size_t i;
	json_t *measure;

	json_array_foreach(measures, i, measure)
	{
		str_addf(out, "%s%s %s", i > 0 ? "\n" : "", doc_text(measure, "key"),
			doc_text(measure, "text"));
	}
}

static void
add_word(struct book *book, const json_t *field, const char *word, struct str *out)
{
	const json_t *found;
	const char *label;
	stamp at;

	switch (meaning_of(field)) {
	case MEANS_TIME:
		if (stamp_parse(word, &at) == ERR_OK) {
			book_time_full(book, at, out);
			return;
		}
		break;
	case MEANS_PERSON:
		str_add(out, book_person(book, word));
		return;
	case MEANS_DEPARTMENT:
		str_add(out, book_department(book, word));
		return;
	case MEANS_CATEGORY:
		book_category(book, word, out);
		return;
	case MEANS_CHOICE:
	case MEANS_REVIEW:
	case MEANS_CLOCK:
		found = meaning_of(field) == MEANS_CHOICE
			? doc_find(doc_list(field, "choices"), "key", word)
			: doc_find(doc_list(book_procedure(book),
					   meaning_of(field) == MEANS_CLOCK ? "legal" : "reviews"),
				  "key", word);
		label = doc_words_of(found, "label");
		str_add(out, label[0] ? label : word);
		return;
	default:
		/* Whom a call went to: the id of a person, or the name of somebody else. */
		if (strcmp(doc_text(field, "key"), "to") == 0) {
			word = book_person(book, word);
		}
		break;
	}
	str_add(out, word);
}

static void
add_object(struct book *book, const json_t *field, const json_t *value, struct str *out)
{
	const char *key;
	json_t *item;
	size_t n = 0;

	if (meaning_of(field) == MEANS_ANSWERS) {
		add_answers(book, value, out);
		return;
	}
	if (meaning_of(field) == MEANS_FILE) {
		str_addf(out, "%s  ", doc_text(value, "name"));
		attach_size_words(doc_int(value, "size"), out);
		str_addf(out, "\nsha256 %s", doc_text(value, "sha256"));
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)value, key, item)
	{
		str_addf(out, "%s%s: ", n++ > 0 ? ", " : "", key);
		value_words(book, NULL, item, out);
	}
}

void
value_words(struct book *book, const json_t *field, const json_t *value, struct str *out)
{
	size_t i;
	json_t *item;

	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		add_word(book, field, json_string_value(value), out);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		str_add(out, json_is_true(value) ? _("yes") : _("no"));
		break;
	case JSON_INTEGER:
		str_addf(out, "%lld", (long long)json_integer_value(value));
		break;
	case JSON_ARRAY:
		if (meaning_of(field) == MEANS_MEASURES) {
			add_measures(value, out);
			break;
		}
		json_array_foreach(value, i, item)
		{
			str_add(out, i > 0 ? _(", ") : "");
			value_words(book, field, item, out);
		}
		break;
	case JSON_OBJECT:
		add_object(book, field, value, out);
		break;
	default:
		break;
	}
}

static json_t *
people_options(struct book *book)
{
	json_t *options = json_array();
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(book), "people"), i, person)
	{
		struct str also = STR_INIT;
		struct str note = STR_INIT;
		const json_t *name = json_object_get(person, "name");

		str_addf(&also, "%s %s %s %s", doc_text(name, "en"), doc_text(name, "ja"),
			doc_text(person, "kana"),
			book_department(book, doc_text(person, "department")));
		str_addf(&note, "%s  %s  %s", book_department(book, doc_text(person, "department")),
			doc_text(person, "phone"), doc_words_of(person, "title"));
		json_array_append_new(options,
			json_pack("{s:s, s:O, s:s, s:s}", "key", doc_text(person, "id"), "label",
				name, "also", str_text(&also), "note", str_text(&note)));
		str_release(&also);
		str_release(&note);
	}
	return options;
}

static json_t *
category_options(struct book *book)
{
	json_t *options = json_array();
	size_t i;
	json_t *category;

	json_array_foreach(doc_list(book_procedure(book), "categories"), i, category)
	{
		struct str label = STR_INIT;

		if (strcmp(doc_text(category, "kind"), "plain") == 0) {
			book_category(book, doc_text(category, "key"), &label);
			json_array_append_new(options,
				json_pack("{s:s, s:s}", "key", doc_text(category, "key"), "label",
					str_text(&label)));
		}
		str_release(&label);
	}
	return options;
}

/* The rows of a list as options; `key` and `label` name its members. */
static json_t *
plain_options(const json_t *rows, const char *key, const char *label)
{
	json_t *options = json_array();
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
	{
		const json_t *words = json_object_get(row, label);

		if (words) {
			json_array_append_new(options,
				json_pack("{s:s, s:O}", "key", doc_text(row, key), "label", words));
		}
	}
	return options;
}

json_t *
value_options(struct book *book, const json_t *field)
{
	const json_t *procedure = book_procedure(book);

	switch (meaning_of(field)) {
	case MEANS_PERSON:
		return people_options(book);
	case MEANS_DEPARTMENT:
		return plain_options(doc_list(book_org(book), "departments"), "id", "name");
	case MEANS_CATEGORY:
		return category_options(book);
	case MEANS_CHOICE:
		return plain_options(doc_list(field, "choices"), "key", "label");
	case MEANS_REVIEW:
		return plain_options(doc_list(procedure, "reviews"), "key", "label");
	case MEANS_CLOCK:
		return plain_options(doc_list(procedure, "legal"), "key", "label");
	default:
		return NULL;
	}
}

json_t *
value_incidents(struct book *book)
{
	json_t *options = json_array();
	json_t *args = json_pack("{s:i}", "limit", 500);
	json_t *result = NULL;
	json_t *error = NULL;
	size_t i;
	json_t *row;

	/* A refusal leaves an empty list, and the number can still be typed. */
	(void)book->door->call(book->door->ctx, "incident.list", args, &result, &error);
	json_array_foreach(doc_list(result, "incidents"), i, row)
	{
		struct str label = STR_INIT;

		str_addf(&label, "%s  %s", doc_text(row, "id"), doc_text(row, "title"));
		json_array_append_new(options,
			json_pack("{s:s, s:s, s:s}", "key", doc_text(row, "id"), "label",
				str_text(&label), "note",
				book_state(book, doc_text(row, "state"))));
		str_release(&label);
	}
	json_decref(args);
	json_decref(result);
	json_decref(error);
	return options;
}

json_t *
value_own_options(struct book *book, const json_t *own)
{
	json_t *people = people_options(book);
	json_t *options = json_array();
	size_t i;
	json_t *option;

	json_array_foreach(own, i, option)
	{
		const json_t *person = doc_find(people, "key", doc_text(option, "key"));

		json_t *one = json_copy((json_t *)(uintptr_t)(person ? person : option));
		const json_t *key = json_object_get(option, "key");

		/* Entries are named by number; choices on the screen by text. */
		if (json_is_integer(key)) {
			json_object_set_new(one, "key",
				json_sprintf("%lld", (long long)json_integer_value(key)));
		}
		json_array_append_new(options, one);
	}
	json_decref(people);
	return options;
}
