/* SPDX-License-Identifier: MIT */
/*
 * A checked copy of a desk file.
 */
#ifndef TOBAN_SRC_STORE_BACKUP_H
#define TOBAN_SRC_STORE_BACKUP_H

#include "sqlite_engine.h"

/*
 * Copies `db` to the file `target` by the backup API, checks the copy, syncs it
 * and gives it its name.  With `fresh` an existing target is ERR_EXISTS.
 * ERR_CORRUPT when the copy's check finds damage: no target then.
 */
enum err backup_write(sqlite3 *db, const char *target, bool fresh);

#endif
