/* SPDX-License-Identifier: MIT */
/*
 * Checking what was entered against a form's definition.  The same check runs
 * for the screen, the command line and the service.
 */
#ifndef TOBAN_CORE_FORM_H
#define TOBAN_CORE_FORM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "toban/base/clock.h"
#include "toban/core/incident.h"
#include "toban/core/org.h"
#include "toban/core/procedure.h"

/* One fault of one field. */
struct diagnostic {
	const char *field; /* key, or a path as in measures[0].due */
	const char *code;  /* stable: D1xx */
	const char *text;  /* translated sentence: what is wrong and what to do */
};

struct diagnostics {
	struct arena *arena; /* set by the caller */
	struct diagnostic *items;
	size_t n;
	size_t cap;
};

/* More faults of one document are not told: who sent it did not type it. */
#define DIAGNOSTICS_MOST 500

/* Appends a diagnostic, unless there are so many already; `text` is copied. */
void diagnostics_add(struct diagnostics *d, const char *field, const char *code, const char *text);

/* Whether there is no room for another: looking for more is of no use. */
bool diagnostics_full(const struct diagnostics *d);

/* What a check may need to look things up. */
struct form_context {
	const struct procedure *procedure;
	const struct org *org;
	const struct incident *incident; /* NULL for a report */
	stamp now;
	int offset_min;
};

/*
 * Checks the object `entered` and makes its clean form: known keys only (an
 * unknown key is a fault that names it), times and durations as RFC 3339,
 * text composed (text_compose) and without trailing blanks, single strings
 * widened to lists where the type is a list.  ALL faults are collected.
 * *ret_clean is a new reference.  ERR_INVALID if there was any fault;
 * ERR_NOMEM.  `entered` is not changed and may be any JSON value or NULL.
 */
enum err form_check(const struct form *form, const json_t *entered,
	const struct form_context *context, struct diagnostics *diagnostics, json_t **ret_clean);

/* The word of a field type in form files, static; NULL outside the enum. */
const char *field_type_word(enum field_type type);

/* The form as a JSON document for screens and `steps --form`; a new reference. */
json_t *form_to_json(const struct form *form);

#endif
