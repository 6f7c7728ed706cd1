/* SPDX-License-Identifier: MIT */
/*
 * Checking what was entered against a form: which fields there are, which are
 * missing, and the clean form of each.  The rule of each type of value is in
 * form_value.c, form_text.c and form_list.c.
 */
#include "toban/core/form.h"

#include <string.h>

#include "form_check.h"
#include "toban/base/i18n.h"
#include "words.h"

bool
diagnostics_full(const struct diagnostics *d)
{
	return d->n >= DIAGNOSTICS_MOST;
}

void
diagnostics_add(struct diagnostics *d, const char *field, const char *code, const char *text)
{
	struct diagnostic *items = diagnostics_full(d)
		? NULL
		: arena_extend(d->arena, d->items, d->n, &d->cap, sizeof(*items));

	if (items == NULL) {
		return; /* the caller fails all the same; only this sentence is lost */
	}
	d->items = items;
	items[d->n] = (struct diagnostic){ arena_strdup(d->arena, field), code,
		arena_strdup(d->arena, text) };
	if (items[d->n].field != NULL && items[d->n].text != NULL) {
		d->n++;
	}
}

void
value_fault(const struct value *v, const char *code, const char *text)
{
	v->checking->faulty = true;
	diagnostics_add(v->checking->diagnostics, v->path, code, text);
}

void
value_fault_say(const struct value *v, const char *code, const char *pattern, struct str_arg arg)
{
	struct str text = STR_INIT;

	str_say(&text, pattern, &arg, 1);
	value_fault(v, code, str_text(&text));
	str_release(&text);
}

json_t *
value_nomem(const struct value *v)
{
	v->checking->nomem = true;
	return NULL;
}

json_t *
value_made(const struct value *v, json_t *made)
{
	return made != NULL ? made : value_nomem(v);
}

const char *
value_path(const struct value *v, const char *suffix)
{
	const char *path = arena_printf(v->checking->diagnostics->arena, "%s%s", v->path, suffix);

	if (path == NULL) {
		v->checking->nomem = true;
		return v->path;
	}
	return path;
}

/*
 * What stands in for a missing answer of a choice or a flag.  Other presets
 * are for the screen only: a person must have seen what is recorded.
 */
static json_t *
form_preset(const struct value *v)
{
	const struct form_field *field = v->field;

	if (field->preset[0] == '\0') {
		return NULL;
	}
	if (field->type == FIELD_CHOICE) {
		return value_made(v, json_string(field->preset));
	}
	if (field->type == FIELD_FLAG) {
		return json_boolean(strcmp(field->preset, "yes") == 0);
	}
	return NULL;
}

/* The word of a value as RequiredWhen writes it. */
static const char *
form_word(const json_t *value)
{
	if (json_is_boolean(value)) {
		return json_is_true(value) ? "yes" : "no";
	}
	return json_string_value(value);
}

/*
 * Whether RequiredWhen makes the field required.  Of a field that was entered
 * but is faulty nothing is concluded: one fault should not bring another.
 */
static bool
form_wants(const struct form *form, const struct form_field *field, const json_t *entered,
	const json_t *clean)
{
	const char *equals = strchr(field->required_when, '=');

	for (size_t i = 0; equals != NULL && i < form->n_fields; i++) {
		const struct form_field *other = &form->fields[i];
		const json_t *value = json_object_get(clean, other->key);
		size_t len = strlen(other->key);

		if (field->required_when + len != equals ||
			strncmp(field->required_when, other->key, len) != 0) {
			continue;
		}
		if (equals[1] == '\0' && value == NULL) {
			return value_is_blank(other, json_object_get(entered, other->key));
		}
		if (equals[1] == '\0') {
			return json_is_array(value) && json_array_size(value) == 0;
		}
		return words_same(form_word(value), equals + 1);
	}
	return false;
}

/* The fields that were entered, in their clean form. */
static void
form_check_entered(struct checking *c, const struct form *form, const json_t *entered,
	const char *prefix, json_t *clean)
{
	for (size_t i = 0; i < form->n_fields; i++) {
		const struct form_field *field = &form->fields[i];
		struct value v = { c, field, "", json_object_get(entered, field->key) };
		bool blank = value_is_blank(field, v.json);
		json_t *made;

		v.path = arena_printf(c->diagnostics->arena, "%s%s", prefix, field->key);
		if (v.path == NULL) {
			c->nomem = true;
			return;
		}
		made = blank ? form_preset(&v) : value_check(&v);
		if (made != NULL && json_object_set_new(clean, field->key, made) != 0) {
			c->nomem = true;
		}
	}
}

/* A field that was entered but is faulty is not missing on top of it. */
static void
form_check_missing(struct checking *c, const struct form *form, const json_t *entered,
	const char *prefix, const json_t *clean)
{
	for (size_t i = 0; i < form->n_fields; i++) {
		const struct form_field *field = &form->fields[i];
		struct value v = { c, field, "", NULL };

		if (json_object_get(clean, field->key) != NULL ||
			!value_is_blank(field, json_object_get(entered, field->key)) ||
			(!field->required && !form_wants(form, field, entered, clean))) {
			continue;
		}
		v.path = arena_printf(c->diagnostics->arena, "%s%s", prefix, field->key);
		if (v.path == NULL) {
			c->nomem = true;
			return;
		}
		value_fault_say(&v, "D101", _("{label}: this must be filled in."),
			(struct str_arg){ "label", field->label.in[i18n_lang()] });
	}
}

static void
form_check_unknown(
	struct checking *c, const struct form *form, const json_t *entered, const char *prefix)
{
	const char *key;
	json_t *value;

	/* Jansson has no iteration over const objects; nothing is changed. */
	json_object_foreach((json_t *)(uintptr_t)entered, key, value)
	{
		struct value v = { c, NULL, "", value };

		if (form_field_find(form, key) != NULL) {
			continue;
		}
		if (diagnostics_full(c->diagnostics)) {
			return; /* each was a fault */
		}
		v.path = arena_printf(c->diagnostics->arena, "%s%s", prefix, key);
		if (v.path == NULL) {
			c->nomem = true;
			return;
		}
		value_fault(&v, "D106", _("There is no such field here."));
	}
}

json_t *
form_check_object(struct checking *checking, const struct form *form, const json_t *entered,
	const char *prefix)
{
	json_t *clean = json_object();

	if (clean == NULL) {
		checking->nomem = true;
		return NULL;
	}
	form_check_entered(checking, form, entered, prefix, clean);
	form_check_missing(checking, form, entered, prefix, clean);
	form_check_unknown(checking, form, entered, prefix);
	return clean;
}

enum err
form_check(const struct form *form, const json_t *entered, const struct form_context *context,
	struct diagnostics *diagnostics, json_t **ret_clean)
{
	struct checking checking = { .context = context, .diagnostics = diagnostics };
	json_t *clean;

	if (entered != NULL && !json_is_object(entered) && !json_is_null(entered)) {
		diagnostics_add(
			diagnostics, "fields", "D102", _("The fields must be one object, {...}."));
		return ERR_INVALID;
	}
	clean = form_check_object(&checking, form, entered, "");
	if (checking.nomem || checking.faulty) {
		json_decref(clean);
		return checking.nomem ? ERR_NOMEM : ERR_INVALID;
	}
	*ret_clean = clean;
	return ERR_OK;
}
