/* SPDX-License-Identifier: MIT */
/*
 * An embedded desk: a file, its definitions, its secrets, put together.  Every
 * function that fails gives an error document (door.h) in *ret_error.
 */
#ifndef TOBAN_DESK_FILE_H
#define TOBAN_DESK_FILE_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/clock.h"
#include "toban/desk/desk.h"

struct desk_file; /* opaque */

struct desk_file_options {
	const char *path; /* NULL: none could be named; "demo": a throw-away desk */
	struct clock clock;
	bool read_only; /* a desk of an older version is refused instead of brought up to date */
	const char *witness_file; /* signed ends are appended to it; NULL: none */
	bool witness_syslog;
	bool engine;  /* of a service: what of witnesses is not named here is not wanted any more */
	bool service; /* others reach it through this process alone, if nobody else can open it */
};

/* Opens one. */
enum err desk_file_open(
	const struct desk_file_options *options, struct desk_file **ret_file, json_t **ret_error);

/* A door for `person` (NULL: whoever the account is). */
enum err desk_file_door(
	struct desk_file *file, const char *person, struct door *ret_door, json_t **ret_error);

/* Nothing of the record is written through it from now on (desk_read_only()). */
void desk_file_read_only(struct desk_file *file);

/* Whether it goes when it is closed: the desk of `--desk demo`. */
bool desk_file_is_throw_away(const struct desk_file *file);

/* The desk and its store, for what works outside every session; borrowed. */
struct desk *desk_file_desk(const struct desk_file *file);
struct store *desk_file_store(const struct desk_file *file);

/* Which protection holds (docs/security.md); static. */
const char *desk_file_protection(const struct desk_file *file);

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

#endif
