/* SPDX-License-Identifier: MIT */
/*
 * On what kind of file system a path lies.
 */
#ifndef TOBAN_SRC_STORE_MOUNT_H
#define TOBAN_SRC_STORE_MOUNT_H

#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/base/str.h"

/*
 * Appends the type of the file system that holds the absolute path `path`, as
 * the text of /proc/self/mountinfo tells it (proc(5)).  ERR_NOT_FOUND when no
 * line fits.
 */
enum err mount_type(const char *mountinfo, const char *path, struct str *ret_type);

/* Whether a type is shared between machines, where SQLite's locks do not hold. */
bool mount_is_network(const char *type);

/* Both in one, for the file system of this process's `path`; false when /proc tells nothing. */
bool mount_refuses(const char *path, struct str *ret_type);

#endif
