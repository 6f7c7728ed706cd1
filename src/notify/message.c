/* SPDX-License-Identifier: MIT */
/*
 * What a message says.  Pure: from the incident as folded after a step to a
 * JSON document, whose form is a promise to receivers (docs/webhook.md).
 *
 * Two things are decided here.  A confidential case leaves the house under a
 * neutral code name only: no title, no situation, no category, no department
 * and nobody's name, in a crisis neither.  And `text`, which chat programs show
 * as it is, is always in both languages (message_line.c).
 */
#include "toban/notify/notify.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

#include "message_line.h"

/* Between the words of a target's list: a blank by contract, a comma by habit. */
#define SEPARATORS " ,"

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

/* --- the data -------------------------------------------------------------------- */

static json_t *
data_person(const struct org *org, const char *id)
{
	struct words name = message_person(org, id);

	return json_pack("{s:o, s:o}", "id", json_text(id), "name", json_words(&name));
}

static json_t *
data_category(const struct procedure *procedure, const char *key)
{
	struct words label = message_category(procedure, key);

	return json_pack("{s:o, s:o}", "key", json_text(key), "label", json_words(&label));
}

static json_t *
make_decider(const struct message_source *source)
{
	json_t *decided = data_person(source->org, message_decider(source));

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
	struct words name = message_person(source->org, incident->finder);

	struct words ask = message_ask_head();

	if (incident->confidential) {
		return json_pack("{s:b, s:s, s:o}", "withheld", 1, "ask", "office-head", "text",
			json_words(&ask));
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

	struct words name = message_person(org, contact->person);

	if (told == NULL) {
		return NULL;
	}
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
	CRISIS = CRISIS_OPEN | CRISIS_HIDDEN, /* whom to ask stands in the hidden one, too */
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
	struct words name = message_department(source->org, id);

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
	struct words label = message_step(source->procedure, source->event->kind);

	return json_pack(
		"{s:o, s:o}", "key", json_text(source->event->kind), "label", json_words(&label));
}

/* What the desk watched; null where a person made the entry. */
static json_t *
make_clock(const struct message_source *source)
{
	const struct desk_mark *mark = message_mark(source);
	struct words label = message_watch(mark);
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
	{ "category", OPEN, make_category },
	{ "categories", OPEN, make_categories },
	{ "department", OPEN, make_department },
	{ "situation", CRISIS_OPEN, make_situation },
	{ "decided_by", CRISIS_OPEN, make_decider },
	{ "finder", CRISIS, make_finder },
	{ "chain", CRISIS_OPEN, make_chain },
};

static unsigned
message_audience(const struct message_source *source)
{
	if (message_is_crisis(source->type)) {
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

/* No receiver may take for real what is none; false without memory. */
static bool
mark_trial(json_t *document)
{
	const char *text = json_string_value(json_object_get(document, "text"));

	return text != NULL && json_object_set_new(document, "trial", json_true()) == 0 &&
		json_object_set_new(
			document, "text", json_sprintf("%s%s", MESSAGE_TRIAL_MARK, text)) == 0;
}

char *
message_dump(json_t *document, bool trial)
{
	char *body = document != NULL && (!trial || mark_trial(document))
		? json_dumps(document, JSON_COMPACT)
		: NULL;

	json_decref(document);
	return body;
}

char *
message_body(const struct message_source *source)
{
	struct str names[LANG_COUNT] = { STR_INIT };
	const char *id = source->incident != NULL ? source->incident->id : "";
	char *body = NULL;

	message_code_name(id, names);

	const struct words code_name = { { str_text(&names[LANG_EN]), str_text(&names[LANG_JA]) } };
	json_t *at = json_stamp(source->event->at, source->org);
	json_t *document = json_pack("{s:s, s:o, s:o, s:o}", "type", source->type, "timestamp", at,
		"text", message_line(source, &code_name), "data",
		data_document(source, &code_name));

	if (!names[LANG_EN].failed && !names[LANG_JA].failed) {
		body = message_dump(json_incref(document), source->org->trial);
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
