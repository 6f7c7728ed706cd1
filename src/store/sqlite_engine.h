/* SPDX-License-Identifier: MIT */
/*
 * The SQLite engine's inner contracts: the open file, statements by name,
 * transactions.  Only files of this folder see sqlite3.h.
 */
#ifndef TOBAN_SRC_STORE_SQLITE_ENGINE_H
#define TOBAN_SRC_STORE_SQLITE_ENGINE_H

#include <sqlite3.h>

#include "engine.h"
#include "statements.h"

/* Writes that share a COMMIT; zeroed: none is open. */
struct sqlite_group {
	bool open;
	bool written;  /* at least one write came to its end */
	bool heard;    /* of those one concerns who watches */
	enum err lost; /* why the whole was taken back; ERR_OK: it stands */
	char *id;      /* of the first event in it; NULL: none yet */
};

struct sqlite_store {
	struct store base;               /* first: a struct store * is one of these */
	sqlite3 *db;                     /* NULL after a failure that a reopening did not mend */
	sqlite3_stmt *stmts[STMT_COUNT]; /* prepared on first use */
	char *path;
	int gate_fd;          /* PATH.lock: writers queue here, fairly, and ring */
	int wake_fd;          /* inotify; -1 none */
	int wake_watch;       /* on PATH.lock */
	int64_t data_version; /* as SQLite counts commits of others */
	bool in_write;        /* between sqlite_begin() and its end */
	bool unheard;         /* what is being written is nobody's concern: no bell */
	int64_t written;      /* writes that others hear of, those of a group one by one */
	bool scrub_due;       /* an erased body may still be in the -wal */
	struct sqlite_group group;
};

extern const struct engine sqlite_engine;

/* --- statements (sqlite_query.c) --------------------------------------------- */

/* A statement at work.  Failure is sticky: look once, at query_end(). */
struct query {
	struct sqlite_store *store;
	sqlite3_stmt *stmt; /* NULL when it could not be prepared */
	int rc;
	enum err err; /* memory of ours that ran out while reading */
};

struct query query_start(struct sqlite_store *store, enum statement statement);
void query_text(struct query *q, const char *name, const char *text); /* NULL counts as "" */
void query_int(struct query *q, const char *name, int64_t value);
void query_stamp(struct query *q, const char *name, stamp at); /* STAMP_NONE is NULL */
void query_blob(struct query *q, const char *name, const void *data, size_t len);

/* Steps; true when there is a row to read. */
bool query_row(struct query *q);

/* Ends the statement, tells how it went. */
enum err query_end(struct query *q);

/* Runs it, whatever rows it returns, and ends it. */
enum err query_run(struct query *q);

/*
 * A copy of a text column; "" if that is NULL, which only a damaged file has where
 * a text must be.  A damaged text (another type, a NUL inside) comes back
 * changed: its row's hash cannot hold.  Without memory "", told by query_end().
 */
const char *query_get_text(struct query *q, int column, struct arena *arena);

/* The same where NULL means something of its own: then NULL. */
const char *query_get_nullable_text(struct query *q, int column, struct arena *arena);

int64_t query_get_int(struct query *q, int column);
stamp query_get_stamp(struct query *q, int column);

/* Fills `out` from a blob of exactly `len` bytes, with zeros if it is none. */
void query_get_blob(struct query *q, int column, void *out, size_t len);

/* What a result code of SQLite means to callers; logs what is no daily matter. */
enum err sqlite_err(struct sqlite_store *store, int rc);

/* --- transactions (sqlite_transaction.c) ---------------------------------------- */

/*
 * Waits at the gate, then BEGIN IMMEDIATE.  In a group a savepoint, and what the
 * group was lost for when it was.
 */
enum err sqlite_begin(struct sqlite_store *store);

/*
 * COMMIT.  When that fails the file is reopened and the event `id` (NULL: none)
 * looked for, so that the answer is true: ERR_OK it is there, ERR_FULL or
 * ERR_IO it is not, ERR_UNKNOWN if even that could not be found out.  In a group
 * all of this waits for the end of the group.
 */
enum err sqlite_end(struct sqlite_store *store, const char *id);

/* Undoes; `err` is returned for the caller's convenience. */
enum err sqlite_abort(struct sqlite_store *store, enum err err);

/* Copies the whole -wal into the file and empties it; ERR_BUSY when a reader is in the way. */
enum err sqlite_scrub(struct sqlite_store *store);

/* The same when `scrub_due`, which stays set until it succeeds; not within a group. */
void sqlite_scrub_due(struct sqlite_store *store);

/* Whether an event of that id is stored. */
enum err sqlite_event_known(struct sqlite_store *store, const char *id, bool *ret_known);

/* --- the file (sqlite_open.c) ----------------------------------------------------- */

/* Makes sure the file is open, after a failure had closed it. */
enum err sqlite_ready(struct sqlite_store *store);

/* Closes the connection and its statements. */
void sqlite_disconnect(struct sqlite_store *store);

/* Opens a connection with every safety on; *ret_db is the caller's. */
enum err sqlite_connect(const char *path, sqlite3 **ret_db);

/* One integer of a PRAGMA; ERR_CORRUPT when there is none. */
enum err sqlite_pragma(sqlite3 *db, const char *sql, int64_t *ret_value);

#endif
