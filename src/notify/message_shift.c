/* SPDX-License-Identifier: MIT */
/*
 * What a message about a handover says: who hands over to whom and how much,
 * never which cases: the receiver may show it to anybody.
 */
#include "toban/notify/notify.h"

#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

static const struct words phrase = { {
	"Shift handover ({department}): {by} hands over to {to}. Open: {open}, late: {late}.",
	"当番の引継ぎ（{department}）: {by} から {to} へ。未完了 {open} 件、期限超過 {late} 件。",
} };

static const struct words anybody = { { "anybody of the department", "部門の誰か" } };

static struct words
name_of(const struct org *org, const char *id)
{
	const struct person *person = id ? org_person(org, id) : NULL;

	return person ? person->name : id ? (struct words){ { id, id } } : anybody;
}

static struct words
department_of(const struct org *org, const char *id)
{
	const struct department *department = org_department(org, id);

	return department ? department->name : (struct words){ { id, id } };
}

static json_t *
json_words(const struct words *words)
{
	return json_pack("{s:s, s:s}", "en", words->in[LANG_EN], "ja", words->in[LANG_JA]);
}

static json_t *
named(const char *id, const struct words *name)
{
	return id ? json_pack("{s:s, s:o}", "id", id, "name", json_words(name)) : json_null();
}

/* One line in both languages, Japanese first; names are made harmless. */
static json_t *
line(const struct message_source *source)
{
	static const enum lang order[] = { LANG_JA, LANG_EN };
	const struct message_shift *shift = source->shift;
	struct words by = name_of(source->org, shift->by);
	struct words to = name_of(source->org, shift->to);
	struct words department = department_of(source->org, shift->department);
	struct str text = STR_INIT;
	struct str shown = STR_INIT;
	char open[16];
	char late[16];
	json_t *value;

	(void)snprintf(open, sizeof(open), "%d", shift->open);
	(void)snprintf(late, sizeof(late), "%d", shift->late);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		enum lang lang = order[i];
		const struct str_arg args[] = {
			{ "department", department.in[lang] },
			{ "by", by.in[lang] },
			{ "to", to.in[lang] },
			{ "open", open },
			{ "late", late },
		};

		str_add(&text, i ? " / " : "");
		str_say(&text, phrase.in[lang], args, ARRAY_LEN(args));
	}
	text_show(&shown, str_text(&text), text.len, TEXT_LINE);
	value = text.failed || shown.failed ? NULL : json_string(str_text(&shown));
	str_release(&text);
	str_release(&shown);
	return value;
}

char *
message_shift_body(const struct message_source *source)
{
	const struct message_shift *shift = source->shift;
	struct words by = name_of(source->org, shift->by);
	struct words to = name_of(source->org, shift->to);
	struct words department = department_of(source->org, shift->department);
	char at[STAMP_SIZE];
	char hex[HASH_HEX_SIZE];
	json_t *document;

	stamp_format(source->event->at, source->org->offset_min, at);
	hash_hex(&source->head->row_hash, hex);
	document = json_pack("{s:s, s:s, s:o, s:{s:o, s:o, s:o, s:i, s:i, s:{s:I, s:s, s:s}}}",
		"type", source->type, "timestamp", at, "text", line(source), "data", "department",
		named(shift->department, &department), "by", named(shift->by, &by), "to",
		named(shift->to, &to), "open", shift->open, "late", shift->late, "head", "seq",
		(json_int_t)source->head->seq, "row_hash", hex, "at", at);
	return message_dump(document, source->org->trial);
}
