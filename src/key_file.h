/* SPDX-License-Identifier: MIT */
/*
 * The file of keys a person chose: found, read and checked before the screen opens.
 */
#ifndef TOBAN_KEY_FILE_H
#define TOBAN_KEY_FILE_H

#include "toban/base/arena.h"
#include "toban/base/ini.h"
#include "toban/base/str.h"

/*
 * Reads $TOBAN_KEYS, or $XDG_CONFIG_HOME/toban/keys.ini; *ret_path is NULL when
 * there is none.  Faults go to `problems`, their codes in `expected`.  ERR_NOMEM.
 */
enum err key_file_read(struct arena *arena, struct ini_problems *problems, const char **ret_path,
	struct str *ret_text);

#endif
