/* SPDX-License-Identifier: MIT */
/*
 * Files of a form: chosen, or made of a paste too long to read as text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "attach.h"
#include "doc.h"
#include "form_part.h"
#include "paste.h"
#include "popup.h"
#include "toban/base/i18n.h"

/* A paste of more lines is a log rather than an answer. */
enum { LINES_MAX = 20 };

static struct form *
form_of(struct screen *owner)
{
	return &((struct form_screen *)owner)->form;
}

static struct field *
file_field(struct form *form)
{
	for (int i = 0; i < form->n; i++) {
		if (strcmp(doc_text(form->fields[i].def, "type"), "file") == 0) {
			return &form->fields[i];
		}
	}
	return NULL;
}

bool
form_takes_file(struct form *form)
{
	return form->files || file_field(form);
}

void
form_drop_files(struct form *form)
{
	struct field *field = file_field(form);

	if (field) {
		attach_drop(form->owner->app, edit_text(&field->edit));
	}
}

static void
attached(struct screen *owner, const char *path)
{
	struct form *form = form_of(owner);
	struct field *field = file_field(form);
	json_t *name = json_string(path);

	if (field) {
		edit_replace(&field->edit, path);
		free(field->problem);
		field->problem = NULL;
		form->focus = (int)(field - form->fields);
	} else if (!name) {
		app_say(owner->app, SAY_ERROR,
			_("A file whose name is no text cannot be attached here."));
		return;
	} else if (!doc_holds(form->files, path)) {
		json_array_append(form->files, name);
	}
	json_decref(name);
	form_touch(form);
}

static void
browse(struct form *form)
{
	struct field *field = file_field(form);

	attach_open(form->owner->app,
		&(struct attach_want){
			form->owner, field ? edit_text(&field->edit) : "", attached });
}

/* What stays marked stays attached; the first row is no file but the way to more. */
static void
revised(struct screen *owner, const json_t *value)
{
	struct form *form = form_of(owner);
	bool more = doc_holds(value, "+");
	json_t *kept = json_array();
	size_t i;
	json_t *path;

	json_array_foreach(form->files, i, path)
	{
		if (doc_holds(value, json_string_value(path))) {
			json_array_append(kept, path);
		}
	}
	if (!more) {
		json_decref(form->files);
		form->files = kept;
		form_touch(form);
		return;
	}
	json_decref(kept);
	browse(form);
}

static void
revise(struct form *form)
{
	json_t *options = json_pack("[{s:s, s:s}]", "key", "+", "label", _("another file ..."));
	size_t i;
	json_t *path;

	json_array_foreach(form->files, i, path)
	{
		struct str note = STR_INIT;

		attach_words(json_string_value(path), &note);
		json_array_append_new(options,
			json_pack("{s:O, s:O, s:s}", "key", path, "label", path, "note",
				note.len > 0 ? str_text(&note) : _("it is gone")));
		str_release(&note);
	}
	popup_pick(form->owner->app,
		&(struct popup_pick){
			.asker = form->owner,
			.title = _("Attached files"),
			.options = options,
			.several = true,
			.exact = true,
			.chosen = form->files,
			.answered = revised,
		});
}

void
form_attach_run(struct screen *owner)
{
	struct form *form = form_of(owner);

	if (!form_takes_file(form)) {
		app_say(owner->app, SAY_INFO,
			_("This form takes no file. Send it, then attach with the step for "
			  "evidence."));
	} else if (json_array_size(form->files) > 0) {
		revise(form);
	} else {
		browse(form);
	}
}

/* Puts the kept paste where the answer wants it; it stays kept when that fails. */
static void
answered(struct screen *owner, enum paste_answer answer)
{
	struct form *form = form_of(owner);
	struct field *field = &form->fields[form->focus];
	struct str path = STR_INIT;
	char name[NEW_ID_SIZE];

	if (answer == PASTE_PUT) {
		size_t before = edit_chars(&field->edit);
		char kept[24];

		(void)edit_key(&field->edit,
			&(struct key){ K_PASTE, str_text(&form->pasted), form->pasted.len });
		snprintf(kept, sizeof(kept), "%zu", edit_chars(&field->edit) - before);
		app_say_with(owner->app, SAY_INFO, _("{n} characters were put in."),
			&(struct str_arg){ "n", kept }, 1);
		form_touch(form);
	} else if (answer == PASTE_ATTACH) {
		random_id(clock_now(&owner->app->options->clock), name);
		if (attach_text(
			    owner->app, name, str_text(&form->pasted), form->pasted.len, &path)) {
			attached(owner, str_text(&path));
			app_say_with(owner->app, SAY_DONE,
				_("The paste is kept as the file {path} and attached."),
				&(struct str_arg){ "path", str_text(&path) }, 1);
		} else {
			app_say(owner->app, SAY_ERROR,
				_("The paste could not be kept as a file. Nothing was pasted."));
		}
	} else {
		app_say(owner->app, SAY_INFO, _("Nothing was pasted."));
	}
	str_release(&path);
	str_release(&form->pasted);
	form_touch(form); /* the draft forgets the question */
}

static size_t
lines_of(const char *text, size_t len)
{
	size_t lines = 1;

	for (size_t i = 0; i < len; i++) {
		lines += text[i] == '\n' && i + 1 < len;
	}
	return lines;
}

static size_t
chars_of(const char *text, size_t len)
{
	size_t chars = 0;

	for (size_t i = 0; i < len; i++) {
		chars += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return chars;
}

void
form_ask_paste(struct form *form)
{
	struct field *field = &form->fields[form->focus];
	const char *text = str_text(&form->pasted);
	size_t len = form->pasted.len;

	if (len == 0) {
		return;
	}
	paste_open(form->owner->app,
		&(struct paste_ask){
			.asker = form->owner,
			.field = field->label,
			.chars = chars_of(text, len),
			.lines = lines_of(text, len),
			.room = edit_room(&field->edit, text, len),
			.file = form_takes_file(form),
			.answered = answered,
		});
}

bool
form_asks_paste(struct form *form, struct field *field, const struct key *key)
{
	size_t lines = lines_of(key->paste, key->paste_len);
	size_t chars = chars_of(key->paste, key->paste_len);
	size_t room = edit_room(&field->edit, key->paste, key->paste_len);

	if (room >= chars && lines <= LINES_MAX) {
		return false;
	}
	/* Controls that are left out anyway make no question. */
	if (lines <= LINES_MAX &&
		(field->edit.max_chars == 0 ||
			edit_chars(&field->edit) + chars <= field->edit.max_chars)) {
		return false;
	}
	str_clear(&form->pasted);
	str_add_n(&form->pasted, key->paste, key->paste_len);
	if (form->pasted.failed) {
		return false;
	}
	form_touch(form); /* the line may break while it is asked */
	form_ask_paste(form);
	return true;
}
