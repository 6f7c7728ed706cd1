/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing the JSON bodies of events.
 */
#include "effect_body.h"

#include <string.h>

#define SMALL_MOST 9999

const char *
body_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *
body_text_or(const json_t *object, const char *key, const char *otherwise)
{
	const char *text = body_text(object, key);

	return text ? text : otherwise;
}

const char *
body_acting_for(const json_t *body)
{
	return body_text(json_object_get(body, "acting"), "for");
}

bool
body_flag(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	const char *word = json_string_value(value);

	return json_is_true(value) || (word && (!strcmp(word, "yes") || !strcmp(word, "true")));
}

int64_t
body_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

int
body_small(const json_t *object, const char *key)
{
	int64_t value = body_int(object, key);

	return value >= 1 && value <= SMALL_MOST ? (int)value : 0;
}

stamp
body_stamp(const json_t *object, const char *key)
{
	const char *text = body_text(object, key);
	stamp at = STAMP_NONE;

	if (!text || stamp_parse(text, &at)) {
		return STAMP_NONE;
	}
	return at;
}

enum err
body_words(struct arena *arena, const json_t *object, const char *key, struct word_list *ret_words)
{
	const json_t *list = json_object_get(object, key);
	size_t n = json_array_size(list);
	const char **items = arena_array(arena, n, sizeof(*items));
	size_t kept = 0;

	if (!items) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		if (text) {
			items[kept++] = text;
		}
	}
	*ret_words = (struct word_list){ .items = items, .n = kept };
	return ERR_OK;
}

enum err
body_set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) ? ERR_NOMEM : ERR_OK;
}

enum err
body_set_text(json_t *object, const char *key, const char *text)
{
	return text ? body_set(object, key, json_string(text)) : ERR_OK;
}

enum err
body_set_stamp(json_t *object, const char *key, stamp at, int offset_min)
{
	char text[STAMP_SIZE];

	if (at == STAMP_NONE) {
		return body_set(object, key, json_null());
	}
	stamp_format(at, offset_min, text);
	return body_set(object, key, json_string(text));
}

enum err
body_append(json_t *list, json_t *value)
{
	return json_array_append_new(list, value) ? ERR_NOMEM : ERR_OK;
}

enum err
body_set_words(json_t *object, const char *key, const struct word_list *words)
{
	json_t *list = json_array();

	for (size_t i = 0; i < words->n; i++) {
		if (body_append(list, json_string(words->items[i]))) {
			json_decref(list);
			return ERR_NOMEM;
		}
	}
	return body_set(object, key, list);
}
