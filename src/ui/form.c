/* SPDX-License-Identifier: MIT */
/*
 * A form on the screen: fields, their keys and their values.
 */
#include "form_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "value.h"

enum { RADIO_MAX = 4, DRAFT_DELAY_MS = 700 };

struct entry_row {
	const char *type;
	enum entry entry;
};

static const struct entry_row entries[] = {
	{ "text", ENTRY_AREA },
	{ "choice", ENTRY_PICK },
	{ "flag", ENTRY_RADIO },
	{ "person", ENTRY_PICK },
	{ "people", ENTRY_MANY },
	{ "department", ENTRY_PICK },
	{ "departments", ENTRY_MANY },
	{ "category", ENTRY_PICK },
	{ "categories", ENTRY_MANY },
	{ "review-item", ENTRY_PICK },
	{ "clock", ENTRY_PICK },
	{ "answers", ENTRY_ANSWERS },
	{ "measures", ENTRY_MEASURES },
	{ "hash", ENTRY_FIXED },
};

static enum entry
entry_of(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		if (strcmp(entries[i].type, type) == 0) {
			return entries[i].entry;
		}
	}
	return ENTRY_LINE;
}

static json_t *
flag_options(void)
{
	return json_pack("[{s:s, s:s}, {s:s, s:s}]", "key", "no", "label", _("no"), "key", "yes",
		"label", _("yes"));
}

/* The choices of a field: those of the incident before those of the type. */
static void
init_options(struct form *form, struct field *field, const json_t *options)
{
	json_t *own = json_object_get(options, field->key);

	if (strcmp(doc_text(field->def, "type"), "flag") == 0) {
		field->options = flag_options();
	} else if (json_array_size(own) > 0) {
		field->options = value_own_options(&form->owner->app->book, own);
	} else {
		field->options = value_options(&form->owner->app->book, field->def);
	}
	if (field->options && field->entry == ENTRY_LINE) {
		field->entry = ENTRY_PICK;
	}
	if (!field->options && (field->entry == ENTRY_PICK || field->entry == ENTRY_MANY)) {
		field->entry = ENTRY_LINE;
	}
	if (field->entry == ENTRY_PICK && json_array_size(field->options) <= RADIO_MAX) {
		field->entry = ENTRY_RADIO;
	}
}

static void
init_preset(struct form *form, struct field *field)
{
	struct book *book = &form->owner->app->book;
	const char *preset = doc_text(field->def, "preset");
	json_t *value = NULL;

	if (!preset[0]) {
		return;
	}
	if (strcmp(preset, "now") == 0) {
		char now[STAMP_SIZE];

		stamp_format_short(book_now(book), book_offset(book), now);
		value = json_string(now);
	} else if (strcmp(preset, "finder-department") == 0) {
		value = json_string(doc_text(book_my_record(book), "department"));
	} else {
		value = json_string(preset);
	}
	form_set(form, field, value);
	json_decref(value);
}

/* To the next field that can be entered. */
static void
move_focus(struct form *form, int by)
{
	form->zoomed = false;
	form->stray = false;
	if (form->n > 0) {
		form_fold_value(&form->fields[form->focus]);
	}
	for (int i = 0; i < form->n; i++) {
		form->focus = (form->focus + by + form->n) % form->n;
		if (form->fields[form->focus].entry != ENTRY_FIXED) {
			form_enter(&form->fields[form->focus], by);
			return;
		}
	}
}

/* The classification has its own screen before the form: given, it is passed over. */
void
form_move_on(struct form *form, int by)
{
	int from = form->focus;

	do {
		move_focus(form, by);
	} while (form->n > 0 && form->focus != from &&
		form->fields[form->focus].entry == ENTRY_ANSWERS &&
		form->fields[form->focus].value && !form->fields[form->focus].problem);
}

enum err
form_init(struct form *form, struct form_screen *owner, json_t *def, const json_t *options)
{
	const json_t *defs = doc_list(def, "fields");
	size_t i;
	json_t *one;

	*form = (struct form){ .owner = &owner->base, .def = def };
	random_id(clock_now(&owner->base.app->options->clock), form->step_id);
	form->fields = calloc(json_array_size(defs) + 1, sizeof(*form->fields));
	if (!form->fields) {
		return ERR_NOMEM;
	}
	json_array_foreach(defs, i, one)
	{
		struct field *field = &form->fields[form->n++];

		field->def = one;
		field->key = doc_text(one, "key");
		field->label = doc_words_of(one, "label");
		field->entry = entry_of(doc_text(one, "type"));
		init_options(form, field, options);
		edit_init(&field->edit, field->entry == ENTRY_AREA,
			(size_t)doc_int(one, "max_chars"));
		field->edit.killed = &form->killed;
		init_preset(form, field);
	}
	if (form->n > 0 && form->fields[0].entry == ENTRY_FIXED) {
		move_focus(form, 1);
	}
	form->touched = false;
	return ERR_OK;
}

void
form_release(struct form *form)
{
	for (int i = 0; i < form->n; i++) {
		edit_release(&form->fields[i].edit);
		json_decref(form->fields[i].value);
		json_decref(form->fields[i].options);
		free(form->fields[i].problem);
		free(form->fields[i].echo);
		free(form->fields[i].echo_of);
	}
	str_release(&form->killed);
	form_drop_pasted(form);
	json_decref(form->files);
	free(form->fields);
	json_decref(form->def);
	*form = (struct form){ 0 };
}

void
form_rest(struct form *form)
{
	if (form->n > 0) {
		edit_rest(&form->fields[form->focus].edit);
	}
}

struct field *
form_field(struct form *form, const char *key)
{
	for (int i = 0; i < form->n; i++) {
		if (strcmp(form->fields[i].key, key) == 0) {
			return &form->fields[i];
		}
	}
	return NULL;
}

void
form_touch(struct form *form)
{
	if (!form->touched) {
		/* Not put off by further keys: who types without a pause is saved, too. */
		app_alarm(form->owner->app, DRAFT_DELAY_MS);
	}
	form->touched = true;
}

/* Times come back from the record in full; people type and read them short. */
static void
set_text(struct form *form, struct field *field, const json_t *value)
{
	struct book *book = &form->owner->app->book;
	const char *type = doc_text(field->def, "type");
	char short_time[STAMP_SIZE];
	char number[32];
	const char *text = json_string_value(value);
	stamp at;

	if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
		text = number;
	}
	if (text && (strcmp(type, "time") == 0 || strcmp(type, "due") == 0) &&
		stamp_parse(text, &at) == ERR_OK) {
		stamp_format_short(at, book_offset(book), short_time);
		text = short_time;
	}
	edit_set(&field->edit, text);
}

void
form_set(struct form *form, struct field *field, const json_t *value)
{
	if (field->entry == ENTRY_LINE || field->entry == ENTRY_AREA) {
		set_text(form, field, value);
	} else {
		json_decref(field->value);
		if (json_is_boolean(value)) {
			field->value = json_string(json_is_true(value) ? "yes" : "no");
		} else if (json_is_integer(value)) {
			field->value = json_sprintf("%lld", (long long)json_integer_value(value));
		} else {
			field->value = !value || json_is_null(value) ? NULL : json_deep_copy(value);
		}
	}
	free(field->problem);
	field->problem = NULL;
	form_settle(form);
	form_touch(form);
}

void
form_continue(struct form *form, const json_t *saved)
{
	const char *event = doc_text(saved, "event");

	const struct field *left = form_field(form, doc_text(saved, "focus"));

	if (left && left->entry != ENTRY_FIXED) {
		form->focus = (int)(left - form->fields);
	} else {
		form_focus_empty(form);
	}
	if (strlen(event) == strlen(form->step_id)) {
		snprintf(form->step_id, sizeof(form->step_id), "%s", event);
	}
	form_repaste(form, json_object_get(saved, "pasted"));
}

void
form_fill(struct form *form, const json_t *values)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)values, key, value)
	{
		struct field *field = form_field(form, key);

		if (field) {
			form_set(form, field, value);
		}
	}
	form->touched = false;
}

/* Entries of the ledger are named by number. */
static json_t *
text_value(const struct field *field, const char *text)
{
	char *end = NULL;
	long long number;
	size_t len;

	if (strcmp(doc_text(field->def, "type"), "seq") == 0) {
		number = strtoll(text, &end, 10);
		if (end != text && *end == '\0') {
			return json_integer(number);
		}
	}
	/* Empty lines around a text are slips of the keys. */
	len = strlen(text);
	while (len > 0 && strchr(" \t\n", text[len - 1])) {
		len--;
	}
	while (len > 0 && *text == '\n') {
		text++;
		len--;
	}
	return json_stringn(text, len);
}

json_t *
form_values(struct form *form)
{
	json_t *values = json_object();

	for (int i = 0; i < form->n; i++) {
		struct field *field = &form->fields[i];

		if (field->entry == ENTRY_LINE || field->entry == ENTRY_AREA) {
			if (!form_is_empty(field)) {
				json_object_set_new(values, field->key,
					text_value(field, edit_text(&field->edit)));
			}
		} else if (strcmp(doc_text(field->def, "type"), "flag") == 0) {
			if (field->value) {
				json_object_set_new(values, field->key,
					json_boolean(strcmp(json_string_value(field->value),
							     "yes") == 0));
			}
		} else if (json_is_string(field->value)) {
			json_object_set_new(values, field->key,
				text_value(field, json_string_value(field->value)));
		} else if (field->value &&
			!(json_is_array(field->value) && json_array_size(field->value) == 0 &&
				field->entry != ENTRY_MEASURES)) {
			json_object_set(values, field->key, field->value);
		}
	}
	return values;
}

void
form_next_run(struct screen *owner)
{
	form_move_on(&((struct form_screen *)owner)->form, 1);
}

void
form_previous_run(struct screen *owner)
{
	form_move_on(&((struct form_screen *)owner)->form, -1);
}

void
form_zoom_run(struct screen *owner)
{
	struct form *form = &((struct form_screen *)owner)->form;

	if (form->n > 0 && form->fields[form->focus].entry == ENTRY_AREA) {
		form->zoomed = !form->zoomed;
	}
}

bool
form_unzoom(struct form *form)
{
	bool zoomed = form->zoomed;

	form->zoomed = false;
	return zoomed;
}

const char *
form_hint(struct screen *owner, const struct action *action)
{
	bool zoomed = ((struct form_screen *)owner)->form.zoomed;

	return zoomed && action->key == K_ESC ? N_("to the form") : NULL;
}

static bool
text_key(struct form *form, struct field *field, const struct key *key)
{
	struct app *app = form->owner->app;
	struct key folded = form_fold_key(field, key);
	enum edit_reply reply;

	if (key->code == K_PASTE && form_asks_paste(form, field, key)) {
		return true;
	}
	reply = edit_key(&field->edit, &folded);
	switch (reply) {
	case EDIT_EDGE:
		if (form->zoomed) {
			return true;
		}
		move_focus(form, key->code == K_UP ? -1 : 1);
		return true;
	case EDIT_FULL:
		app_say_with(app, SAY_ERROR,
			_("This field is full; the rest of your input was not taken: {field}."),
			&(struct str_arg){ "field", field->label }, 1);
		form->said = true;
		form_touch(form);
		return true;
	case EDIT_CLEANED:
		app_say(app, SAY_INFO, _("Control characters in the pasted text were left out."));
		form_touch(form);
		return true;
	case EDIT_CHANGED:
		free(field->problem);
		field->problem = NULL;
		form_settle(form);
		form_touch(form);
		return true;
	case EDIT_MOVED:
		return true;
	default:
		return false;
	}
}

bool
form_key(struct screen *owner, const struct key *key)
{
	struct form *form = &((struct form_screen *)owner)->form;
	struct field *field;
	bool text;

	if (form->n == 0) {
		return false;
	}
	field = &form->fields[form->focus];
	text = field->entry == ENTRY_LINE || field->entry == ENTRY_AREA;
	if (key->code == K_ENTER && field->entry != ENTRY_AREA) {
		if (text && form_is_empty(field) && form_has_list(field)) {
			form_choose_run(owner);
		} else if (text || field->entry == ENTRY_RADIO) {
			form_move_on(form, 1);
		} else {
			form_choose_run(owner);
		}
		return true;
	}
	if (text ? text_key(form, field, key) : form_chooser_key(form, field, key)) {
		return true;
	}
	if (key->code == K_UP || key->code == K_DOWN) {
		move_focus(form, key->code == K_UP ? -1 : 1);
		return true;
	}
	if (key->code == K_PGUP || key->code == K_PGDN) {
		form->focus = key->code == K_PGUP ? 0 : form->n - 1;
		return true;
	}
	return false;
}
