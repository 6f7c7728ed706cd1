/* SPDX-License-Identifier: MIT */
/*
 * The procedure of this site: the definition files the program was built with,
 * and those of the site that take their place.
 */
#ifndef TOBAN_SITE_H
#define TOBAN_SITE_H

#include <jansson.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/base/ini.h"
#include "toban/base/str.h"
#include "toban/core/procedure.h"

/*
 * Reads the procedure a desk runs by; it lives in the arena.  A procedure with
 * any fault is refused: *ret_error is an error document (door.h) then.
 */
enum err site_load(
	struct arena *arena, const struct procedure **ret_procedure, json_t **ret_error);

/*
 * `check [DIR]`: *ret_result {"ok","files","folder","problems":[{"path","line",
 * "text","expected"}]}; `dir` NULL: the folder a desk would read.  Faults found are a
 * result; ERR_NOT_FOUND, ERR_NOMEM with *ret_error.
 */
enum err site_check(const char *dir, json_t **ret_result, json_t **ret_error);

/*
 * `check --authority [DIR]`: *ret_result as desk_authority() tells it, under the procedure of that
 * folder.  A procedure with faults is refused (D420).
 */
enum err site_authority(const char *dir, json_t **ret_result, json_t **ret_error);

/* Appends the first few findings to a sentence, each with file and line. */
void site_add_faults(struct str *text, const struct ini_problems *problems);

#endif
