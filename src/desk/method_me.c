/* SPDX-License-Identifier: MIT */
/*
 * What a person chose for their own screen.  It is kept at the desk, not in
 * the account, because people sit at different terminals; it is no part of the
 * record, and only its owner reads or changes it.
 */
#include <string.h>

#include "call.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

/* Every name with its values, separated by blanks; NULL: any text. */
static const struct {
	const char *name;
	const char *values;
} choices[] = {
	{ "language", "en ja" },
	{ "clock", "rest absolute" },
	{ "order", "due newest number category state" },
	{ "whose", "all department mine" },
	{ "closed", "yes no" },
	{ "lock", "never 5 10 30" },
	{ "greeted", "yes" },
	{ "search.1", NULL },
	{ "search.2", NULL },
	{ "search.3", NULL },
	{ "search.4", NULL },
	{ "search.5", NULL },
	{ "search.6", NULL },
	{ "search.7", NULL },
	{ "search.8", NULL },
	{ "search.9", NULL },
};

static bool
is_among(const char *value, const char *values)
{
	size_t len = strlen(value);

	while (*values) {
		size_t word = strcspn(values, " ");

		if (word == len && strncmp(values, value, len) == 0) {
			return true;
		}
		values += word;
		values += strspn(values, " ");
	}
	return false;
}

static enum err
check_choice(struct call *call, const char *name, const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		if (strcmp(choices[i].name, name) != 0) {
			continue;
		}
		if (value && choices[i].values && !is_among(value, choices[i].values)) {
			return call_fail_field(call, "D103", "value", choices[i].values);
		}
		return ERR_OK;
	}
	return call_fail_field(call, "D103", "name", _("There is no preference of this name."));
}

enum err
method_me_preferences(struct call *call, json_t **ret_result)
{
	struct preference_list list = { NULL, 0 };
	enum err e = store_preferences(call->store, call->arena, call->person->id, &list);
	json_t *values;

	if (e) {
		return call_fail_store(call, e, false);
	}
	values = json_object();
	for (size_t i = 0; i < list.n; i++) {
		json_object_set_new(values, list.items[i].name, json_string(list.items[i].value));
	}
	*ret_result = json_pack("{s:o}", "preferences", values);
	return ERR_OK;
}

enum err
method_me_prefer(struct call *call, json_t **ret_result)
{
	const char *name = arg_text(call, "name");
	const char *value = arg_text(call, "value");
	enum err e = check_choice(call, name, value);

	if (e) {
		return e;
	}
	e = store_preference_put(call->store, call->person->id, name, value);
	return e ? call_fail_store(call, e, true) : method_me_preferences(call, ret_result);
}
