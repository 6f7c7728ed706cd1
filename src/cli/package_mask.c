/* SPDX-License-Identifier: MIT */
/*
 * Leaving personal data out of a package.  The hashes stay those of what is left out, so that
 * the chain and every signature can still be checked; nobody can find a text by its hash, for
 * nonces and salts are left out with them.
 */
#include <string.h>

#include "package.h"
#include "toban/base/attr.h"

/* Types of fields that hold no words of a person and name nobody. */
static bool
is_impersonal(const json_t *field)
{
	static const char *const types[] = { "time", "due", "choice", "flag", "department",
		"departments", "answers", "categories", "category", "measure", "review-item",
		"clock", "incident", "seq", "hash" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (strcmp(cli_string(field, "type"), types[i]) == 0) {
			return !json_is_true(json_object_get(field, "personal"));
		}
	}
	return false;
}

/* The form an entry was made with, as it is today; NULL: there is none of that name. */
static const json_t *
find_form(struct cli *cli, const char *name, json_t *forms)
{
	json_t *form = json_object_get(forms, name);
	json_t *error = NULL;

	if (!form && *name) {
		json_t *args = json_pack("{s:s}", "form", name);

		if (cli->door.call(cli->door.ctx, "form.get", args, &form, &error) != ERR_OK) {
			form = json_null();
			json_decref(error);
		}
		json_object_set_new(forms, name, form);
		json_decref(args);
	}
	return json_is_object(form) ? form : NULL;
}

static json_t *
mask_fields(const json_t *form, const json_t *fields)
{
	json_t *kept = json_object();
	json_t *field;
	size_t i;

	json_array_foreach(json_object_get(form, "fields"), i, field)
	{
		const char *key = cli_string(field, "key");
		json_t *value = json_object_get(fields, key);

		if (value && is_impersonal(field)) {
			json_object_set(kept, key, value);
		}
	}
	return kept;
}

json_t *
package_masked(struct cli *cli, json_t *event, json_t *forms)
{
	json_t *body = json_object_get(event, "body");
	json_t *state = json_object_get(body, "state");
	json_t *proof = json_deep_copy(json_object_get(body, "signed"));
	json_t *masked = json_copy(event);
	const json_t *form = find_form(cli, cli_string(event, "form"), forms);

	json_object_del(masked, "nonce");
	json_object_set_new(masked, "masked", json_true());
	if (strcmp(cli_string(event, "subject"), "keys") == 0) {
		/* Public keys and whose they are stay: signatures are checked by them. */
		json_t *kept = json_deep_copy(body);

		json_object_del(kept, "comment");
		json_object_del(kept, "why");
		json_object_set_new(masked, "body", kept);
		json_decref(proof);
		return masked;
	}
	json_object_del(proof, "salt");
	json_object_set_new(masked, "body",
		json_pack("{s:o, s:O*, s:o*}", "fields",
			mask_fields(form, json_object_get(body, "fields")), "state", state,
			"signed", proof));
	return masked;
}
