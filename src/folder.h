/* SPDX-License-Identifier: MIT */
/*
 * Reading files that people wrote: the definition files of a folder, an
 * organisation.
 */
#ifndef TOBAN_FOLDER_H
#define TOBAN_FOLDER_H

#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/base/ini.h"
#include "toban/core/procedure.h"

/*
 * Reads a regular file of at most 1 MiB into the arena; a NUL that is not
 * counted follows.  ERR_NOT_FOUND, ERR_NOMEM; ERR_IO also for a larger or special file.
 */
enum err folder_read_file(struct arena *arena, const char *path, char **ret_data, size_t *ret_len);

/*
 * Reads every .ini, .form and .flow file below `dir` into the arena, sorted by
 * path.  ERR_NOT_FOUND when there is no such folder, ERR_NOMEM; files that
 * cannot be read, are above 1 MiB, links and special files are findings.
 */
enum err folder_read_forms(struct arena *arena, const char *dir, struct ini_problems *problems,
	const struct def_file **ret_files, size_t *ret_n);

#endif
