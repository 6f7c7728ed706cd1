/* SPDX-License-Identifier: MIT */
/*
 * Migrations: forward only, one transaction, a backup first.  The version is
 * read again inside the transaction, because another desk may have migrated
 * while this one waited for its turn.
 */
#include "migrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "backup.h"
#include "sqlite_file.h"
#include "toban/base/log.h"

/* Runs the steps from one version to another; inside a transaction. */
static enum err
migrate_steps(sqlite3 *db, const char *const *const *steps, int64_t from, int version)
{
	char sql[64]; /* a PRAGMA takes no parameters; the number is ours */
	int rc = SQLITE_OK;

	for (int64_t i = from; i < version && rc == SQLITE_OK; i++) {
		for (const char *const *step = steps[i]; *step != NULL && rc == SQLITE_OK; step++) {
			rc = sqlite3_exec(db, *step, NULL, NULL, NULL);
		}
	}
	if (rc == SQLITE_OK) {
		(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", version);
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	}
	return sqlite_err(NULL, rc);
}

enum err
migrate_found(sqlite3 *db, const char *const *const *steps, int version)
{
	char sql[64];
	int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	enum err err = sqlite_err(NULL, rc);

	if (err != ERR_OK) {
		return err;
	}
	(void)snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", FILE_APPLICATION_ID);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	err = sqlite_err(NULL, rc);
	if (err == ERR_OK) {
		err = migrate_steps(db, steps, 0, version);
	}
	if (err == ERR_OK) {
		err = sqlite_err(NULL, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
	}
	return err; /* on failure the caller throws the file away */
}

/*
 * Keeps the file as it is now beside itself; an older such copy is replaced.
 * By a connection of its own: SQLite copies nothing from one that is writing.
 */
static enum err
migrate_backup(struct sqlite_store *store, int64_t from)
{
	char suffix[40];
	sqlite3 *reader = NULL;
	char *target;
	enum err err;

	(void)snprintf(suffix, sizeof(suffix), ".v%" PRId64 ".backup", from);
	target = file_beside(store->path, suffix);
	if (target == NULL) {
		return ERR_NOMEM;
	}
	err = sqlite_connect(store->path, &reader);
	if (err == ERR_OK) {
		err = backup_write(reader, target, false);
	}
	(void)sqlite3_close(reader); /* only read; NULL is allowed */
	free(target);
	return err;
}

/* The steps, in a transaction and behind the gate. */
static enum err
migrate_locked(struct sqlite_store *store, const char *const *const *steps, int version)
{
	int64_t from = 0;
	enum err err = sqlite_begin(store);

	if (err != ERR_OK) {
		return err;
	}
	err = sqlite_pragma(store->db, "PRAGMA user_version", &from);
	if (err == ERR_OK && from > version) {
		err = ERR_UNSUPPORTED;
	}
	if (err != ERR_OK || from == version) {
		return sqlite_abort(store, err);
	}
	/* Nothing is written yet, and nobody else can: the copy is of this very state. */
	err = migrate_backup(store, from);
	if (err == ERR_OK) {
		err = migrate_steps(store->db, steps, from, version);
	}
	if (err != ERR_OK) {
		return sqlite_abort(store, err);
	}
	err = sqlite_end(store, NULL);
	if (err == ERR_OK) {
		log_line(LOG_INFO, "store: migrated from version %" PRId64 " to %d", from, version);
		/* So that a program that only looks at the file sees its version. */
		(void)sqlite_scrub(store); /* a reader in the way does no harm */
	}
	return err;
}

enum err
migrate_run(struct sqlite_store *store, const char *const *const *steps, int version)
{
	int64_t stored = 0;
	enum err err = sqlite_pragma(store->db, "PRAGMA user_version", &stored);

	if (err != ERR_OK) {
		return err;
	}
	if (stored > version) {
		return ERR_UNSUPPORTED;
	}
	return stored == version ? ERR_OK : migrate_locked(store, steps, version);
}
