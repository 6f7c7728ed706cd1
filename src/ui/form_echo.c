/* SPDX-License-Identifier: MIT */
/*
 * What the desk understood of a typed value, said while it is typed: the moment
 * of "yesterday 22:13", the title of an incident, the size of a file.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "attach.h"
#include "doc.h"
#include "form_part.h"
#include "toban/base/i18n.h"

/* As the desk: clocks of two machines are never quite the same. */
enum { SLACK_MS = 60000 };

static void
add_moment(struct book *book, stamp at, const char *typed, struct str *out)
{
	char same[STAMP_SIZE];

	stamp_format_short(at, book_offset(book), same);
	if (strcmp(same, typed) != 0) {
		str_add(out, "= ");
		book_time_full(book, at, out);
	}
}

static enum echo
echo_time(struct form *form, struct field *field, struct str *out)
{
	struct book *book = &form->owner->app->book;
	const char *typed = edit_text(&field->edit);
	stamp now = book_now(book);
	stamp at;

	if (stamp_parse_loose(typed, now, book_offset(book), &at) != ERR_OK) {
		return ECHO_NONE;
	}
	add_moment(book, at, typed, out);
	if (at <= now + SLACK_MS) {
		return ECHO_MEANS;
	}
	str_addf(out, "%s(%s)", out->len > 0 ? "  " : "", _("still to come"));
	return ECHO_FAULT;
}

static enum echo
echo_due(struct form *form, struct field *field, struct str *out)
{
	struct book *book = &form->owner->app->book;
	const char *typed = edit_text(&field->edit);
	stamp now = book_now(book);
	stamp at;

	if (stamp_parse_due(typed, now, book_offset(book), doc_flag(field->def, "day_start"),
		    &at) != ERR_OK) {
		return ECHO_NONE;
	}
	add_moment(book, at, typed, out);
	if (at >= now - SLACK_MS || doc_flag(field->def, "any")) {
		return ECHO_MEANS;
	}
	str_addf(out, "%s(%s)", out->len > 0 ? "  " : "", _("already past"));
	return ECHO_FAULT;
}

/* "26-0141": digits, a dash, digits; only then the desk is asked. */
static bool
looks_like_number(const char *text)
{
	size_t year = strspn(text, "0123456789");
	size_t number = text[year] == '-' ? strspn(text + year + 1, "0123456789") : 0;

	return year == 2 && number >= 4 && text[year + 1 + number] == '\0';
}

static void
look_up_incident(struct form *form, const char *id, struct str *out)
{
	json_t *show = NULL;
	json_t *error = NULL;

	if (app_try(form->owner->app, "incident.show", json_pack("{s:s}", "id", id), &show,
		    &error) == ERR_OK) {
		str_addf(out, "= %s", doc_text(show, "title"));
	}
	json_decref(show);
	json_decref(error);
}

/* What must be asked for is asked once for each text. */
static enum echo
echo_kept(struct form *form, struct field *field, struct str *out)
{
	const char *typed = edit_text(&field->edit);
	bool file = strcmp(doc_text(field->def, "type"), "file") == 0;

	if (!field->echo_of || strcmp(field->echo_of, typed) != 0) {
		struct str said = STR_INIT;

		if (file && typed[0]) {
			struct str path = STR_INIT;

			attach_path(form->owner->app, typed, &path);
			attach_words(str_text(&path), &said);
			str_release(&path);
		} else if (!file && looks_like_number(typed)) {
			look_up_incident(form, typed, &said);
		}
		free(field->echo_of);
		free(field->echo);
		field->echo_of = strdup(typed);
		field->echo = str_detach(&said);
	}
	str_add(out, field->echo ? field->echo : "");
	return out->len > 0 ? ECHO_MEANS : ECHO_NONE;
}

/* A line may hold a person's id: whose is it?  NULL: nobody's. */
static const json_t *
person_of(struct form *form, const struct field *field)
{
	const json_t *people = doc_list(book_org(&form->owner->app->book), "people");

	return doc_find(people, "id", edit_text(&field->edit));
}

static enum echo
echo_person(struct form *form, struct field *field, struct str *out)
{
	const json_t *person = person_of(form, field);

	if (!person) {
		return ECHO_NONE;
	}
	str_addf(out, "= %s  %s", doc_words_of(person, "name"), doc_words_of(person, "title"));
	return ECHO_MEANS;
}

enum echo_kind_of {
	KIND_NONE,
	KIND_TIME,
	KIND_DUE,
	KIND_KEPT,
	KIND_PERSON,
};

static enum echo_kind_of
kind_of(const struct field *field)
{
	const char *type = doc_text(field->def, "type");

	if (field->entry != ENTRY_LINE) {
		return KIND_NONE;
	}
	if (strcmp(type, "time") == 0) {
		return KIND_TIME;
	}
	if (strcmp(type, "due") == 0) {
		return KIND_DUE;
	}
	if (strcmp(type, "line") == 0) {
		return KIND_PERSON;
	}
	return strcmp(type, "file") == 0 || strcmp(type, "incident") == 0 ? KIND_KEPT : KIND_NONE;
}

bool
form_echoes(struct form *form, const struct field *field)
{
	/* Most lines are no ids, and keep no row free for it. */
	return kind_of(field) == KIND_PERSON ? person_of(form, field) != NULL
					     : kind_of(field) != KIND_NONE;
}

bool
form_is_short(const struct field *field)
{
	return kind_of(field) == KIND_TIME || kind_of(field) == KIND_DUE;
}

enum echo
form_echo(struct form *form, struct field *field, struct str *out)
{
	switch (kind_of(field)) {
	case KIND_TIME:
		return echo_time(form, field, out);
	case KIND_DUE:
		return echo_due(form, field, out);
	case KIND_KEPT:
		return echo_kept(form, field, out);
	case KIND_PERSON:
		return echo_person(form, field, out);
	default:
		return ECHO_NONE;
	}
}

/* The sentences are the desk's: who sends must not hear of one fault after another. */
const char *
form_time_fault(struct form *form, struct field *field)
{
	bool due = kind_of(field) == KIND_DUE;
	struct str said = STR_INIT;
	enum echo echo;

	if (!form_is_short(field) || form_is_empty(field)) {
		return NULL;
	}
	echo = form_echo(form, field, &said);
	str_release(&said);
	if (echo == ECHO_NONE) {
		return due ? _("This is no time. Write 30m, 4h, 5d, tomorrow 9:00, 11-30, or "
			       "2026-11-30 18:00.")
			   : _("This is no time. Write 22:13, yesterday 22:13, -15m, or "
			       "2026-11-22 22:13.");
	}
	if (echo == ECHO_FAULT) {
		return due ? _("This time has passed already.") : _("This time is still to come.");
	}
	return NULL;
}

/* Types whose values are ASCII: an input method left on must not spoil them. */
static bool
is_ascii_type(const struct field *field)
{
	const char *type = doc_text(field->def, "type");

	return strcmp(type, "incident") == 0 || strcmp(type, "seq") == 0 ||
		strcmp(type, "measure") == 0 || strcmp(type, "hash") == 0;
}

struct key
form_fold_key(const struct field *field, const struct key *key)
{
	struct key folded = *key;

	if (is_ascii_type(field) && key->code != K_PASTE) {
		folded.code = key_command(key);
	}
	return folded;
}

/* A telephone number and nothing else, in whatever width; dashes as keyboards give them. */
static bool
fold_number(const char *text, struct str *out)
{
	struct str folded = STR_INIT;
	size_t digits = 0;
	bool number = true;

	text_fold(&folded, text, strlen(text));
	for (const char *s = str_text(&folded); *s && number;) {
		if (strncmp(s, "ー", strlen("ー")) == 0 || strncmp(s, "−", strlen("−")) == 0 ||
			strncmp(s, "‐", strlen("‐")) == 0) {
			str_add_char(out, '-');
			s += strlen("ー");
			continue;
		}
		number = strchr("0123456789-+()# ", *s) != NULL;
		digits += isdigit((unsigned char)*s) != 0;
		str_add_char(out, *s++);
	}
	str_release(&folded);
	return number && digits >= 3;
}

void
form_fold_value(struct field *field)
{
	const char *text = edit_text(&field->edit);
	struct str folded = STR_INIT;

	if (field->entry == ENTRY_LINE &&
		(is_ascii_type(field) || strcmp(doc_text(field->def, "type"), "line") == 0) &&
		fold_number(text, &folded) && strcmp(str_text(&folded), text) != 0) {
		edit_replace(&field->edit, str_text(&folded));
	}
	str_release(&folded);
}
