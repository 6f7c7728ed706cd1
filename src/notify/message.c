/* SPDX-License-Identifier: MIT */
/*
 * What a message says.  Pure: from the incident as folded after a step to a
 * JSON document, whose form is a promise to receivers (docs/webhook.md).
 *
 * Two things are decided here.  A confidential case leaves the house under a
 * neutral code name only: no title, no situation, no person but the one who
 * decided.  And `text`, which chat programs show as it is, is always in both
 * languages, because nobody knows who reads a channel at night; its sentences
 * therefore stand here in both and not in the catalogue of one language.
 */
#include "toban/notify/notify.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

#include "line.h"

#define TYPE_TEST "desk.test"
#define CRISIS_PREFIX "crisis."

/* Between the words of a target's list: a blank by contract, a comma by habit. */
#define SEPARATORS " ,"

enum phrase {
	PHRASE_DRILL,
	PHRASE_CODE_NAME,
	PHRASE_CRISIS,
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

/* --- small JSON helpers ------------------------------------------------------ */

/* User text as it was recorded; bytes that are no UTF-8 are made visible. */
static json_t *
json_text(const char *text)
{
	json_t *value = json_string(text != NULL ? text : "");

	if (value == NULL) {
		struct str shown = STR_INIT;

		text_show(&shown, text, strlen(text), TEXT_KEEP_NEWLINE);
		value = json_string(str_text(&shown));
		str_release(&shown);
	}
	return value;
}

static json_t *
json_words(const struct words *words)
{
	return json_pack("{s:o, s:o}", "en", json_text(words->in[LANG_EN]), "ja",
		json_text(words->in[LANG_JA]));
}

static json_t *
json_stamp(stamp at, const struct org *org)
{
	char text[STAMP_SIZE];

	if (at == STAMP_NONE) {
		return json_null();
	}
	stamp_format(at, org->offset_min, text);
	return json_string(text);
}

static struct words
words_same(const char *text)
{
	return (struct words){ { text, text } };
}

/* --- looking up names ---------------------------------------------------------- */

static struct words
person_name(const struct org *org, const char *id)
{
	const struct person *person = id != NULL ? org_person(org, id) : NULL;

	return person != NULL ? person->name : words_same(id != NULL ? id : "");
}

static struct words
department_name(const struct org *org, const char *id)
{
	const struct department *department = id != NULL ? org_department(org, id) : NULL;

	return department != NULL ? department->name : words_same(id != NULL ? id : "");
}

static struct words
category_label(const struct procedure *procedure, const char *key)
{
	const struct category *category =
		key != NULL ? classification_find(&procedure->classification, key) : NULL;

	return category != NULL ? category->label : words_same(key != NULL ? key : "");
}

static struct words
step_label(const struct procedure *procedure, const char *kind)
{
	const struct flow_step *step = flow_find_step(&procedure->incident_flow, kind);

	const struct words *own = desk_mark_label(kind);

	return step != NULL ? step->label : own != NULL ? *own : words_same(kind);
}

/*
 * What the desk did by itself in this entry, the newest of the incident; NULL: a person
 * made it.  Its number is not compared: the incident was folded before there was one.
 */
static const struct desk_mark *
desk_mark_of(const struct message_source *source)
{
	const struct incident *incident = source->incident;
	const struct desk_mark *mark =
		incident->n_marks > 0 ? &incident->marks[incident->n_marks - 1] : NULL;

	return mark != NULL && mark->seq == incident->last_seq &&
			strcmp(mark->kind, source->event->kind) == 0
		? mark
		: NULL;
}

static struct words
watch_label(const struct desk_mark *mark)
{
	const struct words *label = mark != NULL ? desk_watch_label(mark->watch) : NULL;

	return label != NULL ? *label : words_same("");
}

static bool
type_is_crisis(const char *type)
{
	return strncmp(type, CRISIS_PREFIX, strlen(CRISIS_PREFIX)) == 0;
}

static const char *
decider(const struct message_source *source)
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
	return incident->confidential ? *code_name : words_same(incident->title);
}

static void
line_build(const struct message_source *source, const struct words *code_name, struct str *out)
{
	static const enum lang order[] = { LANG_JA, LANG_EN };
	const struct incident *incident = source->incident;
	const struct org *org = source->org;
	bool crisis = type_is_crisis(source->type);
	bool hidden = incident->confidential;
	const struct desk_mark *mark = desk_mark_of(source);
	enum phrase open = mark != NULL ? PHRASE_CLOCK : PHRASE_STEP;
	enum phrase neutral = mark != NULL ? PHRASE_CLOCK_CONFIDENTIAL : PHRASE_STEP_CONFIDENTIAL;
	enum phrase phrase = crisis ? PHRASE_CRISIS : hidden ? neutral : open;
	const struct line_value values[] = {
		{ "id", words_same(incident->id) },
		{ "title", shown_title(incident, code_name) },
		{ "category", category_label(source->procedure, incident->category) },
		{ "department", department_name(org, incident->department) },
		{ "decider", person_name(org, decider(source)) },
		{ "contact",
			hidden ? phrases[PHRASE_ASK_HEAD]
			       : words_same(incident->contact != NULL ? incident->contact : "") },
		{ "step", step_label(source->procedure, source->event->kind) },
		{ "watch", watch_label(mark) },
	};

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		str_add(out, i > 0 ? " / " : "");
		line_say(out, phrase, order[i], values, ARRAY_LEN(values));
	}
}

static json_t *
line_document(const struct message_source *source, const struct words *code_name)
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

/* --- the data -------------------------------------------------------------------- */

static json_t *
data_person(const struct org *org, const char *id)
{
	struct words name = person_name(org, id);

	return json_pack("{s:o, s:o}", "id", json_text(id), "name", json_words(&name));
}

static json_t *
data_category(const struct procedure *procedure, const char *key)
{
	struct words label = category_label(procedure, key);

	return json_pack("{s:o, s:o}", "key", json_text(key), "label", json_words(&label));
}

static json_t *
make_decider(const struct message_source *source)
{
	json_t *decided = data_person(source->org, decider(source));

	if (decided != NULL &&
		json_object_set_new(decided, "at", json_stamp(source->event->at, source->org)) !=
			0) {
		json_decref(decided);
		return NULL;
	}
	return decided;
}

/* How to reach the finder; of a confidential case only whom to ask. */
static json_t *
make_finder(const struct message_source *source)
{
	const struct incident *incident = source->incident;
	const struct person *finder = org_person(source->org, incident->finder);
	struct words name = person_name(source->org, incident->finder);

	if (incident->confidential) {
		return json_pack("{s:b, s:s, s:o}", "withheld", 1, "ask", "office-head", "text",
			json_words(&phrases[PHRASE_ASK_HEAD]));
	}
	return json_pack("{s:o, s:o, s:o, s:o}", "id", json_text(incident->finder), "name",
		json_words(&name), "contact", json_text(incident->contact), "phone",
		json_text(finder != NULL ? finder->phone : ""));
}

static json_t *
data_contact(const struct message_source *source, const struct contact *contact)
{
	const struct org *org = source->org;
	json_t *told = json_pack("{s:i, s:o, s:o, s:o, s:o}", "link", contact->link, "role",
		json_text(contact->role), "notified_at", json_stamp(contact->notified_at, org),
		"seen_at", json_stamp(contact->seen_at, org), "acknowledged_at",
		json_stamp(contact->acknowledged_at, org));

	if (told == NULL || source->incident->confidential) {
		return told;
	}

	struct words name = person_name(org, contact->person);

	if (json_object_set_new(told, "person", json_text(contact->person)) != 0 ||
		json_object_set_new(told, "name", json_words(&name)) != 0) {
		json_decref(told);
		return NULL;
	}
	return told;
}

/* Who was told at each link; those the bypass took out are nobody's contact. */
static json_t *
make_chain(const struct message_source *source)
{
	const struct incident *incident = source->incident;
	json_t *chain = json_array();

	for (size_t i = 0; chain != NULL && i < incident->n_contacts; i++) {
		const struct contact *contact = &incident->contacts[i];

		if (!contact->skipped &&
			json_array_append_new(chain, data_contact(source, contact)) != 0) {
			json_decref(chain);
			return NULL;
		}
	}
	return chain;
}

static json_t *
data_head(const struct message_source *source)
{
	const struct ledger_head *head = source->head;
	char hex[HASH_HEX_SIZE];

	if (head == NULL) {
		return json_null();
	}
	hash_hex(&head->row_hash, hex);
	return json_pack("{s:I, s:s, s:o}", "seq", (json_int_t)head->seq, "row_hash", hex, "at",
		json_stamp(head->at, source->org));
}

/* The four kinds of messages about a case; a member of `data` says in which it stands. */
enum audience {
	STEP_OPEN = 1 << 0,
	STEP_HIDDEN = 1 << 1, /* hidden: the case is confidential */
	CRISIS_OPEN = 1 << 2,
	CRISIS_HIDDEN = 1 << 3,
	OPEN = STEP_OPEN | CRISIS_OPEN,
	CRISIS = CRISIS_OPEN | CRISIS_HIDDEN,
	ALL = OPEN | STEP_HIDDEN | CRISIS_HIDDEN
};

struct member {
	const char *key;
	unsigned in; /* enum audience bits */
	json_t *(*make)(const struct message_source *source);
};

static json_t *
make_situation(const struct message_source *source)
{
	return json_text(source->incident->situation);
}

static json_t *
make_category(const struct message_source *source)
{
	return data_category(source->procedure, source->incident->category);
}

static json_t *
make_categories(const struct message_source *source)
{
	const struct word_list *keys = &source->incident->categories;
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < keys->n; i++) {
		if (json_array_append_new(list, data_category(source->procedure, keys->items[i])) !=
			0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
make_department(const struct message_source *source)
{
	const char *id = source->incident->department;
	struct words name = department_name(source->org, id);

	return json_pack("{s:o, s:o}", "id", json_text(id), "name", json_words(&name));
}

static json_t *
make_actor(const struct message_source *source)
{
	return data_person(source->org, source->event->actor);
}

static json_t *
make_major(const struct message_source *source)
{
	return json_string(major_word(source->incident->major));
}

static json_t *
make_state(const struct message_source *source)
{
	return json_text(source->incident->state);
}

static json_t *
make_step(const struct message_source *source)
{
	struct words label = step_label(source->procedure, source->event->kind);

	return json_pack(
		"{s:o, s:o}", "key", json_text(source->event->kind), "label", json_words(&label));
}

/* What the desk watched; null where a person made the entry. */
static json_t *
make_clock(const struct message_source *source)
{
	const struct desk_mark *mark = desk_mark_of(source);
	struct words label = watch_label(mark);
	bool hidden = source->incident->confidential;

	if (mark == NULL) {
		return json_null();
	}
	return json_pack("{s:o, s:o, s:i, s:o, s:o, s:o}", "watch", json_text(mark->watch), "label",
		json_words(&label), "link", mark->link, "key", json_text(hidden ? "" : mark->key),
		"department", json_text(hidden ? "" : mark->department), "limit_at",
		json_stamp(mark->limit_at, source->org));
}

/* Whether the case still asks for something: what alerting systems call firing. */
static json_t *
make_active(const struct message_source *source)
{
	const struct flow_state *state =
		flow_find_state(&source->procedure->incident_flow, source->incident->state);

	return json_boolean(state == NULL || state->open);
}

static json_t *
make_reported_at(const struct message_source *source)
{
	return json_stamp(source->incident->reported_at, source->org);
}

static const struct member members[] = {
	{ "step", ALL, make_step },
	{ "clock", STEP_OPEN | STEP_HIDDEN, make_clock },
	{ "state", ALL, make_state },
	{ "active", ALL, make_active },
	{ "reported_at", ALL, make_reported_at },
	{ "major", ALL, make_major },
	{ "actor", OPEN, make_actor },
	{ "category", OPEN | CRISIS, make_category },
	{ "categories", OPEN | CRISIS, make_categories },
	{ "department", OPEN | CRISIS, make_department },
	{ "situation", CRISIS_OPEN, make_situation },
	{ "decided_by", CRISIS, make_decider },
	{ "finder", CRISIS, make_finder },
	{ "chain", CRISIS, make_chain },
};

static unsigned
message_audience(const struct message_source *source)
{
	if (type_is_crisis(source->type)) {
		return source->incident->confidential ? CRISIS_HIDDEN : CRISIS_OPEN;
	}
	return source->incident->confidential ? STEP_HIDDEN : STEP_OPEN;
}

static json_t *
data_document(const struct message_source *source, const struct words *code_name)
{
	const struct incident *incident = source->incident;

	if (incident == NULL) {
		return json_pack("{s:o}", "head", data_head(source));
	}

	json_t *title = incident->confidential ? json_text(code_name->in[LANG_EN])
					       : json_text(incident->title);
	json_t *data = json_pack("{s:o, s:o, s:o, s:b, s:b}", "incident", json_text(incident->id),
		"title", title, "code_name", json_words(code_name), "confidential",
		(int)incident->confidential, "drill", (int)incident->drill);
	unsigned audience = message_audience(source);
	int failed = data == NULL;

	for (size_t i = 0; !failed && i < ARRAY_LEN(members); i++) {
		if ((members[i].in & audience) != 0) {
			failed = json_object_set_new(data, members[i].key, members[i].make(source));
		}
	}
	if (failed || json_object_set_new(data, "head", data_head(source)) != 0) {
		json_decref(data);
		return NULL;
	}
	return data;
}

/* --- public ---------------------------------------------------------------------- */

char *
message_body(const struct message_source *source)
{
	struct str names[LANG_COUNT] = { STR_INIT };
	const char *id = source->incident != NULL ? source->incident->id : "";
	char *body = NULL;

	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		const struct str_arg arg = { "id", id };

		str_say(&names[lang], phrases[PHRASE_CODE_NAME].in[lang], &arg, 1);
	}

	const struct words code_name = { { str_text(&names[LANG_EN]), str_text(&names[LANG_JA]) } };
	json_t *at = json_stamp(source->event->at, source->org);
	json_t *document = json_pack("{s:s, s:o, s:o, s:o}", "type", source->type, "timestamp", at,
		"text", line_document(source, &code_name), "data",
		data_document(source, &code_name));

	if (document != NULL && !names[LANG_EN].failed && !names[LANG_JA].failed) {
		body = json_dumps(document, JSON_COMPACT);
	}
	json_decref(document);
	str_release(&names[LANG_EN]);
	str_release(&names[LANG_JA]);
	return body;
}

/* Whether one word of a target's list wants `type`. */
static bool
word_wants(const char *word, size_t len, const char *type)
{
	if (len == 1 && word[0] == '*') {
		return true;
	}
	if (len >= 2 && memcmp(word + len - 2, ".*", 2) == 0) {
		return strncmp(type, word, len - 1) == 0;
	}
	if (strncmp(type, word, len) != 0) {
		return false;
	}
	/* "crisis" alone stands for all of its types. */
	return type[len] == '\0' || (type[len] == '.' && memchr(word, '.', len) == NULL);
}

bool
message_wanted(const char *events, const char *type)
{
	while (*events != '\0') {
		size_t len = strcspn(events, SEPARATORS);

		if (len > 0 && word_wants(events, len, type)) {
			return true;
		}
		events += len + (events[len] != '\0');
	}
	return false;
}
