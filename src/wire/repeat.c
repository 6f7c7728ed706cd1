/* SPDX-License-Identifier: MIT */
/*
 * The two tables about methods that the socket needs.
 */
#include "repeat.h"

#include <string.h>

#include "toban/base/attr.h"

static const char *const slow[] = {
	"ledger.verify",
	"ledger.export",
	"admin.backup",
};

struct repeat {
	const char *method;
	const char *key; /* the argument that makes it safe; NULL: it always is */
};

/* Every other method that writes is safe with its "event". */
static const struct repeat repeats[] = {
	{ "incident.report", "id" },
	{ "incident.seen", NULL },
	{ "incident.look", NULL },
	/* Sent twice, a new draft is there twice: better than not at all. */
	{ "draft.save", NULL },
	{ "draft.drop", NULL },
	{ "me.prefer", NULL },
	/* An alarm that is counted once too often is better than one that nobody sees. */
	{ "alert.intake", NULL },
};

bool
method_is_slow(const char *method)
{
	for (size_t i = 0; i < ARRAY_LEN(slow); i++) {
		if (strcmp(slow[i], method) == 0) {
			return true;
		}
	}
	return false;
}

bool
method_is_mark(const char *method)
{
	return strcmp(method, "incident.look") == 0 || strcmp(method, "me.prefer") == 0;
}

bool
write_is_repeatable(const char *method, const json_t *args)
{
	const char *key = "event";

	for (size_t i = 0; i < ARRAY_LEN(repeats); i++) {
		if (strcmp(repeats[i].method, method) == 0) {
			key = repeats[i].key;
		}
	}
	return !key || json_is_string(json_object_get(args, key));
}
