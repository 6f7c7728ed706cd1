/* SPDX-License-Identifier: MIT */
/*
 * Reading the door's documents without trusting their shape.
 */
#include "doc.h"

#include <string.h>

#include "toban/base/i18n.h"

const char *
doc_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

const char *
doc_words(const json_t *words)
{
	const char *text = json_string_value(words);

	if (!text) {
		text = json_string_value(json_object_get(words, lang_word(i18n_lang())));
	}
	if (!text) {
		text = json_string_value(json_object_get(words, lang_word(LANG_EN)));
	}
	return text ? text : "";
}

const char *
doc_words_of(const json_t *object, const char *key)
{
	return doc_words(json_object_get(object, key));
}

bool
doc_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

int64_t
doc_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

const json_t *
doc_list(const json_t *object, const char *key)
{
	/* json_array_foreach() over NULL walks nothing: NULL is a sound empty list. */
	return json_object_get(object, key);
}

const json_t *
doc_find(const json_t *list, const char *key, const char *value)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		if (strcmp(doc_text(item, key), value) == 0) {
			return item;
		}
	}
	return NULL;
}

bool
doc_holds(const json_t *list, const char *text)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		const char *value = json_string_value(item);

		if (value && strcmp(value, text) == 0) {
			return true;
		}
	}
	return false;
}

stamp
doc_time(const json_t *object, const char *key)
{
	const char *text = doc_text(object, key);
	stamp at = STAMP_NONE;

	if (text[0] == '\0' || stamp_parse(text, &at) != ERR_OK) {
		return STAMP_NONE;
	}
	return at;
}
