/* SPDX-License-Identifier: MIT */
/*
 * An embedded desk: a file, its definitions, its secrets, put together.
 */
#ifndef TOBAN_DESK_FILE_H
#define TOBAN_DESK_FILE_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/clock.h"
#include "toban/desk/desk.h"

struct desk_file; /* opaque */

struct desk_file_options {
	const char *path;   /* NULL: none could be named; "demo": a throw-away desk */
	const char *person; /* claimed, NULL */
	struct clock clock;
};

/* Opens one; on failure *ret_error is an error document (door.h). */
enum err desk_file_open(
	const struct desk_file_options *options, struct desk_file **ret_file, json_t **ret_error);

/* A door for `person` (NULL: whoever the account is). */
enum err desk_file_door(
	struct desk_file *file, const char *person, struct door *ret_door, json_t **ret_error);

/* The path of the store; borrowed. */
const char *desk_file_path(const struct desk_file *file);

struct clock desk_file_clock(const struct desk_file *file);

/* Closes it; a throw-away desk is removed.  NULL allowed. */
void desk_file_close(struct desk_file *file);

struct desk_file_new {
	const char *path;
	const char *org_path; /* NULL: the example organisation */
	bool trial;
	struct clock clock;
};

/* `init`: makes a desk; *ret_result {"path","trial","people","departments"}. */
enum err desk_file_create(
	const struct desk_file_new *options, json_t **ret_result, json_t **ret_error);

/* `check [DIR]`: *ret_result {"ok","files","problems":[{"path","line","text","expected"}]}. */
enum err desk_file_check(const char *dir, json_t **ret_result, json_t **ret_error);

#endif
