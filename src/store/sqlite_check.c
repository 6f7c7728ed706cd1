/* SPDX-License-Identifier: MIT */
/*
 * The engine's own check: is the file whole, and do the tables, indexes and
 * triggers that guard the ledger stand as this program made them?
 */
#include "sqlite_parts.h"

#include <inttypes.h>
#include <string.h>

#include "migrate.h"
#include "toban/base/attr.h"

/* Findings of SQLite's own check that are told. */
#define INTEGRITY_SQL "PRAGMA integrity_check(20)"

/* One object of a schema, or one column (its name is TABLE.COLUMN). */
struct object {
	const char *type;
	const char *name;
	const char *sql;
};

struct object_list {
	struct object items[600]; /* far more than a schema of ours has */
	size_t n;
};

/* The schema of a file, sorted by type and name. */
static enum err
check_objects(struct sqlite_store *store, struct arena *arena, struct object_list *ret_list)
{
	struct query q = query_start(store, STMT_SCHEMA_OBJECTS);

	ret_list->n = 0;
	while (ret_list->n < ARRAY_LEN(ret_list->items) && query_row(&q)) {
		struct object *object = &ret_list->items[ret_list->n++];

		object->type = query_get_text(&q, 0, arena);
		object->name = query_get_text(&q, 1, arena);
		object->sql = query_get_text(&q, 2, arena);
	}
	return query_end(&q);
}

/* The schema as it should be, made anew in memory from the same statements. */
static enum err
check_expected(struct arena *arena, int64_t version, struct object_list *ret_list)
{
	struct sqlite_store fresh = { .gate_fd = -1, .wake_fd = -1 };
	enum err err = sqlite_err(NULL, sqlite3_open(":memory:", &fresh.db));

	if (err == ERR_OK) {
		err = migrate_found(fresh.db, schema_sql, (int)version);
	}
	if (err == ERR_OK) {
		err = check_objects(&fresh, arena, ret_list);
	}
	sqlite_disconnect(&fresh);
	return err;
}

static const struct object *
check_find(const struct object_list *list, const struct object *like)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->items[i].type, like->type) == 0 &&
			strcmp(list->items[i].name, like->name) == 0) {
			return &list->items[i];
		}
	}
	return NULL;
}

/* Whether this is missing, and not only because the whole table of the column is. */
static bool
is_missing(const struct object_list *stored, const struct object *want)
{
	const char *dot = strcmp(want->type, "column") == 0 ? strchr(want->name, '.') : NULL;
	size_t len = dot != NULL ? (size_t)(dot - want->name) : 0;
	bool whole = dot == NULL;

	for (size_t i = 0; i < stored->n && !whole; i++) {
		const struct object *have = &stored->items[i];

		whole = strcmp(have->type, "table") == 0 && strlen(have->name) == len &&
			strncmp(have->name, want->name, len) == 0;
	}
	return whole && check_find(stored, want) == NULL;
}

/* What guards the ledger, and what this program did not make. */
static bool
is_trigger(const char *type)
{
	return strcmp(type, "trigger") == 0;
}

static bool
is_part(const struct object *object)
{
	for (const struct schema_part *part = schema_parts; part->type; part++) {
		if (strcmp(part->type, object->type) == 0 &&
			strcmp(part->name, object->name) == 0) {
			return true;
		}
	}
	return false;
}

/*
 * By names alone, for each opening: how SQLite writes down what was altered is not the same in
 * each of its versions, and a desk must not be kept shut by that.
 */
enum err
sqlite_store_shape(struct store *base, struct ledger_problems *problems, bool *ret_lost)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct object_list *stored = arena_alloc(problems->arena, sizeof(*stored));
	enum err err = stored != NULL ? sqlite_ready(store) : ERR_NOMEM;

	*ret_lost = false;
	if (err == ERR_OK) {
		err = check_objects(store, problems->arena, stored);
	}
	if (err != ERR_OK) {
		return err;
	}
	for (const struct schema_part *part = schema_parts; part->type; part++) {
		const struct object want = { .type = part->type, .name = part->name };

		if (is_missing(stored, &want)) {
			ledger_report(problems, 0, "schema", "the %s %s is missing", part->type,
				part->name);
			*ret_lost = *ret_lost || strcmp(part->type, "table") == 0 ||
				strcmp(part->type, "column") == 0;
		}
	}
	for (size_t i = 0; i < stored->n; i++) {
		if (is_trigger(stored->items[i].type) && !is_part(&stored->items[i])) {
			ledger_report(problems, 0, "schema",
				"the trigger %s is none of this program's", stored->items[i].name);
		}
	}
	return problems->failed ? ERR_NOMEM : ERR_OK;
}

static enum err
check_schema(struct sqlite_store *store, struct ledger_problems *problems)
{
	struct object_list *stored = arena_alloc(problems->arena, sizeof(*stored));
	struct object_list *expected = arena_alloc(problems->arena, sizeof(*expected));
	int64_t version = 0;
	enum err err = stored != NULL && expected != NULL
		? sqlite_pragma(store->db, "PRAGMA user_version", &version)
		: ERR_NOMEM;

	/* The backup made before a migration is of an older version. */
	if (err == ERR_OK && (version < 1 || version > SCHEMA_VERSION)) {
		ledger_report(problems, 0, "schema", "the version of the schema was changed");
		return ERR_OK;
	}
	if (err == ERR_OK) {
		err = check_expected(problems->arena, version, expected);
	}
	if (err == ERR_OK) {
		err = check_objects(store, problems->arena, stored);
	}
	if (err != ERR_OK) {
		return err;
	}
	for (size_t i = 0; i < expected->n; i++) {
		const struct object *want = &expected->items[i];
		const struct object *have = check_find(stored, want);

		if (is_missing(stored, want)) {
			ledger_report(problems, 0, "schema", "the %s %s is missing", want->type,
				want->name);
		} else if (have != NULL && strcmp(have->sql, want->sql) != 0) {
			ledger_report(problems, 0, "schema", "the %s %s was changed", want->type,
				want->name);
		}
	}
	for (size_t i = 0; i < stored->n; i++) {
		if (check_find(expected, &stored->items[i]) == NULL) {
			ledger_report(problems, 0, "schema", "the %s %s is none of this program's",
				stored->items[i].type, stored->items[i].name);
		}
	}
	return ERR_OK;
}

/* SQLite's own check; its findings are English and may quote names of the file. */
static enum err
check_integrity(struct sqlite_store *store, struct ledger_problems *problems)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, INTEGRITY_SQL, -1, &stmt, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		const char *text;

		rc = sqlite3_step(stmt);
		if (rc != SQLITE_ROW) {
			break;
		}
		text = (const char *)sqlite3_column_text(stmt, 0);
		if (text == NULL || strcmp(text, "ok") != 0) {
			ledger_report(problems, 0, "unreadable", "the file is damaged: %s",
				text == NULL ? "" : text);
		}
	}
	(void)sqlite3_finalize(stmt); /* repeats the error of the step */
	if ((rc & 0xff) == SQLITE_CORRUPT) {
		ledger_report(problems, 0, "unreadable", "the file is damaged");
		return ERR_OK;
	}
	return sqlite_err(store, rc);
}

/* Rows that the walk over the ledger cannot meet. */
static const struct {
	enum statement statement;
	const char *kind;
	const char *text;
} strays[] = {
	{ STMT_CHECK_EVENT_LOW, "inserted", "an entry has a number below 1" },
	{ STMT_CHECK_BODY_BESIDE, "missing", "there is a body, but its entry is missing" },
	{ STMT_CHECK_BODY_ALONE, "missing", "there is a body, but its entry is missing" },
	{ STMT_CHECK_ERASURE_ALONE, "missing", "an erasure is noted, but its entry is missing" },
};

static enum err
check_strays(struct sqlite_store *store, struct ledger_problems *problems)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(strays) && err == ERR_OK; i++) {
		struct query q = query_start(store, strays[i].statement);

		while (query_row(&q)) {
			ledger_report(problems, query_get_int(&q, 0), strays[i].kind, "%s",
				strays[i].text);
		}
		err = query_end(&q);
	}
	return err;
}

/* The rows of who is awaited must be those of the incidents. */
static enum err
check_awaited(struct sqlite_store *store, struct ledger_problems *problems)
{
	struct query q = query_start(store, STMT_CHECK_AWAITED);

	while (query_row(&q)) {
		ledger_report(problems, 0, "summary",
			"who is awaited in incident %s is not what its summary says",
			query_get_text(&q, 0, problems->arena));
	}
	return query_end(&q);
}

/* What is counted along must be what counting gives. */
static enum err
check_tally(struct sqlite_store *store, struct ledger_problems *problems)
{
	struct query q = query_start(store, STMT_CHECK_TALLY);

	while (query_row(&q)) {
		ledger_report(problems, 0, "summary", "the tally %s %s is not what is counted",
			query_get_text(&q, 0, problems->arena),
			query_get_text(&q, 1, problems->arena));
	}
	return query_end(&q);
}

/*
 * SQLite's check looks each row up in each index: with its usual room of 2 MB it would read
 * a page of a long ledger anew for almost every one.
 */
static void
check_room(struct sqlite_store *store, const char *sql)
{
	if (store->db != NULL) {
		/* Without it the check is slow and as good. */
		(void)sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	}
}

enum err
sqlite_store_check(struct store *base, struct ledger_problems *problems)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	static enum err (*const checks[])(
		struct sqlite_store *, struct ledger_problems *) = { check_schema, check_integrity,
		check_strays, check_awaited, check_tally, search_check };
	enum err err = sqlite_ready(store);

	check_room(store, "PRAGMA cache_size = -65536");
	/* A damaged or changed file fails statements: told as a problem, the rest still runs. */
	for (size_t i = 0; i < ARRAY_LEN(checks) && err == ERR_OK; i++) {
		err = checks[i](store, problems);
		if (err == ERR_CORRUPT || err == ERR_IO || err == ERR_INVALID) {
			ledger_report(
				problems, 0, "unreadable", "a part of the file cannot be read");
			err = ERR_OK;
		}
	}
	check_room(store, "PRAGMA cache_size = -2000");
	return problems->failed ? ERR_NOMEM : err;
}
