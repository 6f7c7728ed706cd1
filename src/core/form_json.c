/* SPDX-License-Identifier: MIT */
/*
 * A form as the document screens and scripts ask for (form.get).
 */
#include "toban/core/form.h"

static json_t *
form_words(const struct words *words)
{
	return json_pack("{s:s, s:s}", "en", words->in[LANG_EN], "ja", words->in[LANG_JA]);
}

static json_t *
form_choices_to_json(const struct form_field *field)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < field->n_choices; i++) {
		const struct form_choice *choice = &field->choices[i];

		if (json_array_append_new(list,
			    json_pack("{s:s, s:o}", "key", choice->key, "label",
				    form_words(&choice->label))) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
form_field_to_json(const struct form_field *field)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:b, s:b, s:b, s:I, s:i, s:s, s:o, s:o, s:o}", "key",
		field->key, "type", field_type_word(field->type), "required", field->required,
		"required_when", field->required_when, "personal", field->personal, "persons_only",
		field->persons_only, "day_start", field->day_start, "max_chars",
		(json_int_t)field->max_chars, "rows", field->rows, "preset", field->preset, "label",
		form_words(&field->label), "help", form_words(&field->help), "choices",
		form_choices_to_json(field));
}

json_t *
form_to_json(const struct form *form)
{
	json_t *fields = json_array();

	for (size_t i = 0; fields != NULL && i < form->n_fields; i++) {
		if (json_array_append_new(fields, form_field_to_json(&form->fields[i])) != 0) {
			json_decref(fields);
			return NULL;
		}
	}
	return json_pack("{s:s, s:s, s:o, s:o}", "name", form->name, "version", form->version,
		"title", form_words(&form->title), "fields", fields);
}
