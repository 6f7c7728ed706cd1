/* SPDX-License-Identifier: MIT */
/*
 * Backups.  Never a copy of the bytes: the -wal would be missing, and a copy
 * without its -wal passes every check but that of a head kept elsewhere.
 */
#include "backup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_file.h"
#include "sqlite_parts.h"
#include "toban/base/log.h"

/* Entries read at a time by the check of the copy. */
#define CHECK_PAGE 1000

#define PART_SUFFIX ".part"

/* Copies all pages in one step: one moment of the file, whoever writes meanwhile. */
static enum err
backup_copy(sqlite3 *db, const char *path)
{
	sqlite3 *copy = NULL;
	sqlite3_backup *backup = NULL;
	int rc = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL);

	if (rc == SQLITE_OK) {
		/* Half a copy is thrown away, so it needs no journal; it is synced at the end. */
		rc = sqlite3_exec(copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL,
			NULL, NULL);
	}
	if (rc == SQLITE_OK) {
		backup = sqlite3_backup_init(copy, "main", db, "main");
		rc = backup == NULL ? sqlite3_errcode(copy) : sqlite3_backup_step(backup, -1);
	}
	if (backup != NULL) {
		int finish = sqlite3_backup_finish(backup);

		rc = rc == SQLITE_DONE ? finish : rc;
	}
	if (sqlite3_close(copy) != SQLITE_OK && rc == SQLITE_OK) {
		rc = SQLITE_IOERR;
	}
	return sqlite_err(NULL, rc);
}

/* Walks the ledger of the copy and runs the engine's check on it. */
static enum err
backup_walk(struct store *store, struct ledger_problems *problems)
{
	struct ledger_walk *walk = ledger_walk_new(problems);
	struct arena *arena = arena_new();
	struct event_list list = { .n = 1 };
	struct ledger_head head;
	int64_t events;
	int64_t after = 0;
	enum err err = walk == NULL || arena == NULL ? ERR_NOMEM : ERR_OK;

	while (err == ERR_OK && list.n > 0) {
		arena_clear(arena);
		err = store_events(store, arena, after, CHECK_PAGE, &list);
		for (size_t i = 0; i < list.n && err == ERR_OK; i++) {
			err = ledger_walk_row(walk, &list.items[i]);
			after = list.items[i].seq;
		}
	}
	if (err == ERR_OK) {
		err = ledger_walk_finish(walk, NULL, &events, &head);
	}
	ledger_walk_free(walk);
	arena_free(arena);
	return err == ERR_OK ? store_check(store, problems) : err;
}

/*
 * Checks the copy as it lies there.  A copy of an older schema (made before a
 * migration) is walked but not compared with the schema of today.
 */
static enum err
backup_verify(const char *path)
{
	struct sqlite_store copy = { .base = { &sqlite_engine }, .gate_fd = -1, .wake_fd = -1 };
	struct ledger_problems problems = { .arena = arena_new() };
	enum err err = problems.arena == NULL ? ERR_NOMEM : file_open_still(path, &copy.db);

	if (err == ERR_OK) {
		err = backup_walk(&copy.base, &problems);
	}
	if (err == ERR_OK && problems.n > 0) {
		log_line(LOG_ERROR, "store: the backup is damaged at entry %" PRId64 ": %s",
			problems.items[0].seq, problems.items[0].text);
		err = ERR_CORRUPT;
	}
	sqlite_disconnect(&copy);
	arena_free(problems.arena);
	return err;
}

enum err
backup_write(sqlite3 *db, const char *target, bool fresh)
{
	char *part = file_beside(target, PART_SUFFIX);
	enum err err = ERR_NOMEM;

	if (part != NULL) {
		file_discard(part); /* of a backup that was killed */
		err = refusal_err(file_make(part));
	}
	if (err == ERR_OK) {
		err = backup_copy(db, part);
		if (err == ERR_OK) {
			err = backup_verify(part);
		}
		if (err == ERR_OK) {
			err = refusal_err(file_place(part, target, fresh));
		}
		if (err != ERR_OK) {
			file_discard(part);
		}
	}
	free(part);
	return err;
}

/* The path with its directory as the file system has it; NULL when there is none. */
static char *
real_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory = file_directory(path);
	char *real = directory != NULL ? realpath(directory, NULL) : NULL;
	char *end = real != NULL ? file_beside(real, "/") : NULL;
	char *name = end != NULL ? file_beside(end, slash != NULL ? slash + 1 : path) : NULL;

	free(end);
	free(real);
	free(directory);
	return name;
}

/*
 * DESK-wal, DESK.key, DESK.evidence/... are the desk's own, there or not: a backup in the place of
 * one would be taken for it.  DESK...backup is free, as those that a migration makes.
 */
static bool
is_own_name(const char *desk, const char *path)
{
	static const char free_end[] = ".backup";
	char *own = real_name(desk);
	char *name = real_name(path);
	size_t len = own != NULL ? strlen(own) : 0;
	size_t name_len = name != NULL ? strlen(name) : 0;
	bool is = own != NULL && name != NULL && strncmp(name, own, len) == 0 &&
		(name[len] == '.' || name[len] == '-');

	if (is && strchr(name + len, '/') == NULL && name_len >= len + sizeof(free_end) - 1) {
		is = strcmp(name + name_len - (sizeof(free_end) - 1), free_end) != 0;
	}
	free(own);
	free(name);
	return is;
}

enum err
sqlite_store_backup(struct store *base, const char *path)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	/* Within a group the copy would hold what may yet be taken back. */
	enum err err = store->group.open ? ERR_BUSY : sqlite_ready(store);
	enum refusal refusal;

	if (err != ERR_OK) {
		return err;
	}
	if (is_own_name(store->path, path)) {
		return ERR_DENIED;
	}
	/* The place of a backup may well be on another machine; only its name must be free. */
	refusal = file_check_new(path);
	if (refusal != REFUSAL_NONE && refusal != REFUSAL_NETWORK) {
		return refusal_err(refusal);
	}
	return backup_write(store->db, path, true);
}
