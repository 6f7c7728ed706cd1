/* SPDX-License-Identifier: MIT */
/*
 * Arguments of methods: checked against small tables before a method runs, so
 * that handlers read them without doubt.  All faults are named at once.
 */
#include "args.h"

#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

#define TEXT_MOST 200 /* bytes of an ordinary argument: names, ids, cursors */
#define ENTRY_MOST 64

static const struct arg *
arg_find(const struct arg *table, const char *name)
{
	for (; table->name; table++) {
		if (strcmp(table->name, name) == 0) {
			return table;
		}
	}
	return NULL;
}

static void
check_text(struct diagnostics *d, const struct arg *arg, const json_t *value)
{
	size_t most = arg->most ? (size_t)arg->most : TEXT_MOST;
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (!json_is_string(value)) {
		diagnostics_add(d, arg->name, "D102", _("A text is wanted here."));
	} else if (len > most) {
		diagnostics_add(d, arg->name, "D104", _("This text is too long."));
	} else if (strlen(text) != len || !text_input_ok(text, len, NULL)) {
		diagnostics_add(d, arg->name, "D105", _("This text holds control characters."));
	} else if (len == 0 && arg->required) {
		diagnostics_add(d, arg->name, "D101", _("This must not be empty."));
	}
}

/*
 * Ids that the desk makes of what its entry is about (EVENT_ID_CLOCK and its like) can be
 * worked out by anybody: who could take one beforehand would silence a reminder, and who could
 * ask for one would learn whether there is such an entry.  They are refused whether there is
 * one or not.
 */
static void
check_entry(struct diagnostics *d, const struct arg *arg, const json_t *value)
{
	static const char *const made[] = { EVENT_ID_CLOCK, EVENT_ID_JUMP, EVENT_ID_GLASS };
	const struct arg text = {
		.name = arg->name, .most = ENTRY_MOST, .required = arg->required
	};
	const char *id = json_string_value(value);

	check_text(d, &text, value);
	for (size_t i = 0; id && i < ARRAY_LEN(made); i++) {
		if (strncmp(id, made[i], strlen(made[i])) == 0) {
			diagnostics_add(
				d, arg->name, "D103", _("This id belongs to another entry."));
		}
	}
}

static void
check_count(struct diagnostics *d, const struct arg *arg, const json_t *value)
{
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value)) {
		diagnostics_add(d, arg->name, "D102", _("A whole number is wanted here."));
	} else if (n < arg->least || (arg->most && n > arg->most)) {
		diagnostics_add(d, arg->name, "D102", _("This number is out of range."));
	}
}

static void
check_words(struct diagnostics *d, const struct arg *arg, const json_t *value)
{
	struct arg item = { .name = arg->name, .required = true };
	const json_t *word;
	size_t i;

	if (!json_is_array(value)) {
		diagnostics_add(d, arg->name, "D102", _("A list of words is wanted here."));
	}
	json_array_foreach(value, i, word)
	{
		if (diagnostics_full(d)) {
			return;
		}
		check_text(d, &item, word);
	}
}

static void
check_value(struct diagnostics *d, const struct arg *arg, const json_t *value)
{
	switch (arg->type) {
	case ARG_TEXT:
		check_text(d, arg, value);
		break;
	case ARG_ENTRY:
		check_entry(d, arg, value);
		break;
	case ARG_COUNT:
		check_count(d, arg, value);
		break;
	case ARG_FLAG:
		if (!json_is_boolean(value)) {
			diagnostics_add(d, arg->name, "D102", _("true or false is wanted here."));
		}
		break;
	case ARG_OBJECT:
		if (!json_is_object(value)) {
			diagnostics_add(d, arg->name, "D102", _("An object is wanted here."));
		}
		break;
	case ARG_WORDS:
		check_words(d, arg, value);
		break;
	case ARG_ANY: /* judged by a form */
		break;
	}
}

static void
check_known(struct diagnostics *d, const struct arg *table, const json_t *args)
{
	const char *name;
	json_t *value;

	/* jansson's iteration wants a mutable object but changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)args, name, value)
	{
		if (diagnostics_full(d)) {
			return;
		}
		if (!arg_find(table, name)) {
			diagnostics_add(d, name, "D111", _("There is no option of this name."));
		}
	}
}

enum err
args_check(struct call *call, const struct arg *table)
{
	struct diagnostics d = { .arena = call->arena };

	if (call->args && !json_is_object(call->args)) {
		return call_fail_field(call, "D102", "args", _("The arguments must be an object."));
	}
	for (const struct arg *arg = table; arg->name; arg++) {
		const json_t *value = arg_value(call, arg->name);

		if (value) {
			check_value(&d, arg, value);
		} else if (arg->required) {
			diagnostics_add(&d, arg->name, "D101", _("This is required."));
		}
	}
	check_known(&d, table, call->args);
	return d.n ? call_fail_fields(call, &d) : ERR_OK;
}

const json_t *
arg_value(const struct call *call, const char *name)
{
	const json_t *value = json_object_get(call->args, name);

	return json_is_null(value) ? NULL : value;
}

const char *
arg_text(const struct call *call, const char *name)
{
	const char *text = json_string_value(arg_value(call, name));

	return text && *text ? text : NULL;
}

int64_t
arg_count(const struct call *call, const char *name, int64_t fallback)
{
	const json_t *value = arg_value(call, name);

	return value ? json_integer_value(value) : fallback;
}

bool
arg_flag(const struct call *call, const char *name)
{
	return json_is_true(arg_value(call, name));
}

int64_t
arg_draft(const struct call *call, const char *name)
{
	const char *text = arg_text(call, name);
	char *end = NULL;
	long long number;

	if (!text || strncmp(text, "D-", 2) != 0 || text[2] < '0' || text[2] > '9') {
		return 0;
	}
	number = strtoll(text + 2, &end, 10);
	return *end == '\0' && number < INT64_MAX ? number : 0;
}
