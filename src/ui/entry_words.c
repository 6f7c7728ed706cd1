/* SPDX-License-Identifier: MIT */
/*
 * What an entry of the log says in one row: first what it is about (whom, by
 * when, which choice), then its text.  Which fields are about what is read from
 * the entry's form, so a site's own forms are worded as well as the shipped ones.
 */
#include <string.h>

#include "attach.h"
#include "doc.h"
#include "incident.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "value.h"

/* Appends `text` behind what the row says so far. */
static void
add_after(struct str *out, size_t start, const char *between, const char *text)
{
	str_addf(out, "%s%s", out->len > start && text[0] ? between : "", text);
}

/* "due 22:30", "until 11-22 22:30": short, since the row begins with a time as short. */
static void
add_due(struct book *book, const json_t *value, const char *between, struct str *out)
{
	const char *text = json_string_value(value);
	char at[STAMP_SIZE];
	stamp due;

	if (text && stamp_parse(text, &due) == ERR_OK) {
		book_time(book, due, at);
		str_addf(out, "%s%s %s", between, _("due"), at);
	}
}

static void
add_file(const json_t *value, struct str *out)
{
	str_addf(out, "%s (", doc_text(value, "name"));
	attach_size_words(doc_int(value, "size"), out);
	str_add_char(out, ')');
}

/* How a field of that type is told before the text; types without a row are not. */
static const struct {
	const char *type;
	const char *between; /* behind what was told before it */
} leading[] = {
	{ "people", ", " },
	{ "person", ", " },
	{ "due", ", " },
	{ "measure", ", " },
	{ "department", " " },
	{ "review-item", ", " },
	{ "clock", ", " },
	{ "incident", ", " },
	{ "file", ", " },
	{ "choice", ": " },
	{ "categories", ", " },
};

/* NULL: the field is part of the text, or not worth a place in the row. */
static const char *
place_of(const json_t *field)
{
	const char *type = doc_text(field, "type");
	const char *key = doc_text(field, "key");

	for (size_t i = 0; i < ARRAY_LEN(leading); i++) {
		if (strcmp(leading[i].type, type) == 0) {
			return leading[i].between;
		}
	}
	/* A call may go to somebody who is not registered: both are plain lines. */
	if (strcmp(type, "line") == 0) {
		return strcmp(key, "to") == 0 ? ", " : strcmp(key, "number") == 0 ? " " : NULL;
	}
	return strcmp(key, "seq") == 0 ? ", " : NULL;
}

static void
add_field(
	struct book *book, const json_t *field, const json_t *value, size_t start, struct str *out)
{
	const char *between = place_of(field);
	const char *type = doc_text(field, "type");
	struct str words = STR_INIT;

	if (!between || !value || json_is_null(value)) {
		return;
	}
	if (strcmp(between, ", ") == 0) {
		between = _(", ");
	}
	if (strcmp(type, "due") == 0) {
		add_due(book, value, out->len > start ? between : "", out);
		return;
	}
	if (strcmp(type, "file") == 0) {
		add_file(value, &words);
	} else if (strcmp(type, "seq") == 0) {
		str_addf(&words, _("entry %lld"), (long long)json_integer_value(value));
	} else if (strcmp(doc_text(field, "key"), "major") == 0) {
		/* The choice's label also says what follows, which is long past. */
		bool yes = strcmp(json_string_value(value) ? json_string_value(value) : "",
				   "yes") == 0;

		str_add(&words, yes ? _("yes") : _("no"));
	} else {
		value_words(book, field, value, &words);
	}
	add_after(out, start, between, str_text(&words));
	str_release(&words);
}

/* What the entry is about: "Ishikawa 03-5550-0103: no answer". */
static void
add_subject(struct book *book, const json_t *event, struct str *out)
{
	const json_t *body = json_object_get(event, "body");
	const json_t *fields = json_object_get(body, "fields");
	const json_t *step = book_step_record(book, doc_text(event, "kind"));
	const json_t *form = book_form(book, doc_text(step, "form"));
	const json_t *verdict = json_object_get(body, "verdict");
	size_t start = out->len;
	size_t i;
	json_t *field;
	const json_t *link;

	json_array_foreach(doc_list(form, "fields"), i, field)
	{
		add_field(book, field, json_object_get(fields, doc_text(field, "key")), start, out);
	}
	if (out->len == start && doc_text(verdict, "category")[0]) {
		book_category(book, doc_text(verdict, "category"), out);
	}
	/* Any step at a link answers it; only of the bare answer is that the news. */
	link = json_array_get(doc_list(body, "acknowledged"), 0);
	if (link && json_object_size(fields) == 0) {
		const json_t *place = json_array_get(doc_list(book_procedure(book), "chain"),
			(size_t)json_integer_value(link) - 1);

		str_addf(out, "%lld %s", (long long)json_integer_value(link),
			book_role(book, doc_text(place, "to")));
	}
}

/* What the desk did by itself: whom it told, and about which limit. */
static void
add_promise(struct book *book, const json_t *body, struct str *out)
{
	struct str people = STR_INIT;
	char limit[STAMP_SIZE];
	size_t i;
	json_t *told;

	json_array_foreach(doc_list(body, "notified"), i, told)
	{
		str_add(&people, i > 0 ? _(", ") : "");
		book_short_person(book, doc_text(told, "person"), &people);
	}
	book_time(book, doc_time(body, "limit_at"), limit);
	str_say(out,
		people.len == 0    ? _("limit {limit}")
			: limit[0] ? _("to {people}; limit {limit}")
				   : _("to {people}"),
		(struct str_arg[]){ { "people", str_text(&people) }, { "limit", limit } }, 2);
	str_release(&people);
}

/* The first of the texts that is there, else the measures that were planned. */
static void
add_text(struct book *book, const json_t *fields, struct str *out)
{
	static const char *const telling[] = { "title", "text", "evidence", "situation", "why",
		"cause", "other", "name" };
	size_t before = out->len;

	for (size_t i = 0; i < ARRAY_LEN(telling) && out->len == before; i++) {
		value_words(book, NULL, json_object_get(fields, telling[i]), out);
	}
	if (out->len == before) {
		size_t i;
		json_t *measure;

		json_array_foreach(doc_list(fields, "measures"), i, measure)
		{
			str_addf(out, "%s%s %s", i > 0 ? _(", ") : "", doc_text(measure, "key"),
				doc_text(measure, "text"));
		}
	}
}

void
incident_entry_text(struct book *book, const json_t *event, struct str *out)
{
	const json_t *body = json_object_get(event, "body");

	if (json_is_object(body)) {
		add_text(book, json_object_get(body, "fields"), out);
	} else {
		str_add(out, _("(erased)"));
	}
}

void
incident_summary(struct book *book, const json_t *event, struct str *out)
{
	const json_t *body = json_object_get(event, "body");
	const json_t *fields = json_object_get(body, "fields");
	struct str text = STR_INIT;
	size_t start = out->len;

	if (doc_text(body, "watch")[0]) {
		add_promise(book, body, out);
		return;
	}
	/* A report is known by its title; the rest of its form is a page of its own. */
	if (json_is_object(body) && !doc_text(fields, "title")[0]) {
		add_subject(book, event, out);
	}
	incident_entry_text(book, event, &text);
	add_after(out, start, "  ", str_text(&text));
	str_release(&text);
}
