/* SPDX-License-Identifier: MIT */
/*
 * The line for people in a message, and the names in it: see message_line.h.
 * Nobody knows who reads a channel at night, so its sentences stand here in both
 * languages and not in the catalogue of one.
 */
#include "message_line.h"

#include <string.h>

#include "line.h"
#include "toban/base/attr.h"

#define TYPE_WITHDRAWN "crisis.withdrawn"
#define CRISIS_PREFIX "crisis."

enum phrase {
	PHRASE_DRILL,
	PHRASE_CODE_NAME,
	PHRASE_CRISIS,
	PHRASE_CRISIS_CONFIDENTIAL,
	PHRASE_WITHDRAWN,
	PHRASE_WITHDRAWN_CONFIDENTIAL,
	PHRASE_STEP,
	PHRASE_STEP_CONFIDENTIAL,
	PHRASE_CLOCK,
	PHRASE_CLOCK_CONFIDENTIAL,
	PHRASE_TEST,
	PHRASE_ASK_HEAD,
	PHRASE_COUNT
};

static const struct words phrases[PHRASE_COUNT] = {
	[PHRASE_DRILL] = { { "DRILL", "訓練" } },
	[PHRASE_CODE_NAME] = { { "Case {id}", "案件{id}" } },
	[PHRASE_CRISIS] = { {
		"Major accident {id}: {title}. Category: {category}. Department: {department}. "
		"Decided by: {decider}. How to reach the finder: {contact}.",
		"重大事故 {id}「{title}」 分類: {category}。部門: {department}。"
		"決定: {decider}。発見者の連絡先: {contact}。",
	} },
	[PHRASE_CRISIS_CONFIDENTIAL] = { { "Major accident: {title}. To learn more, {contact}.",
		"重大事故 {title}。詳細は{contact}。" } },
	[PHRASE_WITHDRAWN] = { { "No longer a major accident: {id} {title} ({department})",
		"重大事故の取下げ {id}「{title}」（{department}）" } },
	[PHRASE_WITHDRAWN_CONFIDENTIAL] = { { "No longer a major accident: {title}",
		"重大事故の取下げ {title}" } },
	[PHRASE_STEP] = { { "{id} {title}: {step} ({department})",
		"{id}「{title}」 {step}（{department}）" } },
	[PHRASE_STEP_CONFIDENTIAL] = { { "{title}: {step}", "{title} {step}" } },
	[PHRASE_CLOCK] = { { "{id} {title}: {step}: {watch} ({department})",
		"{id}「{title}」 {step}: {watch}（{department}）" } },
	[PHRASE_CLOCK_CONFIDENTIAL] = { { "{title}: {step}: {watch}", "{title} {step}: {watch}" } },
	[PHRASE_TEST] = { { "This is a test message of toban.",
		"当番（toban）からのテスト通知です。" } },
	[PHRASE_ASK_HEAD] = { { "ask the office head (CISO)", "情報セキュリティ対策室長に照会" } },
};

/* --- looking up names ---------------------------------------------------------- */

struct words
message_words_same(const char *text)
{
	return (struct words){ { text, text } };
}

/* --- looking up names ---------------------------------------------------------- */

struct words
message_person(const struct org *org, const char *id)
{
	const struct person *person = id != NULL ? org_person(org, id) : NULL;

	return person != NULL ? person->name : message_words_same(id != NULL ? id : "");
}

struct words
message_department(const struct org *org, const char *id)
{
	const struct department *department = id != NULL ? org_department(org, id) : NULL;

	return department != NULL ? department->name : message_words_same(id != NULL ? id : "");
}

struct words
message_category(const struct procedure *procedure, const char *key)
{
	const struct category *category =
		key != NULL ? classification_find(&procedure->classification, key) : NULL;

	return category != NULL ? category->label : message_words_same(key != NULL ? key : "");
}

struct words
message_step(const struct procedure *procedure, const char *kind)
{
	const struct flow_step *step = flow_find_step(&procedure->incident_flow, kind);

	static const struct words broken = { { "opened by breaking the glass", "緊急閲覧" } };
	const struct words *own =
		strcmp(kind, "break-glass") == 0 ? &broken : desk_mark_label(kind);

	return step != NULL ? step->label : own != NULL ? *own : message_words_same(kind);
}

/*
 * What the desk did by itself in this entry, the newest of the incident; NULL: a person
 * made it.  Its number is not compared: the incident was folded before there was one.
 */
const struct desk_mark *
message_mark(const struct message_source *source)
{
	const struct incident *incident = source->incident;
	const struct desk_mark *mark =
		incident->n_marks > 0 ? &incident->marks[incident->n_marks - 1] : NULL;

	return mark != NULL && mark->seq == incident->last_seq &&
			strcmp(mark->kind, source->event->kind) == 0
		? mark
		: NULL;
}

struct words
message_watch(const struct desk_mark *mark)
{
	const struct words *label = mark != NULL ? desk_watch_label(mark->watch) : NULL;

	return label != NULL ? *label : message_words_same("");
}

bool
message_is_crisis(const char *type)
{
	return strncmp(type, CRISIS_PREFIX, strlen(CRISIS_PREFIX)) == 0;
}

const char *
message_decider(const struct message_source *source)
{
	const struct incident *incident = source->incident;

	return incident->major_by != NULL ? incident->major_by : source->event->actor;
}

/* --- the line for people -------------------------------------------------------- */

struct line_value {
	const char *name;
	struct words words;
};

/* Adds one phrase in one language; every value passes line_add_value(). */
static void
line_say(struct str *out, enum phrase phrase, enum lang lang, const struct line_value *values,
	size_t n)
{
	struct str shown[8] = { STR_INIT };
	struct str_arg args[ARRAY_LEN(shown)];

	for (size_t i = 0; i < n; i++) {
		line_add_value(&shown[i], values[i].words.in[lang], LINE_VALUE_COLS);
		args[i] = (struct str_arg){ values[i].name, str_text(&shown[i]) };
	}
	str_say(out, phrases[phrase].in[lang], args, n);
	for (size_t i = 0; i < n; i++) {
		out->failed = out->failed || shown[i].failed;
		str_release(&shown[i]);
	}
}

/* The title, or the code name of a confidential case. */
static struct words
shown_title(const struct incident *incident, const struct words *code_name)
{
	return incident->confidential ? *code_name : message_words_same(incident->title);
}

/* Of each kind of message the sentence of an open case, and that of a confidential one. */
static enum phrase
line_phrase(const struct message_source *source)
{
	bool hidden = source->incident->confidential;

	if (strcmp(source->type, TYPE_WITHDRAWN) == 0) {
		return hidden ? PHRASE_WITHDRAWN_CONFIDENTIAL : PHRASE_WITHDRAWN;
	}
	if (message_is_crisis(source->type)) {
		return hidden ? PHRASE_CRISIS_CONFIDENTIAL : PHRASE_CRISIS;
	}
	if (message_mark(source) != NULL) {
		return hidden ? PHRASE_CLOCK_CONFIDENTIAL : PHRASE_CLOCK;
	}
	return hidden ? PHRASE_STEP_CONFIDENTIAL : PHRASE_STEP;
}

static void
line_build(const struct message_source *source, const struct words *code_name, struct str *out)
{
	static const enum lang order[] = { LANG_JA, LANG_EN };
	const struct incident *incident = source->incident;
	const struct org *org = source->org;
	bool hidden = incident->confidential;
	const struct line_value values[] = {
		{ "id", message_words_same(incident->id) },
		{ "title", shown_title(incident, code_name) },
		{ "category", message_category(source->procedure, incident->category) },
		{ "department", message_department(org, incident->department) },
		{ "decider", message_person(org, message_decider(source)) },
		{ "contact",
			hidden ? message_ask_head()
			       : message_words_same(
					 incident->contact != NULL ? incident->contact : "") },
		{ "step", message_step(source->procedure, source->event->kind) },
		{ "watch", message_watch(message_mark(source)) },
	};

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		str_add(out, i > 0 ? " / " : "");
		line_say(out, line_phrase(source), order[i], values, ARRAY_LEN(values));
	}
}

json_t *
message_line(const struct message_source *source, const struct words *code_name)
{
	const struct words *drill = &phrases[PHRASE_DRILL];
	struct str line = STR_INIT;
	json_t *text = NULL;

	if (source->incident == NULL) {
		str_addf(&line, "%s / %s", phrases[PHRASE_TEST].in[LANG_JA],
			phrases[PHRASE_TEST].in[LANG_EN]);
	} else {
		if (source->incident->drill) {
			str_addf(&line, "[%s/%s] ", drill->in[LANG_JA], drill->in[LANG_EN]);
		}
		line_build(source, code_name, &line);
	}
	if (!line.failed) {
		text = json_string(str_text(&line));
	}
	str_release(&line);
	return text;
}

struct words
message_ask_head(void)
{
	return phrases[PHRASE_ASK_HEAD];
}

void
message_code_name(const char *id, struct str ret_names[LANG_COUNT])
{
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		const struct str_arg arg = { "id", id };

		str_say(&ret_names[lang], phrases[PHRASE_CODE_NAME].in[lang], &arg, 1);
	}
}
