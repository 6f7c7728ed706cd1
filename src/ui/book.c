/* SPDX-License-Identifier: MIT */
/*
 * Names of people, departments, steps and categories, read once a session.
 */
#include "book.h"

#include <stdio.h>
#include <string.h>

#include "doc.h"
#include "duty_form.h"
#include "toban/base/i18n.h"

enum { OFFSET_JAPAN_MIN = 540 };

void
book_init(struct book *book, const struct door *door, struct clock clock)
{
	*book = (struct book){ .door = door, .clock = clock };
}

void
book_forget(struct book *book)
{
	json_decref(book->org);
	json_decref(book->procedure);
	json_decref(book->forms);
	book->forms = NULL;
	book->org = NULL;
	book->procedure = NULL;
}

void
book_release(struct book *book)
{
	book_forget(book);
	json_decref(book->past);
	json_decref(book->desk);
	book->past = NULL;
	book->desk = NULL;
}

enum err
book_refresh(struct book *book, json_t **ret_error)
{
	json_t *desk = NULL;
	enum err e = book->door->call(book->door->ctx, "desk.info", NULL, &desk, ret_error);

	if (e != ERR_OK) {
		return e;
	}
	/* Names of a changed procedure are read anew; equal ones stay. */
	if (strcmp(doc_text(book->desk, "procedure_hash"), doc_text(desk, "procedure_hash")) != 0) {
		book_forget(book);
	}
	json_decref(book->desk);
	book->desk = desk;
	return ERR_OK;
}

/* Names are a help, not a need: without them ids are shown. */
static const json_t *
fetch(struct book *book, json_t **slot, const char *method)
{
	json_t *error = NULL;

	if (!*slot && book->door->call(book->door->ctx, method, NULL, slot, &error) != ERR_OK) {
		json_decref(error);
		*slot = json_object();
	}
	return *slot;
}

const json_t *
book_org(struct book *book)
{
	return fetch(book, &book->org, "org.show");
}

void
book_renew_org(struct book *book)
{
	json_t *fresh = NULL;
	json_t *error = NULL;

	if (book->door->call(book->door->ctx, "org.show", NULL, &fresh, &error) != ERR_OK) {
		json_decref(error); /* the names of before are better than none */
		return;
	}
	if (json_equal(fresh, book->org)) {
		json_decref(fresh);
		return;
	}
	if (book->org && !book->past) {
		book->past = json_array();
	}
	if (book->org && json_array_append(book->past, book->org) != 0) {
		json_decref(fresh); /* without memory nothing is taken away, either */
		return;
	}
	json_decref(book->org);
	book->org = fresh;
}

const json_t *
book_procedure(struct book *book)
{
	return fetch(book, &book->procedure, "procedure.show");
}

const json_t *
book_my_record(const struct book *book)
{
	return json_object_get(book->desk, "person");
}

const json_t *
book_form(struct book *book, const char *form)
{
	const json_t *kept = json_object_get(book->forms, form);
	json_t *args;
	json_t *read = NULL;
	json_t *error = NULL;

	if (kept || !form[0]) {
		return kept;
	}
	args = json_pack("{s:s}", "form", form);
	if (book->door->call(book->door->ctx, "form.get", args, &read, &error) != ERR_OK) {
		json_decref(error);
		read = json_object(); /* not asked for again */
	}
	json_decref(args);
	if (!book->forms) {
		book->forms = json_object();
	}
	json_object_set_new(book->forms, form, read);
	return json_object_get(book->forms, form);
}

const char *
book_me(const struct book *book)
{
	return doc_text(book_my_record(book), "id");
}

const json_t *
book_person_record(struct book *book, const char *id)
{
	return doc_find(doc_list(book_org(book), "people"), "id", id);
}

static const char *
or_id(const char *name, const char *id)
{
	return name[0] ? name : id;
}

const char *
book_person(struct book *book, const char *id)
{
	return or_id(doc_words_of(book_person_record(book, id), "name"), id);
}

void
book_people(struct book *book, const json_t *people, struct str *out)
{
	size_t i;
	const json_t *one;

	json_array_foreach(people, i, one)
	{
		const char *id = json_string_value(one);

		str_addf(out, "%s%s", i > 0 ? _(", ") : "",
			book_person(book, id ? id : doc_text(one, "person")));
	}
}

const char *
book_department(struct book *book, const char *id)
{
	const json_t *found = doc_find(doc_list(book_org(book), "departments"), "id", id);

	return or_id(doc_words_of(found, "name"), id);
}

static const char *
from_table(struct book *book, const char *table, const char *key)
{
	const json_t *words = json_object_get(book_procedure(book), table);

	return or_id(doc_words_of(words, key), key);
}

const char *
book_role(struct book *book, const char *role)
{
	return from_table(book, "roles", role);
}

const char *
book_short_role(struct book *book, const char *role)
{
	const char *words = doc_words_of(
		json_object_get(book_procedure(book), "short_roles"), role);

	return words[0] ? words : book_role(book, role);
}

const char *
book_kind(struct book *book, const char *kind)
{
	return from_table(book, "kinds", kind);
}

const char *
book_cell(struct book *book, const char *state)
{
	return from_table(book, "cells", state);
}

const char *
book_verdict(struct book *book, const char *verdict)
{
	return from_table(book, "verdicts", verdict);
}

const char *
book_state(struct book *book, const char *state)
{
	const json_t *found = doc_find(doc_list(book_procedure(book), "states"), "name", state);

	return or_id(doc_words_of(found, "label"), state);
}

const json_t *
book_step_record(struct book *book, const char *step)
{
	return doc_find(doc_list(book_procedure(book), "steps"), "name", step);
}

const char *
book_step(struct book *book, const char *step)
{
	/* What is written at a handover is kept under a name of its own. */
	if (strcmp(step, "handover") == 0 || strcmp(step, "handover-accept") == 0) {
		return _("Shift handover");
	}
	if (duty_form_title(step)) {
		return duty_form_title(step);
	}
	return or_id(doc_words_of(book_step_record(book, step), "label"), step);
}

const char *
book_short_step(struct book *book, const char *step)
{
	const char *words = doc_words_of(book_step_record(book, step), "short");

	return words[0] ? words : book_step(book, step);
}

const char *
book_short_kind(struct book *book, const char *kind)
{
	return book_step_record(book, kind) ? book_short_step(book, kind) : book_kind(book, kind);
}

const json_t *
book_category_record(struct book *book, const char *key)
{
	return doc_find(doc_list(book_procedure(book), "categories"), "key", key);
}

void
book_category(struct book *book, const char *key, struct str *out)
{
	const json_t *found = book_category_record(book, key);
	int64_t number = doc_int(found, "number");

	if (number > 0) {
		str_addf(out, "%lld ", (long long)number);
	}
	str_add(out, or_id(doc_words_of(found, "label"), key));
}

void
book_short_category(struct book *book, const char *key, struct str *out)
{
	const json_t *found = book_category_record(book, key);
	const char *words = doc_words_of(found, "short");

	if (!words[0]) {
		book_category(book, key, out);
		return;
	}
	if (doc_int(found, "number") > 0) {
		str_addf(out, "%lld ", (long long)doc_int(found, "number"));
	}
	str_add(out, words);
}

void
book_short_person(struct book *book, const char *id, struct str *out)
{
	const char *name = book_person(book, id);
	const char *last = strrchr(name, ' ');

	/* The family name: first in Japanese, last in Latin script. */
	if (last && (unsigned char)name[0] < 0x80) {
		str_add(out, last + 1);
	} else {
		str_add_n(out, name, strcspn(name, " "));
	}
}

stamp
book_now(const struct book *book)
{
	return clock_now(&book->clock);
}

int
book_offset(const struct book *book)
{
	return (int)doc_int(book->desk, "offset_min");
}

void
book_time(const struct book *book, stamp at, char out[STAMP_SIZE])
{
	char now[STAMP_SIZE];
	char text[STAMP_SIZE];
	size_t skip = 0;

	stamp_format_short(at, book_offset(book), text);
	stamp_format_short(book_now(book), book_offset(book), now);
	if (strncmp(text, now, strlen("2026-11-22")) == 0) {
		skip = strlen("2026-11-22 ");
	} else if (strncmp(text, now, strlen("2026")) == 0) {
		skip = strlen("2026-");
	}
	if (skip > strlen(text)) {
		skip = 0;
	}
	memmove(out, text + skip, strlen(text + skip) + 1);
}

void
book_left(const struct book *book, stamp due, char out[STAMP_SIZE])
{
	if (due == STAMP_NONE) {
		snprintf(out, STAMP_SIZE, "-");
		return;
	}
	duration_format_left(due - book_now(book), out);
}

void
book_time_full(const struct book *book, stamp at, struct str *out)
{
	char text[STAMP_SIZE];
	int offset = book_offset(book);

	stamp_format_short(at, offset, text);
	str_add(out, text);
	if (offset == OFFSET_JAPAN_MIN) {
		str_add(out, " JST");
	} else {
		str_addf(out, " %c%02d:%02d", offset < 0 ? '-' : '+',
			(offset < 0 ? -offset : offset) / 60, (offset < 0 ? -offset : offset) % 60);
	}
}
