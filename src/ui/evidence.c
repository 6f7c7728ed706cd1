/* SPDX-License-Identifier: MIT */
/*
 * Recording the files that go with a report, each for itself.
 */
#include "evidence.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "attach.h"
#include "doc.h"
#include "toban/base/i18n.h"

/* What became of the files, for one sentence. */
struct outcome {
	unsigned long recorded;
	unsigned long waiting;
	struct str why;
};

static void
say_outcome(struct app *app, const char *id, const struct outcome *outcome)
{
	struct str done = STR_INIT;
	struct str all = STR_INIT;
	const char *pattern;

	str_addf(&done, "%lu", outcome->recorded);
	str_addf(&all, "%lu", outcome->recorded + outcome->waiting);
	pattern = outcome->waiting > 0 || outcome->why.len > 0
		? _("The report {id} is recorded, but only {n} of {all} files. The others wait as "
		    "drafts: {why}")
		: P_("The report {id} is recorded, and its attached file.",
			  "The report {id} is recorded, and its {n} attached files.",
			  outcome->recorded);
	app_say_with(app, outcome->why.len > 0 ? SAY_ERROR : SAY_DONE, pattern,
		(struct str_arg[]){ { "id", id }, { "n", str_text(&done) },
			{ "all", str_text(&all) }, { "why", str_text(&outcome->why) } },
		4);
	str_release(&done);
	str_release(&all);
}

static void
add_why(struct outcome *outcome, const char *path, const json_t *error)
{
	const json_t *field = json_array_get(doc_list(error, "fields"), 0);

	str_addf(&outcome->why, "%s%s%s%s", outcome->why.len > 0 ? "; " : "", path,
		path[0] ? ": " : "",
		field           ? doc_words_of(field, "text")
			: error ? doc_text(error, "text")
				: _("stopped"));
}

/* The step is the draft's own; whether it was recorded before, its event tells. */
static json_t *
step_args(const char *id, const json_t *draft)
{
	json_t *fields = json_deep_copy(json_object_get(draft, "fields"));
	json_t *args = json_pack("{s:s, s:s, s:s, s:O, s:o}", "id", id, "step",
		doc_text(draft, "form"), "draft", doc_text(draft, "draft"), "event",
		json_object_get(fields, "event"), "fields", fields);

	(void)json_object_del(fields, "event"); /* named beside the fields */
	return args;
}

/* The field of the step's form that names a file; a new text, NULL: it has none. */
static char *
file_key(struct app *app, const char *step)
{
	const json_t *record = book_step_record(&app->book, step);
	json_t *form = NULL;
	json_t *error = NULL;
	char *key = NULL;
	size_t i;
	json_t *field;

	(void)app_try(app, "form.get", json_pack("{s:s}", "form", doc_text(record, "form")), &form,
		&error);
	json_array_foreach(doc_list(form, "fields"), i, field)
	{
		if (!key && strcmp(doc_text(field, "type"), "file") == 0) {
			key = strdup(doc_text(field, "key"));
		}
	}
	json_decref(form);
	json_decref(error); /* the step itself will be refused, and say why */
	return key;
}

/* The path in the fields of the step is put in; what was stands in its place. */
static bool
put_file(struct app *app, json_t *args, json_t **ret_error)
{
	json_t *fields = json_object_get(args, "fields");
	char *key = file_key(app, doc_text(args, "step"));
	json_t *file = NULL;
	bool done = true;

	if (key && doc_text(fields, key)[0]) {
		done = attach_put(
			app, &(struct attach_file){ key, doc_text(fields, key) }, &file, ret_error);
	}
	if (file) {
		json_object_set_new(fields, key, file);
	}
	free(key);
	return done;
}

/* One value of the draft names a file that was kept for it. */
static void
drop_kept(struct app *app, const json_t *fields)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)fields, key, value)
	{
		if (json_is_string(value)) {
			attach_drop(app, json_string_value(value));
		}
	}
}

static void
record_one(struct app *app, const char *id, const char *number, struct outcome *outcome)
{
	json_t *draft = NULL;
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e =
		app_try(app, "draft.load", json_pack("{s:s}", "draft", number), &draft, &error);

	if (e == ERR_OK) {
		json_t *args = step_args(id, draft);

		if (put_file(app, args, &error)) {
			e = app_try(app, "incident.act", args, &result, &error);
		} else {
			json_decref(args);
			e = ERR_INVALID;
		}
	}
	if (e == ERR_OK) {
		outcome->recorded++;
		drop_kept(app, json_object_get(draft, "fields"));
	} else {
		outcome->waiting++;
		add_why(outcome, doc_text(json_object_get(draft, "fields"), "file"), error);
	}
	json_decref(draft);
	json_decref(result);
	json_decref(error);
}

bool
evidence_record(struct app *app, const char *id)
{
	struct outcome outcome = { .why = STR_INIT };
	json_t *list = NULL;
	json_t *error = NULL;
	const json_t *drafts;
	bool list_read = app_try(app, "draft.list", NULL, &list, &error) == ERR_OK;

	if (!list_read) {
		add_why(&outcome, "", error);
	}
	drafts = doc_list(list, "drafts");
	/* The newest comes first; the files in the order they were attached. */
	for (size_t i = json_array_size(drafts); i-- > 0;) {
		const json_t *draft = json_array_get(drafts, i);

		if (strcmp(doc_text(draft, "subject"), id) == 0) {
			record_one(app, id, doc_text(draft, "draft"), &outcome);
		}
	}
	if (outcome.recorded > 0 || outcome.waiting > 0 || outcome.why.len > 0) {
		say_outcome(app, id, &outcome);
	}
	str_release(&outcome.why);
	json_decref(list);
	json_decref(error);
	return outcome.recorded > 0 || outcome.waiting > 0 || !list_read;
}
