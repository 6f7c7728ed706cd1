/* SPDX-License-Identifier: MIT */
/*
 * What a message about a change of rights says: who gained and lost which part, by name, so
 * that nobody's part grows in silence.  No account, no reason, no number to call: whoever reads
 * the channel at night may be anybody.
 */
#include "toban/notify/rights.h"

#include <stdio.h>
#include <string.h>

#include "line.h"
#include "message_line.h"
#include "toban/base/attr.h"

#define NAMED_MOST 10 /* of people and consoles each in the line; the data holds all */

enum phrase { CHANGED, GAINED, LOST, ADDED, REMOVED, ACCOUNT, MOVED, CONSOLE, MORE, PHRASE_COUNT };

static const struct words phrases[PHRASE_COUNT] = {
	[CHANGED] = { { "Rights were changed by {by}: {what}.",
		"{by} が権限を変更しました: {what}。" } },
	[GAINED] = { { "gains {what}", "付与: {what}" } },
	[LOST] = { { "loses {what}", "取消: {what}" } },
	[ADDED] = { { "is new", "新規登録" } },
	[REMOVED] = { { "is no longer here", "登録抹消" } },
	[ACCOUNT] = { { "has another account", "アカウント変更" } },
	[MOVED] = { { "is of another department", "部門変更" } },
	[CONSOLE] = { { "console {what}", "共用端末 {what}" } },
	[MORE] = { { "and {what} more", "ほか {what} 件" } },
};

static void
add_phrase(struct str *out, enum phrase phrase, enum lang lang, const char *what)
{
	str_say(out, phrases[phrase].in[lang], &(struct str_arg){ "what", what }, 1);
}

/* What people call the role of that word. */
static const char *
label_of(const char *word, enum lang lang)
{
	for (unsigned bit = ROLE_STAFF; bit <= ROLE_ADMIN; bit <<= 1) {
		if (strcmp(role_word((enum role)bit), word) == 0) {
			return role_label((enum role)bit)->in[lang];
		}
	}
	return word;
}

/* Somebody of either organisation: who left has a name in the old one alone. */
static struct words
name_of(const struct message_rights *rights, const char *id)
{
	return message_person(org_person(rights->now, id) ? rights->now : rights->was, id);
}

/* The roles of a list, or with `people` the names. */
static void
add_list(struct str *out, const json_t *list, enum lang lang, const struct message_rights *people)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		const char *word = json_string_value(item);
		struct words name = people ? name_of(people, word) : message_words_same(word);

		str_add(out, i ? ", " : "");
		str_add(out, people ? name.in[lang] : label_of(word, lang));
	}
}

/* "(gains office; loses crisis)": what became of one person or console. */
static void
add_change(struct str *out, const json_t *change, enum lang lang,
	const struct message_rights *people)
{
	static const struct {
		const char *key;
		enum phrase phrase;
	} rows[] = { { "added", ADDED }, { "removed", REMOVED }, { "gained", GAINED },
		{ "lost", LOST }, { "login", ACCOUNT }, { "department", MOVED } };
	bool whole = json_object_get(change, "added") || json_object_get(change, "removed");
	const char *between = " (";

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const json_t *value = json_object_get(change, rows[i].key);
		struct str list = STR_INIT;

		if (!value || (json_is_array(value) && json_array_size(value) == 0) ||
			(json_is_object(value) && whole)) {
			continue;
		}
		add_list(&list, value, lang, people);
		str_add(out, between);
		add_phrase(out, rows[i].phrase, lang, str_text(&list));
		str_release(&list);
		between = "; ";
	}
	str_add(out, *between == ';' ? ")" : "");
}

static const char *
post_name(const struct message_rights *rights, const char *id, enum lang lang)
{
	const struct post *post = org_post(rights->now, id);

	post = post ? post : org_post(rights->was, id);
	return post ? post->name.in[lang] : id;
}

/* People, or consoles, one after the other. */
static void
add_changes(struct str *out, const struct message_rights *rights, enum lang lang, bool posts)
{
	const json_t *list = posts ? rights->posts : rights->people;
	size_t n = json_array_size(list);
	char more[24];

	for (size_t i = 0; i < n && i < NAMED_MOST; i++) {
		const json_t *change = json_array_get(list, i);
		const char *id =
			json_string_value(json_object_get(change, posts ? "post" : "person"));

		str_add(out, out->len ? ", " : "");
		if (posts) {
			add_phrase(out, CONSOLE, lang, post_name(rights, id, lang));
		} else {
			str_add(out, name_of(rights, id).in[lang]);
		}
		add_change(out, change, lang, posts ? rights : NULL);
	}
	if (n > NAMED_MOST) {
		(void)snprintf(more, sizeof(more), "%zu", n - NAMED_MOST);
		str_add(out, ", ");
		add_phrase(out, MORE, lang, more);
	}
}

/* One line in both languages, Japanese first; names are made harmless. */
static json_t *
line(const struct message_rights *rights)
{
	static const enum lang order[] = { LANG_JA, LANG_EN };
	struct str text = STR_INIT;
	struct str shown = STR_INIT;
	json_t *value;

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		struct words by = name_of(rights, rights->by);
		struct str what = STR_INIT;

		add_changes(&what, rights, order[i], false);
		add_changes(&what, rights, order[i], true);
		if (what.len == 0) {
			str_add(&what, "-"); /* names or telephones alone */
		}
		str_add(&text, i ? " / " : "");
		str_say(&text, phrases[CHANGED].in[order[i]],
			(struct str_arg[]){
				{ "by", by.in[order[i]] }, { "what", str_text(&what) } },
			2);
		str_release(&what);
	}
	line_add_value(&shown, str_text(&text), LINE_VALUE_COLS * 2 * NAMED_MOST);
	value = text.failed || shown.failed ? NULL : json_string(str_text(&shown));
	str_release(&text);
	str_release(&shown);
	return value;
}

static json_t *
named(const char *id, const struct words *name)
{
	return json_pack("{s:s, s:{s:s, s:s}}", "id", id, "name", "en", name->in[LANG_EN], "ja",
		name->in[LANG_JA]);
}

/* A change without accounts: that it became another is said, not which. */
static json_t *
data_change(const struct message_rights *rights, const json_t *change)
{
	const char *person = json_string_value(json_object_get(change, "person"));
	const char *post = json_string_value(json_object_get(change, "post"));
	struct words name = post ? (struct words){ { post_name(rights, post, LANG_EN),
						   post_name(rights, post, LANG_JA) } }
				 : name_of(rights, person);
	json_t *data = named(post ? post : person, &name);
	static const char *const kept[] = { "added", "removed", "gained", "lost", "department" };

	for (size_t i = 0; data && i < ARRAY_LEN(kept); i++) {
		json_t *value = json_object_get(change, kept[i]);

		if (value) {
			(void)json_object_set(data, kept[i], value);
		}
	}
	(void)json_object_set_new(
		data, "account", json_boolean(json_object_get(change, "login") != NULL));
	return data;
}

static json_t *
data_changes(const struct message_rights *rights, const json_t *list)
{
	json_t *data = json_array();
	size_t i;
	json_t *change;

	json_array_foreach(list, i, change)
	{
		(void)json_array_append_new(data, data_change(rights, change));
	}
	return data;
}

char *
message_rights_body(const struct message_rights *rights, const struct event *event)
{
	struct words by = name_of(rights, rights->by);
	char at[STAMP_SIZE];
	char hex[HASH_HEX_SIZE];
	json_t *document;

	stamp_format(event->at, rights->now->offset_min, at);
	hash_hex(&event->row_hash, hex);
	document = json_pack(
		"{s:s, s:s, s:o, s:{s:o, s:o, s:o, s:b, s:{s:I, s:s, s:s}}}", "type",
		TYPE_RIGHTS, "timestamp", at, "text", line(rights), "data", "by",
		named(rights->by, &by), "people", data_changes(rights, rights->people), "posts",
		data_changes(rights, rights->posts), "marked", rights->marked, "head", "seq",
		(json_int_t)event->seq, "row_hash", hex, "at", at);
	return message_dump(document, rights->now->trial);
}
