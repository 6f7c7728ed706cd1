/* SPDX-License-Identifier: MIT */
/*
 * Bringing a desk file forward to the schema of this program.
 */
#ifndef TOBAN_SRC_STORE_MIGRATE_H
#define TOBAN_SRC_STORE_MIGRATE_H

#include "sqlite_engine.h"

/*
 * steps[i] are the statements, ended by NULL, that lead from version i to
 * i + 1; `version` is how many steps there are.
 */

/* Fills an empty file: marks it as a desk and runs all steps, in one transaction. */
enum err migrate_found(sqlite3 *db, const char *const *const *steps, int version);

/*
 * Migrates an older file in one transaction, after a backup of it as
 * PATH.vN.backup; does nothing when it is up to date.  ERR_UNSUPPORTED when it
 * is newer: nothing was changed.
 */
enum err migrate_run(struct sqlite_store *store, const char *const *const *steps, int version);

#endif
