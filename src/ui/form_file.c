/* SPDX-License-Identifier: MIT */
/*
 * Files of a form, chosen by the person or made of a paste (form_paste.c).
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "attach.h"
#include "doc.h"
#include "form_part.h"
#include "popup.h"
#include "toban/base/i18n.h"

static struct form *
form_of(struct screen *owner)
{
	return &((struct form_screen *)owner)->form;
}

struct field *
form_file_field(struct form *form)
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
	return form->files || form_file_field(form);
}

void
form_drop_files(struct form *form)
{
	struct field *field = form_file_field(form);

	if (field) {
		attach_drop(form->owner->app, edit_text(&field->edit));
	}
}

void
form_attach(struct screen *owner, const char *path)
{
	struct form *form = form_of(owner);
	struct field *field = form_file_field(form);
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
	struct field *field = form_file_field(form);

	attach_open(form->owner->app,
		&(struct attach_want){
			form->owner, field ? edit_text(&field->edit) : "", form_attach });
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
