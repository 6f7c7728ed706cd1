/* SPDX-License-Identifier: MIT */
/*
 * What both sides of the door share: the shape of an error document and what
 * its class means.
 */
#include "toban/desk/door.h"

#include <string.h>

#include "toban/base/attr.h"

struct error_class {
	const char *word;
	int exit_status; /* README, "Commands" */
	enum err err;
};

static const struct error_class classes[] = {
	{ "failed", 1, ERR_IO },
	{ "usage", 2, ERR_INVALID },
	{ "not-found", 3, ERR_NOT_FOUND },
	{ "denied", 4, ERR_DENIED },
	{ "conflict", 5, ERR_CONFLICT },
	{ "invalid", 6, ERR_INVALID },
	{ "unusable", 7, ERR_BUSY },
};

static const struct error_class *
class_of(const json_t *error)
{
	const char *word = json_string_value(json_object_get(error, "class"));

	for (size_t i = 0; word && i < ARRAY_LEN(classes); i++) {
		if (strcmp(classes[i].word, word) == 0) {
			return &classes[i];
		}
	}
	return &classes[0];
}

int
door_exit_status(const json_t *error)
{
	return class_of(error)->exit_status;
}

enum err
door_err(const json_t *error)
{
	return class_of(error)->err;
}

json_t *
door_error(const char *code, const char *class, const char *text, const char *what_to_do)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:[], s:[]}", "code", code, "class", class, "text",
		text, "what_to_do", what_to_do, "fields", "who");
}
