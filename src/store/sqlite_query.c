/* SPDX-License-Identifier: MIT */
/*
 * Statements by name: prepared on first use, bound by parameter name, reset as
 * soon as they are read.  No SQL text is made here.
 */
#include "sqlite_engine.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/log.h"

/* What stands in a text that was no text, so that no hash can hold over it. */
#define DAMAGE_MARK "\xef\xbf\xbd"

static const struct {
	int rc; /* primary code */
	enum err err;
	bool quiet; /* part of daily work: not logged */
} meanings[] = {
	{ SQLITE_BUSY, ERR_BUSY, true },
	{ SQLITE_LOCKED, ERR_BUSY, true },
	{ SQLITE_NOMEM, ERR_NOMEM, false },
	{ SQLITE_FULL, ERR_FULL, false },
	{ SQLITE_CORRUPT, ERR_CORRUPT, false },
	{ SQLITE_NOTADB, ERR_CORRUPT, false },
	{ SQLITE_TOOBIG, ERR_INVALID, false },
	{ SQLITE_CONSTRAINT, ERR_INVALID, false },
	{ SQLITE_MISMATCH, ERR_INVALID, false },
};

enum err
sqlite_err(struct sqlite_store *store, int rc)
{
	enum err err = ERR_IO;
	bool quiet = false;

	if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW) {
		return ERR_OK;
	}
	if (rc == SQLITE_IOERR_NOMEM) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
		if (meanings[i].rc == (rc & 0xff)) {
			err = meanings[i].err;
			quiet = meanings[i].quiet;
		}
	}
	if (!quiet) {
		log_line(LOG_ERROR, "store: %s: %s (%d)", err_name(err),
			store != NULL && store->db != NULL ? sqlite3_errmsg(store->db)
							   : sqlite3_errstr(rc),
			rc);
	}
	return err;
}

struct query
query_start(struct sqlite_store *store, enum statement statement)
{
	struct query q = { .store = store };

	if (store->stmts[statement] == NULL) {
		q.rc = sqlite3_prepare_v3(store->db, statement_sql[statement], -1,
			SQLITE_PREPARE_PERSISTENT, &store->stmts[statement], NULL);
	}
	q.stmt = store->stmts[statement];
	return q;
}

/* The number of a parameter; 0 (and a sticky failure) when the statement has none of that name. */
static int
query_parameter(struct query *q, const char *name)
{
	int index;

	if (q->rc != SQLITE_OK) {
		return 0;
	}
	index = sqlite3_bind_parameter_index(q->stmt, name);
	if (index == 0) {
		q->rc = SQLITE_RANGE;
	}
	return index;
}

void
query_text(struct query *q, const char *name, const char *text)
{
	int index = query_parameter(q, name);

	if (index != 0) {
		/* Static: callers keep their texts until the statement is done. */
		q->rc = sqlite3_bind_text(
			q->stmt, index, text == NULL ? "" : text, -1, SQLITE_STATIC);
	}
}

void
query_int(struct query *q, const char *name, int64_t value)
{
	int index = query_parameter(q, name);

	if (index != 0) {
		q->rc = sqlite3_bind_int64(q->stmt, index, value);
	}
}

void
query_stamp(struct query *q, const char *name, stamp at)
{
	int index = query_parameter(q, name);

	if (index != 0) {
		q->rc = at == STAMP_NONE ? sqlite3_bind_null(q->stmt, index)
					 : sqlite3_bind_int64(q->stmt, index, at);
	}
}

void
query_blob(struct query *q, const char *name, const void *data, size_t len)
{
	int index = query_parameter(q, name);

	if (index != 0) {
		q->rc = sqlite3_bind_blob64(q->stmt, index, data, len, SQLITE_STATIC);
	}
}

bool
query_row(struct query *q)
{
	if (q->rc != SQLITE_OK && q->rc != SQLITE_ROW) {
		return false;
	}
	if (q->err != ERR_OK) {
		return false;
	}
	q->rc = sqlite3_step(q->stmt);
	return q->rc == SQLITE_ROW;
}

enum err
query_end(struct query *q)
{
	enum err err = sqlite_err(q->store, q->rc);

	if (q->stmt != NULL) {
		/* The result repeats the error of the step, which is in rc already. */
		(void)sqlite3_reset(q->stmt);
		(void)sqlite3_clear_bindings(q->stmt); /* always SQLITE_OK */
	}
	return err != ERR_OK ? err : q->err;
}

enum err
query_run(struct query *q)
{
	while (query_row(q)) {
		/* Rows of RETURNING are of no interest to the caller. */
	}
	return query_end(q);
}

/* Something that is no text, or one with a NUL in it: only a tampered file holds those. */
static const char *
query_get_damaged(sqlite3_value *value, struct arena *arena)
{
	const char *text = (const char *)sqlite3_value_text(value);

	return text == NULL ? NULL : arena_printf(arena, "%s" DAMAGE_MARK, text);
}

/*
 * A column is asked three things, and a walk asks millions of them: of its value they cost a third.
 * Such a value belongs to the connection's thread, which a connection of ours has one of.
 */
const char *
query_get_nullable_text(struct query *q, int column, struct arena *arena)
{
	sqlite3_value *value = sqlite3_column_value(q->stmt, column);
	int type = sqlite3_value_type(value);
	const char *copy = NULL;
	const void *text;
	size_t len;

	if (type == SQLITE_NULL) {
		return NULL;
	}
	/* As it lies in the page: asked for as text, it would be copied once more to end it. */
	text = sqlite3_value_blob(value); /* NULL when it is empty */
	len = (size_t)sqlite3_value_bytes(value);
	if (type == SQLITE_TEXT && len == 0) {
		return "";
	}
	if (type == SQLITE_TEXT && text != NULL && memchr(text, '\0', len) == NULL) {
		copy = arena_strndup(arena, text, len);
	} else {
		copy = query_get_damaged(value, arena);
	}
	if (copy == NULL) {
		q->err = ERR_NOMEM;
		return "";
	}
	return copy;
}

const char *
query_get_text(struct query *q, int column, struct arena *arena)
{
	const char *text = query_get_nullable_text(q, column, arena);

	return text == NULL ? "" : text;
}

int64_t
query_get_int(struct query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

stamp
query_get_stamp(struct query *q, int column)
{
	if (sqlite3_column_type(q->stmt, column) == SQLITE_NULL) {
		return STAMP_NONE;
	}
	return sqlite3_column_int64(q->stmt, column);
}

void
query_get_blob(struct query *q, int column, void *out, size_t len)
{
	sqlite3_value *value = sqlite3_column_value(q->stmt, column);

	if (sqlite3_value_type(value) == SQLITE_BLOB &&
		(size_t)sqlite3_value_bytes(value) == len && len > 0) {
		memcpy(out, sqlite3_value_blob(value), len);
	} else {
		memset(out, 0, len);
	}
}
