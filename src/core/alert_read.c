/* SPDX-License-Identifier: MIT */
/*
 * Reading what other systems send.  A notification is taken in whole or not at
 * all, so that its sender can send it again; texts that are merely long are cut where
 * that shows, because an alarm must not be lost for its length.
 */
#include "toban/core/alert.h"

#include <stdlib.h>
#include <string.h>

#include "alert_format.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

#define CUT_MARK " […]"

static const struct {
	const char *name;
	void (*read)(struct alert_reader *reader, const json_t *document);
} formats[] = {
	{ "alertmanager", alert_read_alertmanager },
	{ "zabbix", alert_read_zabbix },
	{ "json", alert_read_json },
};

bool
alert_format_known(const char *format)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (strcmp(formats[i].name, format) == 0) {
			return true;
		}
	}
	return false;
}

/* --- faults and texts ------------------------------------------------------------- */

void
alert_fault(struct alert_reader *reader, const char *key, const char *code, const char *text)
{
	const char *dot = *reader->path && *key ? "." : "";
	const char *place = arena_printf(reader->arena, "%s%s%s", reader->path, dot, key);

	if (reader->diagnostics->n < FAULTS_MOST) {
		diagnostics_add(
			reader->diagnostics, place && *place ? place : "document", code, text);
	}
	reader->faults++;
}

const char *
alert_cut(struct alert_reader *reader, const char *text, size_t most)
{
	size_t len = strlen(text);
	size_t end = most - strlen(CUT_MARK);
	const char *cut;

	if (len > most) {
		while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80) {
			end--; /* not inside a character */
		}
		cut = arena_printf(reader->arena, "%.*s%s", (int)end, text, CUT_MARK);
	} else {
		cut = arena_strdup(reader->arena, text);
	}
	reader->failed = reader->failed || !cut;
	return cut ? cut : "";
}

const char *
alert_text(struct alert_reader *reader, const json_t *object, const char *key, bool required)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value)) {
		const char *number =
			arena_printf(reader->arena, "%lld", (long long)json_integer_value(value));

		return number ? number : "";
	}
	if (value && !json_is_null(value) && !json_is_string(value)) {
		alert_fault(reader, key, "D102", _("A text is wanted here."));
		return "";
	}
	if (required && (!json_is_string(value) || json_string_length(value) == 0)) {
		alert_fault(reader, key, "D101", _("This is required."));
	}
	return json_is_string(value) ? json_string_value(value) : "";
}

const char *
alert_key(struct alert_reader *reader, const json_t *object, const char *key, bool required)
{
	const char *text = alert_text(reader, object, key, required);

	if (strlen(text) > KEY_MOST) {
		alert_fault(reader, key, "D104", _("This text is too long."));
		return "";
	}
	return alert_cut(reader, text, KEY_MOST);
}

const char *
alert_time(struct alert_reader *reader, const json_t *object, const char *key)
{
	const char *text = alert_text(reader, object, key, false);
	stamp at;

	if (*text && stamp_parse(text, &at)) {
		alert_fault(reader, key, "D108",
			_("A time such as 2026-11-22T22:13:00+09:00 is wanted here."));
		return "";
	}
	return alert_cut(reader, text, KEY_MOST);
}

json_t *
alert_labels(struct alert_reader *reader, const json_t *object, const char *key)
{
	const json_t *given = json_object_get(object, key);
	json_t *labels = json_object();
	const char *name;
	json_t *value;

	reader->failed = reader->failed || !labels;
	if (!given || json_is_null(given)) {
		return labels;
	}
	if (!json_is_object(given)) {
		alert_fault(reader, key, "D102", _("An object of texts is wanted here."));
		return labels;
	}
	if (json_object_size(given) > LABELS_MOST) {
		alert_fault(reader, key, "D104", _("There are more than 64 of them."));
		return labels;
	}
	/* jansson's iteration wants a mutable object but changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)given, name, value)
	{
		if (!json_is_string(value) || strlen(name) > KEY_MOST) {
			alert_fault(reader, key, "D102",
				_("Names of at most 200 bytes and values that are texts are wanted "
				  "here."));
			return labels;
		}
		alert_label(reader, labels, name, json_string_value(value));
	}
	return labels;
}

void
alert_label(struct alert_reader *reader, json_t *labels, const char *name, const char *value)
{
	if (json_object_set_new(labels, name, json_string(alert_cut(reader, value, VALUE_MOST))) !=
		0) {
		reader->failed = true;
	}
}

const char *
alert_hint(const json_t *labels, const char *const *names)
{
	for (; *names; names++) {
		const char *value = json_string_value(json_object_get(labels, *names));

		if (value && *value) {
			return value;
		}
	}
	return "";
}

void
alert_add(struct alert_reader *reader, const struct alert_note *note)
{
	struct alert_note *items = arena_extend(
		reader->arena, reader->notes.items, reader->notes.n, &reader->cap, sizeof(*items));
	struct alert_note kept = *note;

	if (!items || json_array_append_new(reader->notes.store, note->labels) != 0) {
		reader->failed = true;
		return;
	}
	kept.source = reader->format;
	kept.title = alert_cut(reader, note->title, TITLE_MOST);
	kept.text = alert_cut(reader, note->text, ALERT_TEXT_MOST);
	kept.place = alert_cut(reader, note->place, VALUE_MOST);
	kept.asset = alert_cut(reader, note->asset, VALUE_MOST);
	reader->notes.items = items;
	items[reader->notes.n++] = kept;
}

void
alert_each(struct alert_reader *reader, const json_t *list, alert_visit *visit)
{
	const char *before = reader->path;
	size_t i;
	const json_t *item;

	if (!json_is_array(list) || json_array_size(list) == 0) {
		alert_fault(reader, "alerts", "D101", _("A list of alerts is wanted here."));
		return;
	}
	if (json_array_size(list) > ALERT_NOTES_MOST) {
		alert_fault(reader, "alerts", "D104", _("There are more than 1,000 of them."));
		return;
	}
	json_array_foreach(list, i, item)
	{
		const char *path = arena_printf(reader->arena, "alerts[%zu]", i);

		reader->path = path ? path : "alerts";
		if (json_is_object(item)) {
			visit(reader, item);
		} else {
			alert_fault(reader, "", "D102", _("An object is wanted here."));
		}
	}
	reader->path = before;
}

/* --- the document --------------------------------------------------------------------- */

/* Deeper than `left` levels? */
static bool
is_deep(const json_t *value, int left)
{
	bool deep = left < 0;
	const char *name;
	json_t *member;
	size_t i;

	json_array_foreach(value, i, member)
	{
		deep = deep || is_deep(member, left - 1);
	}
	json_object_foreach((json_t *)(uintptr_t)value, name, member)
	{
		deep = deep || is_deep(member, left - 1);
	}
	return deep;
}

/* Where the text stops being JSON, without quoting any of it. */
static void
fault_json(struct alert_reader *reader, const json_error_t *error)
{
	struct str text = STR_INIT;
	char line[24];
	char column[24];
	const struct str_arg args[] = { { "line", line }, { "column", column } };
	enum json_error_code code = json_error_code(error);
	const char *pattern = code == json_error_premature_end_of_input
		? _("It ends too early, in line {line} (column {column}).")
		: code == json_error_duplicate_key
		? _("A name stands twice in one object, in line {line} (column {column}).")
		: code == json_error_stack_overflow
		? _("It is nested too deeply, in line {line} (column {column}).")
		: _("It is no JSON from line {line} (column {column}) on.");

	(void)snprintf(line, sizeof(line), "%d", error->line);
	(void)snprintf(column, sizeof(column), "%d", error->column);
	str_say(&text, pattern, args, ARRAY_LEN(args));
	alert_fault(reader, "document", "D110", str_text(&text));
	str_release(&text);
}

/* The document: itself, or the text that is one. A new reference; NULL: a fault is named. */
static json_t *
open_document(struct alert_reader *reader, const json_t *given)
{
	json_error_t error;
	json_t *document;
	/* The text, or the document as text: jansson counts without writing it. */
	bool is_text = json_is_string(given);
	size_t size = is_text ? json_string_length(given)
			      : json_dumpb(given, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);

	if (size > ALERT_DOCUMENT_MOST) {
		alert_fault(reader, "document", "D104", _("It is larger than 1 MiB."));
		return NULL;
	}
	document = is_text
		? json_loadb(json_string_value(given), size, JSON_REJECT_DUPLICATES, &error)
		: json_incref((json_t *)(uintptr_t)given);
	if (!document && is_text) {
		fault_json(reader, &error);
	} else if (!json_is_object(document)) {
		alert_fault(reader, "document", "D102", _("An object is wanted here."));
	} else if (is_deep(document, ALERT_DEPTH_MOST)) {
		alert_fault(reader, "document", "D104", _("It is nested too deeply."));
	}
	if (reader->faults) {
		json_decref(document);
		return NULL;
	}
	return document;
}

enum err
alert_read(struct arena *arena, const struct alert_source *source, struct diagnostics *diagnostics,
	struct alert_notes *ret_notes)
{
	struct alert_reader reader = { .arena = arena,
		.diagnostics = diagnostics,
		.format = source->format,
		.offset_min = source->offset_min,
		.path = "",
		.notes = { .store = json_array() } };
	json_t *document = reader.notes.store ? open_document(&reader, source->document) : NULL;

	for (size_t i = 0; document && i < ARRAY_LEN(formats); i++) {
		if (strcmp(formats[i].name, source->format) == 0) {
			formats[i].read(&reader, document);
		}
	}
	if (reader.failed || !reader.notes.store || reader.faults || !reader.notes.n) {
		bool faulty = reader.faults && !reader.failed;

		json_decref(document);
		json_decref(reader.notes.store);
		return faulty ? ERR_INVALID : ERR_NOMEM;
	}
	/* Keys and hints may be borrowed from it. */
	if (json_array_append_new(reader.notes.store, document) != 0) {
		json_decref(reader.notes.store);
		return ERR_NOMEM;
	}
	*ret_notes = reader.notes;
	return ERR_OK;
}

void
alert_notes_release(struct alert_notes *notes)
{
	json_decref(notes->store);
	notes->store = NULL;
}

json_t *
alert_note_body(const struct alert_note *note, int64_t times)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:O, s:I}", "source",
		note->source, "key", note->key, "title", note->title, "text", note->text,
		"occurrence", note->occurrence, "firing", note->firing, "at", note->at, "place",
		note->place, "asset", note->asset, "labels", note->labels, "times",
		(json_int_t)times);
}
