/* SPDX-License-Identifier: MIT */
/*
 * Documents of the small things: times, texts, people, entries, rows.
 */
#include "doc.h"

#include <string.h>

#include "signing.h"
#include "summary.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"

json_t *
json_of_text(const char *text)
{
	return text ? json_string(text) : json_null();
}

json_t *
json_of_time(const struct call *call, stamp at)
{
	char text[STAMP_SIZE];

	if (at == STAMP_NONE) {
		return json_null();
	}
	stamp_format(at, call->org->offset_min, text);
	return json_string(text);
}

json_t *
json_of_words(const struct words *words)
{
	return json_pack("{s:s, s:s}", lang_word(LANG_EN), words->in[LANG_EN], lang_word(LANG_JA),
		words->in[LANG_JA]);
}

static void
add_reach(const struct org *org, const struct person *person, enum lang lang, struct str *out)
{
	const struct department *department = org_department(org, person->department);
	const char *title = person->title.in[lang];

	str_addf(out, "%s (", person->name.in[lang]);
	if (*person->phone) {
		str_add(out, person->phone);
	} else {
		str_addf(out, "%s%s%s", department ? department->name.in[lang] : "",
			department && *title ? " / " : "", title);
	}
	str_add_char(out, ')');
}

json_t *
json_of_reach(const struct org *org, const struct person *person)
{
	struct str in[LANG_COUNT] = { STR_INIT, STR_INIT };
	json_t *words;

	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		add_reach(org, person, lang, &in[lang]);
	}
	words = json_pack("{s:s, s:s}", lang_word(LANG_EN), str_text(&in[LANG_EN]),
		lang_word(LANG_JA), str_text(&in[LANG_JA]));
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		str_release(&in[lang]);
	}
	return words;
}

json_t *
json_of_list(const struct word_list *list)
{
	json_t *items = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_array_append_new(items, json_string(list->items[i]));
	}
	return items;
}

json_t *
doc_head(const struct call *call, const struct ledger_head *head)
{
	char hex[HASH_HEX_SIZE];

	hash_hex(&head->row_hash, hex);
	return json_pack("{s:I, s:s, s:o}", "seq", (json_int_t)head->seq, "row_hash", hex, "at",
		head->seq ? json_of_time(call, head->at) : json_null());
}

static json_t *
doc_roles(unsigned roles)
{
	json_t *items = json_array();

	for (unsigned bit = ROLE_STAFF; bit <= ROLE_ADMIN; bit <<= 1) {
		if (roles & bit) {
			json_array_append_new(items, json_string(role_word((enum role)bit)));
		}
	}
	return items;
}

json_t *
doc_person(const struct person *person)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:s, s:s, s:s}", "id", person->id, "name",
		json_of_words(&person->name), "title", json_of_words(&person->title), "department",
		person->department, "roles", doc_roles(person->roles), "role",
		role_word(person_main_role(person)), "phone", person->phone, "kana", person->kana);
}

json_t *
doc_department(const struct department *department)
{
	return json_pack("{s:s, s:s, s:o, s:b}", "id", department->id, "code", department->code,
		"name", json_of_words(&department->name), "in_scope", department->in_scope);
}

/* The hash that whoever signed the entry saw before signing; NULL: nobody did. */
static json_t *
signed_hash(const json_t *body)
{
	const json_t *text = json_object_get(json_object_get(body, BODY_SIGNED), "text");
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	if (!json_is_string(text)) {
		return NULL;
	}
	hash_of(json_string_value(text), json_string_length(text), &hash);
	hash_hex(&hash, hex);
	return json_string(hex);
}

json_t *
doc_event(const struct call *call, const struct event *event)
{
	char hex[HASH_HEX_SIZE];
	json_t *body = event->body ? json_loads(event->body, 0, NULL) : json_null();
	json_t *shown = signed_hash(body);

	hash_hex(&event->row_hash, hex);
	return json_pack("{s:I, s:o, s:o, s:s, s:s, s:s, s:o, s:s, s:o*}", "seq",
		(json_int_t)event->seq, "at", json_of_time(call, event->at), "happened_at",
		json_of_time(call, event->happened_at), "actor", event->actor, "kind", event->kind,
		"form_version", event->form_version, "body", body ? body : json_null(), "row_hash",
		hex, "signed_hash", shown);
}

json_t *
doc_log(const struct call *call, const struct event_list *events)
{
	json_t *log = json_array();

	for (size_t i = 0; i < events->n; i++) {
		json_array_append_new(log, doc_event(call, &events->items[i]));
	}
	return log;
}

/* How far the caller has read it: a mark that cannot be read is no reason not to show the row. */
static void
add_look(const struct call *call, const char *id, json_t *doc)
{
	struct look look;

	if (store_look(call->store, call->person->id, id, &look) == ERR_OK) {
		json_object_set_new(doc, "changed", json_integer(look.changed));
		json_object_set_new(doc, "looked_seq", json_integer(look.seq));
		json_object_set_new(doc, "looked_at", json_of_time(call, look.at));
	}
}

json_t *
doc_waiting(const struct call *call, const char *waiting)
{
	json_t *items = json_loads(waiting, 0, NULL);
	size_t i;
	json_t *item;

	json_array_foreach(items, i, item)
	{
		const json_t *due = json_object_get(item, "due_at");

		json_object_set_new(item, "due_at",
			json_of_time(call, due ? (stamp)json_integer_value(due) : STAMP_NONE));
	}
	return items ? items : json_array();
}

json_t *
doc_row(const struct call *call, const struct incident_row *row)
{
	/* Work that was put off to after the closing is late like any other. */
	bool awaited = row->open || strspn(row->people, " ") < strlen(row->people);
	bool overdue = awaited && row->due_at != STAMP_NONE && row->due_at < call->now;
	json_t *doc = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:s, s:s, s:o, s:o, s:b, s:o, s:I}", "id",
		row->id, "title", row->title, "state", row->state, "category", row->category,
		"major", row->major, "drill", row->drill, "confidential", row->confidential,
		"department", row->department, "finder", row->finder, "waiting_for",
		doc_waiting(call, row->waiting), "due_at", json_of_time(call, row->due_at),
		"overdue", overdue, "reported_at", json_of_time(call, row->reported_at), "last_seq",
		(json_int_t)row->last_seq);
	bool mine = call->person && row_names(row->people, call->person->id);

	if (doc) {
		json_object_set_new(doc, "mine", json_boolean(mine));
		add_look(call, row->id, doc);
	}
	return doc;
}
