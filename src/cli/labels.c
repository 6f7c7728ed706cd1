/* SPDX-License-Identifier: MIT */
/*
 * Words for people in place of the keys that programs read.
 */
#include "labels.h"

#include <string.h>

#include "toban/base/memory.h"
#include "toban/base/text.h"

/* procedure.show, asked for once; NULL when it cannot be had: then the keys are shown. */
static const json_t *
procedure(struct cli *cli)
{
	if (!cli->procedure && cli->opened) {
		json_t *error = NULL;
		/* The keys are words as well: nobody needs to hear of it, but where they are
		 * shown for want of memory. */
		(void)cli->door.call(
			cli->door.ctx, "procedure.show", NULL, &cli->procedure, &error);
		if (error && strcmp(cli_string(error, "code"), "D414") == 0) {
			memory_refused();
		}
		json_decref(error);
	}
	return cli->procedure;
}

const char *
cli_label(struct cli *cli, const char *list, const char *name, const char *key)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(procedure(cli), list), i, row)
	{
		if (strcmp(cli_string(row, name), key) == 0) {
			const char *label = cli_words(json_object_get(row, "label"));
			return *label ? label : key;
		}
	}
	return key;
}

const char *
cli_short_step(struct cli *cli, const char *step, int cols)
{
	const char *whole = cli_label(cli, "steps", "name", step);
	size_t i;
	json_t *row;

	if (text_width(whole, strlen(whole)) <= cols) {
		return whole;
	}
	json_array_foreach(json_object_get(procedure(cli), "steps"), i, row)
	{
		const char *words = cli_words(json_object_get(row, "short"));

		if (strcmp(cli_string(row, "name"), step) == 0 && *words) {
			return words;
		}
	}
	return whole;
}

const char *
cli_kind(struct cli *cli, const char *kind)
{
	const json_t *kinds = json_object_get(procedure(cli), "kinds");
	const char *words = cli_words(json_object_get(kinds, kind));
	return *words ? words : kind;
}

/* The form of a step, as form.get shows it; a new reference, NULL when there is none. */
json_t *
cli_step_form(struct cli *cli, const char *step)
{
	size_t i;
	json_t *row;
	json_t *form = NULL;
	json_array_foreach(json_object_get(procedure(cli), "steps"), i, row)
	{
		if (strcmp(cli_string(row, "name"), step) == 0) {
			json_t *error = NULL;
			json_t *args = json_pack("{s:s}", "form", cli_string(row, "form"));
			/* Whatever is wrong with the step is said when it is taken. */
			(void)cli->door.call(cli->door.ctx, "form.get", args, &form, &error);
			json_decref(error);
			json_decref(args);
		}
	}
	return form;
}
