/* SPDX-License-Identifier: MIT */
/*
 * Fields that are chosen, not typed: their lists and pages, and what becomes of
 * letters typed there all the same.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "form_part.h"
#include "popup.h"
#include "toban/base/i18n.h"
#include "value.h"

static void
picked(struct screen *owner, const json_t *value)
{
	struct form *form = &((struct form_screen *)owner)->form;

	form_set(form, &form->fields[form->focus], value);
	form_move_on(form, 1);
}

static void
open_pick(struct form *form, struct field *field)
{
	popup_pick(form->owner->app,
		&(struct popup_pick){
			.asker = form->owner,
			.title = field->label,
			.options = json_incref(field->options),
			.several = field->entry == ENTRY_MANY,
			.chosen = field->value,
			.answered = picked,
		});
}

bool
form_has_list(const struct field *field)
{
	const char *type = doc_text(field->def, "type");

	return strcmp(type, "file") == 0 || strcmp(type, "incident") == 0;
}

/* A line can be typed; a few kinds of it can be chosen, too. */
static void
choose_line(struct form *form, struct field *field)
{
	const char *type = doc_text(field->def, "type");

	if (strcmp(type, "file") == 0) {
		form_attach_run(form->owner);
	} else if (strcmp(type, "incident") == 0) {
		popup_pick(form->owner->app,
			&(struct popup_pick){
				.asker = form->owner,
				.title = field->label,
				.options = value_incidents(&form->owner->app->book),
				.answered = picked,
			});
	} else {
		app_say(form->owner->app, SAY_INFO, _("This field has no list: type the answer."));
	}
}

void
form_choose_run(struct screen *owner)
{
	struct form *form = &((struct form_screen *)owner)->form;
	struct field *field = &form->fields[form->focus];

	switch (field->entry) {
	case ENTRY_RADIO:
	case ENTRY_PICK:
	case ENTRY_MANY:
		open_pick(form, field);
		break;
	case ENTRY_ANSWERS:
		if (form->classify) {
			form->classify(owner);
		}
		break;
	case ENTRY_MEASURES:
		measures_open((struct form_screen *)owner, field);
		break;
	default:
		choose_line(form, field);
		break;
	}
}

/*
 * Letters where none can be typed.  A list is opened and narrowed by them; what
 * else there is keeps them for Ctrl-Y: whoever looks away while typing must not
 * lose words.
 */
static void
take_stray(struct form *form, struct field *field, const struct key *key)
{
	char letter[5];
	size_t len = key_utf8(key, letter);

	if ((field->entry == ENTRY_PICK || field->entry == ENTRY_MANY) && key->code != K_PASTE) {
		struct screen *list;

		open_pick(form, field);
		list = app_top(form->owner->app);
		if (list != form->owner) {
			(void)list->ops->key(list, key);
		}
		return;
	}
	if (!form->stray) {
		str_clear(&form->killed);
	}
	form->stray = true;
	if (key->code == K_PASTE) {
		str_add_n(&form->killed, key->paste, key->paste_len);
	} else {
		str_add_n(&form->killed, letter, len);
	}
	app_say_with(form->owner->app, SAY_INFO,
		_("\"{field}\" takes no text. What you typed is kept: Ctrl-Y puts it into a field "
		  "of text."),
		&(struct str_arg){ "field", field->label }, 1);
}

bool
form_chooser_key(struct form *form, struct field *field, const struct key *key)
{
	if (field->entry == ENTRY_RADIO && form_radio_key(form, field, key)) {
		return true;
	}
	if (key->code == ' ' && field->entry != ENTRY_RADIO) {
		form_choose_run(form->owner);
		return true;
	}
	if (key_is_text(key) || key->code == K_PASTE) {
		take_stray(form, field, key);
		return true;
	}
	if ((key->code == K_BACKSPACE || key->code == K_DELETE) &&
		(field->entry == ENTRY_PICK || field->entry == ENTRY_MANY)) {
		json_decref(field->value);
		field->value = NULL;
		form_touch(form);
		return true;
	}
	return false;
}
