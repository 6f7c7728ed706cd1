/* SPDX-License-Identifier: MIT */
/*
 * The arguments of a method: a table says which there are, and every call is checked against it
 * before the method sees it.  Private to the desk layer.
 */
#ifndef TOBAN_DESK_ARGS_H
#define TOBAN_DESK_ARGS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "toban/base/err.h"

struct call;

/* ARG_ENTRY: the id of an entry to be made, which may be none that the desk makes itself. */
enum arg_type { ARG_TEXT, ARG_ENTRY, ARG_COUNT, ARG_FLAG, ARG_OBJECT, ARG_WORDS, ARG_ANY };

/* One argument of a method; a list ends with a row without name. */
struct arg {
	const char *name;
	enum arg_type type;
	bool required;
	int64_t most;  /* ARG_TEXT: bytes, 0: 200; ARG_COUNT: the largest value, 0: any */
	int64_t least; /* ARG_COUNT */
};

/* Checks call->args against the table: D101, D102, D104, D105, D111, every fault named. */
enum err args_check(struct call *call, const struct arg *table);

/* Values of checked arguments; the fallback where one was not given. */
const char *arg_text(const struct call *call, const char *name);
int64_t arg_count(const struct call *call, const char *name, int64_t fallback);
bool arg_flag(const struct call *call, const char *name);
const json_t *arg_value(const struct call *call, const char *name);

/* The number of a draft id ("D-17" is 17); 0 when the argument is missing or none. */
int64_t arg_draft(const struct call *call, const char *name);

#endif
