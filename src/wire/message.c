/* SPDX-License-Identifier: MIT */
/*
 * Making and reading the documents both sides begin with.
 */
#include "message.h"

#include <stdint.h>
#include <string.h>

enum lang
lang_read(const json_t *document, enum lang fallback)
{
	const char *word = json_string_value(json_object_get(document, "lang"));

	for (enum lang lang = 0; word && lang < LANG_COUNT; lang++) {
		if (strcmp(word, lang_word(lang)) == 0) {
			return lang;
		}
	}
	return fallback;
}

bool
hello_read(const json_t *document, struct hello *ret_hello)
{
	const json_t *hello = json_object_get(document, "hello");
	const json_t *protocol = json_object_get(hello, "protocol");
	const json_t *person = json_object_get(hello, "as");

	if (!json_is_integer(protocol) ||
		(person && !json_is_string(person) && !json_is_null(person))) {
		return false;
	}
	*ret_hello = (struct hello){
		.protocol = json_integer_value(protocol) == WIRE_PROTOCOL ? WIRE_PROTOCOL : 0,
		.person = json_string_value(person),
		.lang = lang_read(hello, LANG_EN),
	};
	return true;
}

json_t *
hello_new(const char *person, enum lang lang)
{
	return json_pack("{s:{s:i, s:s, s:s, s:s?}}", "hello", "protocol", WIRE_PROTOCOL, "version",
		TOBAN_VERSION, "lang", lang_word(lang), "as", person);
}

json_t *
welcome_new(json_t *about, bool post)
{
	json_t *welcome = about ? about : json_object();

	if (json_object_set_new(welcome, "post", json_boolean(post)) != 0 ||
		json_object_set_new(welcome, "protocol", json_integer(WIRE_PROTOCOL)) != 0 ||
		json_object_set_new(welcome, "version", json_string(TOBAN_VERSION)) != 0) {
		json_decref(welcome);
		return NULL;
	}
	return json_pack("{s:o}", "welcome", welcome);
}

json_t *
answer_new(const json_t *id, const char *what, json_t *answer)
{
	json_t *document = json_object();

	/* The id is only counted, never changed. */
	if (!document || (id && json_object_set(document, "id", (json_t *)(uintptr_t)id) != 0) ||
		json_object_set_new(document, what, answer) != 0) {
		json_decref(document);
		return NULL;
	}
	return document;
}
