/* SPDX-License-Identifier: MIT */
/*
 * A door that answers from a file: {method: {argument: result}}.  The argument
 * is the first of "id", "form" and "after" that was given, else "".
 */
#include "fake_door.h"

#include <stdio.h>
#include <stdlib.h>

static const char *
main_argument(const json_t *args)
{
	static const char *const keys[] = { "id", "form", "after" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *text = json_string_value(json_object_get(args, keys[i]));

		if (text) {
			return text;
		}
	}
	return "";
}

static enum err
fake_call(
	void *ctx, const char *method, const json_t *args, json_t **ret_result, json_t **ret_error)
{
	const json_t *answers = json_object_get(ctx, method);
	json_t *answer = json_object_get(answers, main_argument(args));

	if (!answer) {
		answer = json_object_get(answers, "");
	}
	if (!answer) {
		*ret_error = json_pack("{s:s, s:s, s:s, s:s, s:[], s:[]}", "code", "D304", "class",
			"not-found", "text", "The fake door has no such answer.", "what_to_do", "",
			"fields", "who");
		return ERR_NOT_FOUND;
	}
	*ret_result = json_deep_copy(answer);
	return ERR_OK;
}

void
fake_door_open(struct door *door, const char *path)
{
	json_error_t error;
	json_t *answers = json_load_file(path, 0, &error);

	if (!answers) {
		fprintf(stderr, "%s: %s\n", path, error.text);
		exit(1);
	}
	*door = (struct door){ .call = fake_call, .wake_fd = -1, .ctx = answers };
}

void
fake_door_close(struct door *door)
{
	json_decref(door->ctx);
}
