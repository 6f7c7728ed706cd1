/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with a form: shown at the fields, all at once, and said in one
 * sentence.  Empty required fields are found before anybody is asked to send.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "form_part.h"
#include "toban/base/i18n.h"

static void
clear_problems(struct form *form)
{
	for (int i = 0; i < form->n; i++) {
		free(form->fields[i].problem);
		form->fields[i].problem = NULL;
	}
}

/* "measures[0].text" belongs to the field "measures". */
static struct field *
field_of_path(struct form *form, const char *path)
{
	size_t len = strcspn(path, ".[");

	for (int i = 0; i < form->n; i++) {
		if (strlen(form->fields[i].key) == len &&
			strncmp(form->fields[i].key, path, len) == 0) {
			return &form->fields[i];
		}
	}
	return NULL;
}

static void
add_problem(struct field *field, const json_t *problem)
{
	struct str text = STR_INIT;
	const char *path = doc_text(problem, "field");

	if (field->problem) {
		str_addf(&text, "%s ", field->problem);
	}
	if (strcmp(path, field->key) != 0) {
		str_addf(&text, "%s: ", path);
	}
	str_add(&text, doc_words_of(problem, "text"));
	free(field->problem);
	field->problem = str_detach(&text);
}

/* Returns how many found their field. */
static int
show_problems(struct form *form, const json_t *error)
{
	int shown = 0;
	size_t i;
	json_t *problem;

	clear_problems(form);
	json_array_foreach(doc_list(error, "fields"), i, problem)
	{
		struct field *field = field_of_path(form, doc_text(problem, "field"));

		if (field) {
			add_problem(field, problem);
			shown++;
		}
	}
	for (int f = 0; f < form->n; f++) {
		if (form->fields[f].problem) {
			form->focus = f;
			form->zoomed = false;
			break;
		}
	}
	return shown;
}

/* Nothing of what is typed is gone, and where to look: that is what counts now. */
static void
say_problems(struct form *form, const char *code)
{
	struct str text = STR_INIT;
	char number[16];
	int n = 0;

	for (int i = 0; i < form->n; i++) {
		n += form->fields[i].problem ? 1 : 0;
	}
	snprintf(number, sizeof(number), "%d", n);
	str_say(&text,
		P_("Not sent yet: a field needs your attention, it is marked with !. What you "
		   "typed is kept.",
			"Not sent yet: {n} fields need your attention, they are marked with !. "
			"What you typed is kept.",
			(unsigned long)n),
		&(struct str_arg){ "n", number }, 1);
	str_addf(&text, " (%s)", code);
	app_say(form->owner->app, SAY_ERROR, str_text(&text));
	form->said = true;
	str_release(&text);
}

void
form_settle(struct form *form)
{
	for (int i = 0; i < form->n; i++) {
		if (form->fields[i].problem) {
			return;
		}
	}
	if (form->said) {
		(void)say_dismiss(&form->owner->app->log);
	}
	form->said = false;
}

void
form_refused(struct form *form, const json_t *error)
{
	size_t named = json_array_size(doc_list(error, "fields"));

	/* What is wrong outside of the fields only the desk's own sentence says. */
	if (named > 0 && show_problems(form, error) == (int)named) {
		say_problems(form, doc_text(error, "code"));
	} else {
		app_say_error(form->owner->app, error);
	}
}

static int
next_fault(const struct form *form)
{
	for (int i = 1; i <= form->n; i++) {
		int at = (form->focus + i) % form->n;

		if (form->fields[at].problem) {
			return at;
		}
	}
	return -1;
}

void
form_fault_run(struct screen *owner)
{
	struct form *form = &((struct form_screen *)owner)->form;
	int at = next_fault(form);

	if (at >= 0) {
		form->zoomed = false;
		form->focus = at;
		form_enter(&form->fields[at], 1);
	}
}

bool
form_why_not(struct screen *owner, const struct action *action, struct str *why)
{
	const struct form *form = &((struct form_screen *)owner)->form;

	if (action->run == form_editor_run) {
		return form_editor_refused(form, why);
	}
	if (action->run != form_fault_run || next_fault(form) >= 0) {
		return false;
	}
	str_add(why, _("No field of this form is marked."));
	return true;
}

bool
form_is_empty(const struct field *field)
{
	if (field->entry == ENTRY_LINE || field->entry == ENTRY_AREA) {
		const char *text = edit_text(&field->edit);

		return text[strspn(text, " \t\n")] == '\0';
	}
	/* No measures may be an answer; nobody chosen is none. */
	return !field->value || (field->entry == ENTRY_MANY && json_array_size(field->value) == 0);
}

void
form_focus_empty(struct form *form)
{
	for (int i = 0; i < form->n; i++) {
		if (form_is_empty(&form->fields[i])) {
			form->focus = i;
			return;
		}
	}
	form->focus = 0;
}

/* What can be told of a field without the desk; NULL: nothing. */
static const char *
own_problem(struct form *form, struct field *field)
{
	if (doc_flag(field->def, "required") && form_is_empty(field)) {
		return _("This must be filled in.");
	}
	return form_time_fault(form, field);
}

bool
form_is_complete(struct form *form)
{
	json_t *problems = json_array();
	const char *code = "D108";
	json_t *error;

	for (int i = 0; i < form->n; i++) {
		struct field *field = &form->fields[i];
		const char *problem;

		form_fold_value(field);
		problem = own_problem(form, field);
		if (problem) {
			json_array_append_new(problems,
				json_pack("{s:s, s:s}", "field", field->key, "text", problem));
			code = form_is_empty(field) ? "D101" : code;
		}
	}
	if (json_array_size(problems) == 0) {
		json_decref(problems);
		/* What was said about fields that are filled in by now. */
		clear_problems(form);
		(void)say_dismiss(&form->owner->app->log);
		form->said = false;
		return true;
	}
	error = json_pack("{s:s, s:o}", "code", code, "fields", problems);
	form_refused(form, error);
	json_decref(error);
	return false;
}
