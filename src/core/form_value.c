/* SPDX-License-Identifier: MIT */
/*
 * Single values of a form: times, choices, and words that must name something
 * there is.
 */
#include <stdlib.h>
#include <string.h>

#include "form_check.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "words.h"

/* How far clocks of people and desk may differ before a time counts as impossible. */
#define SLACK_MS INT64_C(60000)
#define INCIDENT_ID_MAX 32

static json_t *
value_stamp(const struct value *v, stamp at)
{
	char text[STAMP_SIZE];

	stamp_format(at, v->checking->context->offset_min, text);
	return value_made(v, json_string(text));
}

/* A text value, else a fault. */
static const char *
value_string(const struct value *v)
{
	const char *text = json_string_value(v->json);

	if (text == NULL || strlen(text) != json_string_length(v->json)) {
		value_fault(v, "D102", _("This must be a text."));
		return NULL;
	}
	return text;
}

json_t *
value_check_time(const struct value *v)
{
	const struct form_context *context = v->checking->context;
	const char *text = value_string(v);
	stamp at;

	if (text == NULL) {
		return NULL;
	}
	if (stamp_parse_loose(text, context->now, context->offset_min, &at) != ERR_OK) {
		value_fault(v, "D108",
			_("This is no time. Write 22:13, yesterday 22:13, -15m, or "
			  "2026-11-22 22:13."));
		return NULL;
	}
	if (at > context->now + SLACK_MS) {
		value_fault(v, "D108", _("This time is still to come."));
		return NULL;
	}
	return value_stamp(v, at);
}

json_t *
value_check_due(const struct value *v)
{
	const struct form_context *context = v->checking->context;
	const char *text = value_string(v);
	stamp at;

	if (text == NULL) {
		return NULL;
	}
	if (stamp_parse_due(text, context->now, context->offset_min, v->field->day_start, &at) !=
		ERR_OK) {
		value_fault(v, "D108",
			_("This is no time. Write 30m, 4h, 5d, tomorrow 9:00, 11-30, or "
			  "2026-11-30 18:00."));
		return NULL;
	}
	if (at < context->now - SLACK_MS) {
		value_fault(v, "D108", _("This time has passed already."));
		return NULL;
	}
	return value_stamp(v, at);
}

static const char *
choice_words(const struct value *v)
{
	const struct form_field *field = v->field;
	struct str text = STR_INIT;
	const char *words;

	for (size_t i = 0; i < field->n_choices; i++) {
		str_add(&text, i > 0 ? ", " : "");
		str_add(&text, field->choices[i].key);
	}
	words = arena_strdup(v->checking->diagnostics->arena, str_text(&text));
	str_release(&text);
	return words != NULL ? words : "";
}

static json_t *
value_check_choice(const struct value *v)
{
	const char *text = value_string(v);

	for (size_t i = 0; text != NULL && i < v->field->n_choices; i++) {
		if (strcmp(v->field->choices[i].key, text) == 0) {
			return value_made(v, json_string(text));
		}
	}
	if (text != NULL) {
		value_fault_say(v, "D103", _("This must be one of: {choices}."),
			(struct str_arg){ "choices", choice_words(v) });
	}
	return NULL;
}

static json_t *
value_check_flag(const struct value *v)
{
	const char *text = json_string_value(v->json);

	if (json_is_boolean(v->json)) {
		return json_boolean(json_is_true(v->json));
	}
	if (words_same(text, "yes") || words_same(text, "true")) {
		return json_true();
	}
	if (words_same(text, "no") || words_same(text, "false")) {
		return json_false();
	}
	value_fault(v, "D102", _("This must be yes or no."));
	return NULL;
}

static json_t *
value_check_person(const struct value *v)
{
	const char *text = value_string(v);

	if (text != NULL && org_person(v->checking->context->org, text) == NULL) {
		value_fault(v, "D107", _("There is no such person."));
		return NULL;
	}
	return text != NULL ? value_made(v, json_string(text)) : NULL;
}

static json_t *
value_check_department(const struct value *v)
{
	const char *text = value_string(v);

	if (text != NULL && org_department(v->checking->context->org, text) == NULL) {
		value_fault(v, "D107", _("There is no such department."));
		return NULL;
	}
	return text != NULL ? value_made(v, json_string(text)) : NULL;
}

static json_t *
value_check_category(const struct value *v)
{
	const char *text = value_string(v);

	if (text != NULL &&
		classification_find(&v->checking->context->procedure->classification, text) ==
			NULL) {
		value_fault(v, "D103", _("There is no such category."));
		return NULL;
	}
	return text != NULL ? value_made(v, json_string(text)) : NULL;
}

static json_t *
value_check_measure(const struct value *v)
{
	const struct incident *incident = v->checking->context->incident;
	const char *text = value_string(v);

	for (size_t i = 0; text != NULL && incident != NULL && i < incident->n_measures; i++) {
		if (words_same(incident->measures[i].key, text)) {
			return value_made(v, json_string(text));
		}
	}
	if (text != NULL) {
		value_fault(v, "D107", _("There is no such measure in this case."));
	}
	return NULL;
}

static json_t *
value_check_clock(const struct value *v)
{
	const struct incident *incident = v->checking->context->incident;
	const char *text = value_string(v);

	for (size_t i = 0; text != NULL && incident != NULL && i < incident->n_clocks; i++) {
		if (words_same(incident->clocks[i].key, text)) {
			return value_made(v, json_string(text));
		}
	}
	if (text != NULL) {
		value_fault(v, "D107", _("No such statutory report is owed in this case."));
	}
	return NULL;
}

static json_t *
value_check_review_item(const struct value *v)
{
	const char *text = value_string(v);

	if (text != NULL && procedure_review(v->checking->context->procedure, text) == NULL) {
		value_fault(v, "D103", _("There is no such review item."));
		return NULL;
	}
	return text != NULL ? value_made(v, json_string(text)) : NULL;
}

/* Only the form of the number is checked here; the desk knows whether there is such a case. */
static json_t *
value_check_incident(const struct value *v)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
	const char *text = value_string(v);

	if (text != NULL &&
		(strlen(text) > INCIDENT_ID_MAX || text[strspn(text, allowed)] != '\0')) {
		value_fault(v, "D107", _("This is no number of a case, such as 26-0001."));
		return NULL;
	}
	return text != NULL ? value_made(v, json_string(text)) : NULL;
}

/* A number, or its digits as a command line gives them. */
static json_t *
value_check_seq(const struct value *v)
{
	const char *text = json_string_value(v->json);
	json_int_t seq = json_integer_value(v->json);

	if (text != NULL && strlen(text) <= 18 && text[strspn(text, "0123456789")] == '\0') {
		seq = strtoll(text, NULL, 10);
	}
	if (seq < 1) {
		value_fault(v, "D102", _("This must be the number of an entry, 1 or more."));
		return NULL;
	}
	return value_made(v, json_integer(seq));
}

static json_t *
value_check_hash(const struct value *v)
{
	const char *text = value_string(v);
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	if (text == NULL) {
		return NULL;
	}
	if (hash_parse(text, &hash) != ERR_OK) {
		value_fault(v, "D102", _("This must be 64 hexadecimal digits."));
		return NULL;
	}
	hash_hex(&hash, hex);
	return value_made(v, json_string(hex));
}

/* The rule of each type. */
static json_t *(*const checkers[FIELD_TYPE_COUNT])(const struct value *v) = {
	[FIELD_LINE] = value_check_line,
	[FIELD_TEXT] = value_check_text,
	[FIELD_TIME] = value_check_time,
	[FIELD_DUE] = value_check_due,
	[FIELD_CHOICE] = value_check_choice,
	[FIELD_FLAG] = value_check_flag,
	[FIELD_PERSON] = value_check_person,
	[FIELD_PEOPLE] = value_check_list,
	[FIELD_DEPARTMENT] = value_check_department,
	[FIELD_DEPARTMENTS] = value_check_list,
	[FIELD_ANSWERS] = value_check_answers,
	[FIELD_CATEGORIES] = value_check_list,
	[FIELD_CATEGORY] = value_check_category,
	[FIELD_MEASURES] = value_check_measures,
	[FIELD_MEASURE] = value_check_measure,
	[FIELD_REVIEW_ITEM] = value_check_review_item,
	[FIELD_CLOCK] = value_check_clock,
	[FIELD_INCIDENT] = value_check_incident,
	[FIELD_SEQ] = value_check_seq,
	[FIELD_HASH] = value_check_hash,
	[FIELD_FILE] = value_check_file,
};

json_t *
value_check(const struct value *v)
{
	return checkers[v->field->type](v);
}
