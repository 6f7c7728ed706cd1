/* SPDX-License-Identifier: MIT */
/*
 * Where things are on this machine: the desk, the catalogues, the site's
 * definition files, the sender program.  Only the programs' composition asks.
 */
#ifndef TOBAN_PLACES_H
#define TOBAN_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/base/ini.h"
#include "toban/core/procedure.h"

/*
 * The desk file that is opened when none is named: $XDG_DATA_HOME/toban/desk.db.
 * NULL when there is no home to put it in.
 */
const char *places_default_desk(struct arena *arena);

/* Makes the folder of `path` and those above it, mode 0700. */
enum err places_make_folder(const char *path);

/* The folder of message catalogues: beside the program in a build tree, else installed. */
const char *places_locale_dir(struct arena *arena);

/* The program `name` beside this one, else in the installed libexec folder. */
const char *places_helper(struct arena *arena, const char *name);

/* The site's definition files: $TOBAN_FORMS, else /etc/toban/forms; NULL when neither is there. */
const char *places_forms_dir(void);

/*
 * Reads every .ini, .form and .flow file below `dir` into the arena, sorted by
 * path.  ERR_NOT_FOUND when there is no such folder; files above 1 MiB,
 * links and special files are findings, not definitions.
 */
enum err places_read_forms(struct arena *arena, const char *dir, struct ini_problems *problems,
	const struct def_file **ret_files, size_t *ret_n);

/* Reads a regular file of at most 1 MiB; ERR_NOT_FOUND, ERR_IO (also for special files). */
enum err places_read_file(struct arena *arena, const char *path, char **ret_data, size_t *ret_len);

/* The system's clock, or the one that stands at $TOBAN_NOW (RFC 3339, or seconds since 1970). */
struct clock places_clock(void);

/* The account's login name, "" when unknown. */
const char *places_login(struct arena *arena);

#endif
