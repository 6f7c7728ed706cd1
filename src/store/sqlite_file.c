/* SPDX-License-Identifier: MIT */
/*
 * The desk file as a file.  It is never opened here by name to be read: closing
 * such a descriptor would drop the locks that SQLite holds on the same file in
 * this process (POSIX fcntl() locks belong to the process, not the descriptor).
 */
#include "sqlite_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount.h"
#include "sqlite_engine.h"
#include "toban/base/log.h"

/* The smallest page a SQLite file can have, in bytes. */
#define SMALLEST_PAGE 512

/* Shared memory of 32 KiB and the first pages of a -wal, with some to spare. */
#define RESERVE_SUFFIX ".reserve"
#define RESERVE_BYTES (128 * 1024)

/* How often a file that seems to be damaged is looked at. */
enum { PEEK_LOOKS = 5 };

char *
file_beside(const char *path, const char *suffix)
{
	struct str name = STR_INIT;
	char *text;

	str_add(&name, path);
	str_add(&name, suffix);
	text = str_detach(&name);
	return text;
}

char *
file_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL) {
		return strdup(".");
	}
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

/* File system and rights of the directory of `path`. */
static enum refusal
directory_check(const char *path)
{
	char *directory = file_directory(path);
	struct str type = STR_INIT;
	enum refusal refusal = REFUSAL_NONE;
	struct stat st;

	if (directory == NULL) {
		return REFUSAL_MEMORY;
	}
	if (stat(directory, &st) != 0 || !S_ISDIR(st.st_mode)) {
		refusal = REFUSAL_DIRECTORY_MISSING;
	} else if (mount_refuses(directory, &type)) {
		log_line(LOG_ERROR, "store: %s is on %s", path, str_text(&type));
		refusal = REFUSAL_NETWORK;
	} else if (faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) != 0) {
		refusal = REFUSAL_DIRECTORY_READ_ONLY;
	}
	str_release(&type);
	free(directory);
	return refusal;
}

enum refusal
file_check(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0) {
		return errno == ENOENT || errno == ENOTDIR ? REFUSAL_MISSING : REFUSAL_IO;
	}
	if (S_ISLNK(st.st_mode)) {
		return REFUSAL_SYMLINK;
	}
	if (!S_ISREG(st.st_mode)) {
		return REFUSAL_NO_FILE;
	}
	if (st.st_uid != geteuid()) {
		return REFUSAL_OTHER_OWNER;
	}
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		return REFUSAL_OTHERS_WRITE;
	}
	if (st.st_nlink != 1) {
		return REFUSAL_HARD_LINK;
	}
	if ((st.st_mode & (S_IRUSR | S_IWUSR)) != (S_IRUSR | S_IWUSR)) {
		return REFUSAL_READ_ONLY;
	}
	if (st.st_size == 0) {
		return REFUSAL_EMPTY;
	}
	if (st.st_size < SMALLEST_PAGE) {
		return REFUSAL_NO_DATABASE; /* SQLite would take it for an empty one */
	}
	return directory_check(path);
}

enum refusal
file_check_new(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0) {
		return REFUSAL_EXISTS;
	}
	if (errno != ENOENT && errno != ENOTDIR) {
		return REFUSAL_IO;
	}
	return directory_check(path);
}

/* The name as a URI that makes SQLite read the file as it lies there. */
static char *
still_uri(const char *path)
{
	static const char digits[] = "0123456789ABCDEF";
	struct str uri = STR_INIT;

	str_add(&uri, "file:");
	for (const char *p = path; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '%' || c == '?' || c == '#' || c < ' ' || c >= 0x7f) {
			str_add_char(&uri, '%');
			str_add_char(&uri, digits[c >> 4]);
			str_add_char(&uri, digits[c & 0xf]);
		} else {
			str_add_char(&uri, *p);
		}
	}
	str_add(&uri, "?mode=ro&immutable=1");
	return str_detach(&uri);
}

/* Whether a -wal with content lies beside the file. */
static bool
peek_has_wal(const char *path)
{
	char *wal = file_beside(path, "-wal");
	struct stat st;
	bool has = wal != NULL && lstat(wal, &st) == 0 && st.st_size > 0;

	free(wal);
	return has;
}

enum err
file_open_still(const char *path, sqlite3 **ret_db)
{
	char *uri = still_uri(path);
	sqlite3 *db = NULL;
	enum err err = ERR_NOMEM;

	if (uri != NULL) {
		err = sqlite_err(NULL,
			sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL));
	}
	free(uri);
	if (err != ERR_OK) {
		(void)sqlite3_close(db); /* NULL is allowed */
		return err;
	}
	(void)sqlite3_extended_result_codes(db, 1); /* fails only on NULL */
	*ret_db = db;
	return ERR_OK;
}

/* What the two numbers of a desk's header say. */
static enum refusal
peek_judge(int64_t application, int64_t stored, int version)
{
	if (application != FILE_APPLICATION_ID) {
		return REFUSAL_FOREIGN;
	}
	if (stored < 1) {
		return REFUSAL_DAMAGED;
	}
	return stored > version ? REFUSAL_NEWER : REFUSAL_NONE;
}

/* A number of the header; a SQLite code, not logged: what it means is judged by peek_once(). */
static int
peek_number(sqlite3 *db, const char *sql, int64_t *ret_value)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
	}
	if (rc == SQLITE_ROW) {
		*ret_value = sqlite3_column_int64(stmt, 0);
		rc = SQLITE_OK;
	} else if (rc == SQLITE_DONE) {
		rc = SQLITE_CORRUPT;
	}
	(void)sqlite3_finalize(stmt); /* repeats the error of the step */
	return rc;
}

static enum refusal
peek_once(const char *path, int version)
{
	int64_t application = 0;
	int64_t stored = 0;
	sqlite3 *db = NULL;
	enum err err = file_open_still(path, &db);
	int rc;

	if (err != ERR_OK) {
		return refusal_of(err);
	}
	rc = peek_number(db, "PRAGMA application_id", &application);
	if (rc == SQLITE_OK) {
		rc = peek_number(db, "PRAGMA user_version", &stored);
	}
	(void)sqlite3_close(db); /* only read */
	switch (rc & 0xff) {
	case SQLITE_OK:
		return peek_judge(application, stored, version);
	case SQLITE_NOTADB:
		return REFUSAL_NO_DATABASE;
	case SQLITE_CORRUPT:
		/* In a checkpoint, also a killed one, the file is short: the -wal has the rest. */
		return peek_has_wal(path) ? REFUSAL_NONE : REFUSAL_DAMAGED;
	default:
		return refusal_of(sqlite_err(NULL, rc));
	}
}

enum refusal
file_peek(const char *path, int version)
{
	enum refusal refusal = REFUSAL_NONE;

	/*
	 * It is read without locks, so another process may be in the middle of a checkpoint
	 * and take its -wal away before that is looked for: the file is whole then.
	 */
	for (int look = 0; look < PEEK_LOOKS; look++) {
		refusal = peek_once(path, version);
		if (refusal != REFUSAL_DAMAGED) {
			return refusal;
		}
	}
	return refusal;
}

static enum refusal
refusal_of_errno(int number)
{
	if (number == ENOSPC || number == EDQUOT) {
		return REFUSAL_FULL;
	}
	return number == EEXIST ? REFUSAL_EXISTS : REFUSAL_IO;
}

enum refusal
file_make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum refusal refusal;

	if (fd < 0) {
		return refusal_of_errno(errno);
	}
	/* The mode of open() is cut by the umask, which may be stricter than we need. */
	refusal = fchmod(fd, 0600) == 0 ? REFUSAL_NONE : refusal_of_errno(errno);
	(void)close(fd); /* nothing was written */
	return refusal;
}

/* fsync() of a file or directory by name. */
static int
sync_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
	int rc;

	if (fd < 0) {
		return -1;
	}
	rc = fsync(fd);
	if (close(fd) != 0) {
		rc = -1;
	}
	return rc;
}

enum refusal
file_place(const char *from, const char *to, bool fresh)
{
	char *directory = file_directory(to);
	enum refusal refusal = REFUSAL_NONE;

	if (directory == NULL) {
		return REFUSAL_MEMORY;
	}
	if (sync_path(from, O_RDWR) != 0 ||
		renameat2(AT_FDCWD, from, AT_FDCWD, to, fresh ? RENAME_NOREPLACE : 0) != 0) {
		refusal = refusal_of_errno(errno);
	} else if (sync_path(directory, O_RDONLY | O_DIRECTORY) != 0) {
		refusal = refusal_of_errno(errno);
		if (fresh) {
			(void)unlink(to); /* the answer is "not made", so let it be true */
		}
	}
	if (refusal != REFUSAL_NONE) {
		log_line(LOG_ERROR, "store: cannot put %s in place", to);
	}
	free(directory);
	return refusal;
}

void
file_discard(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char *name = file_beside(path, suffixes[i]);

		if (name != NULL) {
			(void)unlink(name); /* absent is as good */
		}
		free(name);
	}
}

void
file_reserve_keep(const char *path)
{
	char *reserve = file_beside(path, RESERVE_SUFFIX);
	int fd = reserve != NULL && access(reserve, F_OK) != 0
		? open(reserve, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)
		: -1;

	if (fd >= 0) {
		/* Half of it would help nobody; a desk without a reserve is one all the same. */
		if (posix_fallocate(fd, 0, RESERVE_BYTES) != 0) {
			(void)unlink(reserve);
		}
		(void)close(fd); /* nothing was written */
	}
	free(reserve);
}

bool
file_reserve_spend(const char *path)
{
	char *reserve = file_beside(path, RESERVE_SUFFIX);
	bool spent = reserve != NULL && unlink(reserve) == 0;

	free(reserve);
	return spent;
}

int
file_gate(const char *path)
{
	char *name = file_beside(path, ".lock");
	int fd = -1;

	if (name != NULL) {
		fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0) {
			log_line(LOG_ERROR, "store: cannot open %s: %s", name, strerror(errno));
		}
	}
	free(name);
	return fd;
}
