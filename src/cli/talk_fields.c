/* SPDX-License-Identifier: MIT */
/*
 * Asking the fields of a form one by one.
 */
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

void
talk_say(const char *text)
{
	struct str line = STR_INIT;
	text_show(&line, text, strlen(text), TEXT_KEEP_NEWLINE);
	str_add_char(&line, '\n');
	/* A question that cannot be shown ends with the input soon enough. */
	(void)fputs(str_text(&line), stderr);
	str_release(&line);
}

static bool
read_line(struct talk *talk, struct str *answer)
{
	char *line = NULL;
	size_t size = 0;
	str_clear(answer);
	ssize_t len = talk->ended ? -1 : getline(&line, &size, stdin);
	if (len < 0) {
		talk->ended = true;
		free(line);
		return false;
	}
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r')) {
		len--;
	}
	if (text_input_ok(line, (size_t)len, NULL)) {
		str_add_n(answer, line, (size_t)len);
	} else {
		talk_say(_("These characters cannot be taken in: the line was left out."));
	}
	free(line);
	return true;
}

bool
talk_ask(struct talk *talk, const char *question, const char *hint, struct str *answer)
{
	struct str line = STR_INIT;
	talk->number++;
	str_addf(&line, "%d. ", talk->number);
	str_add(&line, question);
	if (*hint) {
		str_addf(&line, " (%s)", hint);
	}
	talk_say(str_text(&line));
	str_release(&line);
	return read_line(talk, answer);
}

static const char *
answer_word(const char *typed)
{
	static const struct {
		const char *typed; /* folded */
		const char *word;
	} words[] = {
		{ "y", "yes" },
		{ "yes", "yes" },
		{ "1", "yes" },
		{ "はい", "yes" },
		{ "n", "no" },
		{ "no", "no" },
		{ "2", "no" },
		{ "いいえ", "no" },
		{ "u", "unknown" },
		{ "unknown", "unknown" },
		{ "3", "unknown" },
		{ "", "unknown" },
		{ "わからない", "unknown" },
	};
	struct str folded = STR_INIT;
	const char *found = NULL;
	text_fold(&folded, typed, strlen(typed));
	for (size_t i = 0; i < ARRAY_LEN(words) && !found; i++) {
		if (strcmp(words[i].typed, str_text(&folded)) == 0) {
			found = words[i].word;
		}
	}
	str_release(&folded);
	return found;
}

const char *
talk_ask_answer(struct talk *talk, const char *question, bool with_unknown)
{
	struct str typed = STR_INIT;
	const char *word = NULL;
	const char *hint = with_unknown ? _("y: yes, n: no, u: not known") : _("y: yes, n: no");
	while (!word && talk_ask(talk, question, hint, &typed)) {
		word = answer_word(str_text(&typed));
		if (word && !with_unknown && strcmp(word, "unknown") == 0) {
			word = NULL;
		}
	}
	str_release(&typed);
	return word;
}

static bool
ask_choice(struct talk *talk, const json_t *field, const char *label, json_t *fields)
{
	const json_t *options = json_object_get(talk->options, cli_string(field, "key"));
	const json_t *choices = options ? options : json_object_get(field, "choices");
	struct str hint = STR_INIT;
	struct str typed = STR_INIT;
	size_t i;
	json_t *choice;
	json_array_foreach(choices, i, choice)
	{
		str_addf(&hint, "%s%zu: %s", i ? ", " : "", i + 1,
			cli_words(json_object_get(choice, "label")));
	}
	bool more = talk_ask(talk, label, str_text(&hint), &typed);
	char *end = NULL;
	unsigned long n = strtoul(str_text(&typed), &end, 10);
	choice = json_array_get(choices, n ? n - 1 : (size_t)-1);
	if (choice) {
		json_object_set(fields, cli_string(field, "key"), json_object_get(choice, "key"));
	} else if (typed.len) {
		/* Passed on as typed: the form's check names what is possible. */
		json_object_set_new(
			fields, cli_string(field, "key"), json_string(str_text(&typed)));
	}
	str_release(&hint);
	str_release(&typed);
	return more;
}

static bool
ask_flag(struct talk *talk, const json_t *field, const char *label, json_t *fields)
{
	struct str typed = STR_INIT;
	const char *word = NULL;
	/* Most flags are not set: an empty line is enough. */
	while (!word && talk_ask(talk, label, _("y: yes, n or empty: no"), &typed)) {
		word = typed.len ? answer_word(str_text(&typed)) : "no";
	}
	if (word) {
		json_object_set_new(fields, cli_string(field, "key"), json_boolean(word[0] == 'y'));
	}
	str_release(&typed);
	return word != NULL;
}

/* Several rows, ended by an empty one. */
static bool
ask_text(struct talk *talk, const json_t *field, const char *label, json_t *fields)
{
	struct str text = STR_INIT;
	struct str line = STR_INIT;
	bool more = talk_ask(talk, label, _("several lines; an empty one ends"), &line);
	while (more && line.len) {
		str_add(&text, text.len ? "\n" : "");
		str_add_n(&text, str_text(&line), line.len);
		more = read_line(talk, &line);
	}
	if (text.len) {
		json_object_set_new(fields, cli_string(field, "key"), json_string(str_text(&text)));
	}
	str_release(&text);
	str_release(&line);
	return more;
}

static bool
ask_line(struct talk *talk, const json_t *field, const char *label, json_t *fields)
{
	struct str typed = STR_INIT;
	bool required = json_is_true(json_object_get(field, "required"));
	bool more = talk_ask(talk, label, required ? "" : _("may be empty"), &typed);
	if (typed.len) {
		json_object_set_new(
			fields, cli_string(field, "key"), json_string(str_text(&typed)));
	}
	str_release(&typed);
	return more;
}

/* Ids separated by blanks or commas. */
static bool
ask_list(struct talk *talk, const json_t *field, const char *label, json_t *fields)
{
	struct str typed = STR_INIT;
	bool more = talk_ask(talk, label, _("ids with blanks between; may be empty"), &typed);
	json_t *list = json_array();
	const char *at = str_text(&typed);
	while (*at) {
		size_t len = strcspn(at, ", ");
		if (len) {
			json_array_append_new(list, json_stringn(at, len));
		}
		at += len;
		at += strspn(at, ", ");
	}
	if (json_array_size(list)) {
		json_object_set(fields, cli_string(field, "key"), list);
	}
	json_decref(list);
	str_release(&typed);
	return more;
}

static bool ask_answers(struct talk *talk, const json_t *field, const char *label, json_t *fields);
static bool ask_measures(struct talk *talk, const json_t *field, const char *label, json_t *fields);

static const struct {
	const char *type;
	bool (*ask)(struct talk *talk, const json_t *field, const char *label, json_t *fields);
} askers[] = {
	{ "text", ask_text },
	{ "choice", ask_choice },
	{ "flag", ask_flag },
	{ "people", ask_list },
	{ "departments", ask_list },
	{ "categories", ask_list },
	{ "answers", ask_answers },
	{ "measures", ask_measures },
};

static bool
is_list(const char *type)
{
	return strcmp(type, "people") == 0 || strcmp(type, "departments") == 0 ||
		strcmp(type, "categories") == 0 || strcmp(type, "measures") == 0;
}

static bool
ask_field(struct talk *talk, const json_t *field, json_t *fields)
{
	const char *type = cli_string(field, "type");
	const char *label = cli_words(json_object_get(field, "label"));
	if (json_array_size(json_object_get(talk->options, cli_string(field, "key"))) > 0 &&
		!is_list(type)) {
		return ask_choice(talk, field, label, fields);
	}
	for (size_t i = 0; i < ARRAY_LEN(askers); i++) {
		if (strcmp(askers[i].type, type) == 0) {
			return askers[i].ask(talk, field, label, fields);
		}
	}
	return ask_line(talk, field, label, fields);
}

/* The parts of one measure, as forms/incident/prevention-measure.form names them. */
static bool
ask_measure(struct talk *talk, const char *text, json_t *measure)
{
	json_t *due = json_pack("{s:s, s:b}", "key", "due", "required", 1);
	json_t *effect = json_pack("{s:s, s:b}", "key", "effect_on", "required", 1);
	json_t *departments = json_pack("{s:s}", "key", "departments");
	json_object_set_new(measure, "text", json_string(text));
	bool more = ask_line(talk, due, _("Done by when (30d, 2026-12-24)"), measure) &&
		ask_line(talk, effect, _("Effectiveness judged from when on"), measure) &&
		ask_list(talk, departments, _("Rolled out to which departments"), measure);
	json_decref(due);
	json_decref(effect);
	json_decref(departments);
	return more;
}

static bool
ask_measures(struct talk *talk, const json_t *field, const char *label, json_t *fields)
{
	json_t *list = json_array();
	struct str text = STR_INIT;
	bool more = talk_ask(talk, label, _("the measure in words; empty: no more"), &text);
	while (more && text.len) {
		json_t *measure = json_object();
		json_array_append(list, measure);
		more = ask_measure(talk, str_text(&text), measure);
		json_decref(measure);
		more = more && talk_ask(talk, label, _("the next one; empty: no more"), &text);
	}
	json_object_set_new(fields, cli_string(field, "key"), list);
	str_release(&text);
	return more;
}

bool
talk_ask_form(struct talk *talk, const json_t *form, json_t *fields)
{
	size_t i;
	json_t *field;
	json_array_foreach(json_object_get(form, "fields"), i, field)
	{
		bool known = json_object_get(fields, cli_string(field, "key")) != NULL;
		if (!known && !ask_field(talk, field, fields)) {
			return false;
		}
	}
	return true;
}

bool
talk_ask_table(struct talk *talk, const json_t *procedure, json_t *answers)
{
	size_t i;
	json_t *category;
	json_array_foreach(json_object_get(procedure, "categories"), i, category)
	{
		const char *question = cli_words(json_object_get(category, "question"));
		if (!*question || json_object_get(answers, cli_string(category, "key"))) {
			continue; /* the suspicion follows from "not known"; a draft holds answers
				   */
		}
		const char *word = talk_ask_answer(talk, question, true);
		if (!word) {
			return false;
		}
		json_object_set_new(answers, cli_string(category, "key"), json_string(word));
	}
	return true;
}

/* The table again, as for a report: the form of a step may ask for it, too. */
static bool
ask_answers(struct talk *talk, const json_t *field, const char *label, json_t *fields)
{
	json_t *procedure = NULL;
	json_t *answers = json_object();
	(void)label;
	bool more = cli_call(talk->cli, "procedure.show", NULL, &procedure) == EXIT_DONE &&
		talk_ask_table(talk, procedure, answers);
	json_object_set_new(fields, cli_string(field, "key"), answers);
	json_decref(procedure);
	return more;
}
