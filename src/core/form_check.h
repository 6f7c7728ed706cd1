/* SPDX-License-Identifier: MIT */
/*
 * One value of a form while it is checked.
 */
#ifndef TOBAN_SRC_CORE_FORM_CHECK_H
#define TOBAN_SRC_CORE_FORM_CHECK_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/str.h"
#include "toban/core/form.h"

/* One call of form_check(). */
struct checking {
	const struct form_context *context;
	struct diagnostics *diagnostics;
	bool faulty; /* there was a fault */
	bool nomem;  /* memory ran out; nothing may be concluded */
};

/* A value at its place. */
struct value {
	struct checking *checking;
	const struct form_field *field;
	const char *path; /* title, measures[0].due, to[1] */
	const json_t *json;
};

/* Notes a fault of the value; `text` is translated. */
void value_fault(const struct value *v, const char *code, const char *text);

/* The same with a sentence that has one placeholder. */
void value_fault_say(
	const struct value *v, const char *code, const char *pattern, struct str_arg arg);

/* Notes that memory ran out; NULL, for the convenience of those that return it. */
json_t *value_nomem(const struct value *v);

/* The value if it is not NULL, else value_nomem(). */
json_t *value_made(const struct value *v, json_t *made);

/* Path of an entry or member of the value: `suffix` is "[3]" or ".name". */
const char *value_path(const struct value *v, const char *suffix);

/*
 * The clean form of a value that is not blank, by its field's type; a new
 * reference, NULL when it has a fault (noted).
 */
json_t *value_check(const struct value *v);

/* Whether nothing was entered: no value, null, only blanks, an empty list of ids. */
bool value_is_blank(const struct form_field *field, const json_t *json);

/* Checkers by kind of value; each as value_check(). */
json_t *value_check_line(const struct value *v);
json_t *value_check_text(const struct value *v);
json_t *value_check_time(const struct value *v);
json_t *value_check_due(const struct value *v);
json_t *value_check_list(const struct value *v);
json_t *value_check_answers(const struct value *v);
json_t *value_check_measures(const struct value *v);
json_t *value_check_file(const struct value *v);

/*
 * Checks an object against a form: known keys, required fields, each value.
 * A new object, or NULL without memory; faults are noted.  `prefix` comes
 * before each path ("" or "measures[0].").
 */
json_t *form_check_object(struct checking *checking, const struct form *form, const json_t *entered,
	const char *prefix);

#endif
