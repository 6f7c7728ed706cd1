/* SPDX-License-Identifier: MIT */
/*
 * From the message in the outbox to the values of placeholders: see facts.h.
 */
#include "facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/core/procedure.h"

#include "line.h"

/* The situation is what people want to read; still a message and no report. */
#define SITUATION_COLS 400

/* Where each placeholder's value stands in a message; the second place when the first is empty. */
static const struct {
	const char *name;
	const char *path;
	const char *other;
	int cols;
} rows[] = {
	{ "id", "data.incident", NULL, 0 },
	{ "title", "data.title", NULL, 0 },
	{ "step", "data.step.label", NULL, 0 },
	{ "category", "data.category.label", NULL, 0 },
	{ "categories", "data.categories", "data.category.label", SITUATION_COLS },
	{ "department", "data.department.name", NULL, 0 },
	{ "actor", "data.actor.name", NULL, 0 },
	{ "decider", "data.decided_by.name", NULL, 0 },
	{ "contact", "data.finder.contact", "data.finder.text", 0 },
	{ "phone", "data.finder.phone", NULL, 0 },
	{ "situation", "data.situation", NULL, SITUATION_COLS },
	{ "time", "timestamp", NULL, 0 },
	{ "type", "type", NULL, 0 },
	{ "text", "text", NULL, 2 * SITUATION_COLS },
	{ "by", "data.by.name", NULL, 0 },
	{ "to", "data.to.name", NULL, 0 },
	{ "open", "data.open", NULL, 0 },
	{ "late", "data.late", NULL, 0 },
	{ "watched", "data.clock.label", NULL, 0 },
	{ "limit", "data.clock.limit_at", NULL, 0 },
	{ "count", "data.count", NULL, 0 },
};

/* Whoever is to take over a shift that names nobody. */
static const struct words anybody = { { "anybody of the department", "部門の誰か" } };

static const char *const separators[LANG_COUNT] = { [LANG_EN] = ", ", [LANG_JA] = "、" };

/* The member at a path of names between dots; NULL when there is none. */
static const json_t *
walk(const json_t *at, const char *path)
{
	while (at != NULL && *path != '\0') {
		char name[24];
		size_t len = strcspn(path, ".");

		if (len >= sizeof(name)) {
			return NULL;
		}
		memcpy(name, path, len);
		name[len] = '\0';
		at = json_object_get(at, name);
		path += len + (path[len] == '.');
	}
	return at;
}

/* WORDS in one language. */
static const char *
words_in(const json_t *value, enum lang lang)
{
	const char *text = json_string_value(json_object_get(value, lang_word(lang)));

	return text != NULL ? text : "";
}

static void
add_list(struct str *out, const json_t *list, enum lang lang)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		str_add(out, i > 0 ? separators[lang] : "");
		str_add(out, words_in(json_object_get(item, "label"), lang));
	}
}

/* The value in one language as it stands in the message. */
static void
add_raw(struct str *out, const json_t *value, enum lang lang)
{
	if (json_is_string(value)) {
		str_add(out, json_string_value(value));
	} else if (json_is_integer(value)) {
		str_addf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	} else if (json_is_array(value)) {
		add_list(out, value, lang);
	} else if (json_is_object(value)) {
		str_add(out, words_in(value, lang));
	}
}

static void
add_fact(struct facts *facts, size_t row, enum lang lang)
{
	struct str raw = STR_INIT;
	struct str *out = &facts->values[row][lang];

	add_raw(&raw, walk(facts->message, rows[row].path), lang);
	if (raw.len == 0 && rows[row].other != NULL) {
		add_raw(&raw, walk(facts->message, rows[row].other), lang);
	}
	line_add_value(
		out, str_text(&raw), rows[row].cols > 0 ? rows[row].cols : LINE_VALUE_COLS);
	out->failed = out->failed || raw.failed;
	str_release(&raw);
}

static struct str *
fact_at(struct facts *facts, const char *name, enum lang lang)
{
	for (size_t i = 0; i < facts->n; i++) {
		if (strcmp(facts->names[i], name) == 0) {
			return &facts->values[i][lang];
		}
	}
	return NULL;
}

/* What is not said as it stands in the message. */
static void
say_specially(struct facts *facts, enum lang lang)
{
	const json_t *data = json_object_get(facts->message, "data");
	struct str *times[] = { fact_at(facts, "time", lang), fact_at(facts, "limit", lang) };
	struct str *title = fact_at(facts, "title", lang);

	/* A case that is kept back has a name of its own in each language. */
	if (json_is_true(json_object_get(data, "confidential"))) {
		str_clear(title);
		str_add(title, words_in(json_object_get(data, "code_name"), lang));
	}
	if (json_is_null(json_object_get(data, "to"))) {
		str_add(fact_at(facts, "to", lang), anybody.in[lang]);
	}
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		if (times[i]->len > strlen("2026-11-22T23:05") && times[i]->data[10] == 'T') {
			times[i]->data[10] = ' ';
		}
	}
}

enum err
facts_read(const char *body, struct facts *ret_facts)
{
	struct facts *facts = ret_facts;
	bool failed = false;

	_Static_assert(ARRAY_LEN(rows) <= FACTS_MOST, "facts hold every placeholder");
	*facts = (struct facts){ .type = "" };
	facts->message = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(facts->message)) {
		return ERR_INVALID;
	}
	if (json_is_string(json_object_get(facts->message, "type"))) {
		facts->type = json_string_value(json_object_get(facts->message, "type"));
	}
	facts->drill = json_is_true(walk(facts->message, "data.drill"));
	facts->trial = json_is_true(json_object_get(facts->message, "trial"));
	facts->n = ARRAY_LEN(rows);
	for (size_t i = 0; i < facts->n; i++) {
		facts->names[i] = rows[i].name;
		for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
			add_fact(facts, i, lang);
		}
	}
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		say_specially(facts, lang);
		for (size_t i = 0; i < facts->n; i++) {
			failed = failed || facts->values[i][lang].failed;
		}
	}
	return failed ? ERR_NOMEM : ERR_OK;
}

void
facts_release(struct facts *facts)
{
	json_decref(facts->message);
	for (size_t i = 0; i < FACTS_MOST; i++) {
		for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
			str_release(&facts->values[i][lang]);
		}
	}
}

const char *
facts_get(const struct facts *facts, const char *name, enum lang lang)
{
	for (size_t i = 0; i < facts->n; i++) {
		if (strcmp(facts->names[i], name) == 0) {
			return str_text(&facts->values[i][lang]);
		}
	}
	return "";
}
