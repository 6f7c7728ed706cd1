/* SPDX-License-Identifier: MIT */
/*
 * Few choices, all in view: walking through them and taking one.
 */
#include <string.h>

#include "doc.h"
#include "form_part.h"

/* The index of the chosen option; -1: none. */
static int
radio_index(const struct field *field)
{
	const char *chosen = json_string_value(field->value);
	size_t i;
	json_t *option;

	json_array_foreach(field->options, i, option)
	{
		if (chosen && strcmp(doc_text(option, "key"), chosen) == 0) {
			return (int)i;
		}
	}
	return -1;
}

void
form_enter(struct field *field, int by)
{
	int chosen = field->entry == ENTRY_RADIO ? radio_index(field) : 0;

	field->walked = false;
	field->at = chosen >= 0 ? chosen : by < 0 ? (int)json_array_size(field->options) - 1 : 0;
}

static void
radio_set(struct form *form, struct field *field, int index)
{
	const json_t *option = json_array_get(field->options, (size_t)index);

	field->at = index;
	form_set(form, field, json_object_get(option, "key"));
}

/*
 * In a row, arrows go round and choose; so does the blank, but behind an arrow it
 * only confirms: who walks to an answer and strikes it does not mean the next one.
 * Below each other Up and Down go through the choices without choosing and leave at
 * the ends; the blank chooses.  A letter takes the choice that begins with it.
 */
bool
form_radio_key(struct form *form, struct field *field, const struct key *key)
{
	int n = (int)json_array_size(field->options);
	int code = key_command(key);
	size_t i;
	json_t *option;

	if (n == 0) {
		return false;
	}
	if (field->tall && (code == K_UP || code == K_DOWN)) {
		int next = field->at + (code == K_UP ? -1 : 1);

		field->at = next >= 0 && next < n ? next : field->at;
		return next >= 0 && next < n;
	}
	if (field->tall && code == ' ') {
		radio_set(form, field, field->at);
		return true;
	}
	if (code == ' ' || code == K_RIGHT || code == K_LEFT) {
		int step = code == K_LEFT ? n - 1 : 1;
		int now = radio_index(field);

		if (code == ' ' && now >= 0 && field->walked) {
			return true;
		}
		field->walked = code != ' ';
		radio_set(form, field, now < 0 ? (step == 1 ? 0 : n - 1) : (now + step) % n);
		return true;
	}
	if (code == K_DELETE || code == K_BACKSPACE) {
		form_set(form, field, NULL);
		return true;
	}
	json_array_foreach(field->options, i, option)
	{
		if (doc_text(option, "key")[0] == code) {
			radio_set(form, field, (int)i);
			return true;
		}
	}
	return false;
}
