/* SPDX-License-Identifier: MIT */
/*
 * Every statement's query plan: nothing that grows with the desk is read from
 * end to end, and nothing of it is sorted, but where that is said below.
 */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "fixture.h"
#include "sqlite_engine.h"
#include "toban/base/attr.h"

/* Statements that may read a whole table, and why. */
static const struct {
	enum statement statement;
	const char *why;
} allowed[] = {
	{ STMT_OUTBOX_DUE, "only what waits is in its index" },
	{ STMT_OUTBOX_NEXT, "only what waits is in its index" },
	{ STMT_WAKE_NEXT, "stops at the first row of its index" },
	{ STMT_OUTBOX_NEWEST, "stops at the limit" },
	{ STMT_OUTBOX_NEWEST_IN_STATE, "stops at the limit; an administrator's list" },
	{ STMT_TARGET_ALL, "a handful of rows" },
	{ STMT_PIN_ALL, "a row for a person; an administrator's list" },
	{ STMT_OUTBOX_GIVEN_UP, "an index of those alone, and stops at the limit" },
	{ STMT_EVENT_HEAD, "stops at the first row" },
	{ STMT_LIST_ALL_LATER, "stops when the page is full" },
	{ STMT_ERASE_DRAFTS, "an erasure looks everywhere" },
	{ STMT_ERASE_MESSAGES, "an erasure looks everywhere" },
	{ STMT_ERASE_ANSWERS, "an erasure looks everywhere" },
	{ STMT_ERASE_DELIVERIES, "an erasure looks everywhere" },
	{ STMT_SCHEMA_OBJECTS, "the check of the whole file" },
	{ STMT_CHECK_BODY_ALONE, "the check of the whole file" },
	{ STMT_CHECK_ERASURE_ALONE, "the check of the whole file" },
	{ STMT_CHECK_AWAITED, "the check of the whole file" },
	{ STMT_CHECK_TALLY, "the check of the whole file" },
	{ STMT_CHECK_SEARCH, "the check of the whole file" },
	{ STMT_CHECK_SEARCH_ALONE, "the check of the whole file" },
};

static bool
may_scan(enum statement statement)
{
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
		if (allowed[i].statement == statement) {
			return true;
		}
	}
	return false;
}

static void
plans__every_statement__reads_by_index(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	for (int i = 0; i < STMT_COUNT; i++) {
		char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", statement_sql[i]);
		sqlite3_stmt *stmt;

		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *step = (const char *)sqlite3_column_text(stmt, 3);

			if (strncmp(step, "SCAN", 4) == 0 &&
				strcmp(step, "SCAN CONSTANT ROW") != 0 &&
				strstr(step, ":M1") == NULL && /* words asked of the index */
				strstr(step, "VIRTUAL TABLE INDEX 0:=") == NULL &&
				!may_scan((enum statement)i)) {
				fail_msg("%s\n%s", step, statement_sql[i]);
			}
			if (strstr(step, "TEMP B-TREE") != NULL && i != STMT_SCHEMA_OBJECTS &&
				i != STMT_CHECK_TALLY && i != STMT_CHECK_AWAITED) {
				fail_msg("%s\n%s", step, statement_sql[i]);
			}
		}
		sqlite3_finalize(stmt);
		sqlite3_free(sql);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The statements of a board page read the index alone until a row is shown. */
static void
plans__lists_and_counts__use_covering_indexes(void **state)
{
	static const enum statement covering[] = { STMT_LIST_OPEN_LATER, STMT_LIST_OPEN_TIE,
		STMT_LIST_DEPARTMENT_LATER, STMT_LIST_STATE_LATER, STMT_LIST_FINDER_LATER,
		STMT_LIST_ALL_TIE, STMT_COUNT_OPEN, STMT_OUTBOX_NEXT, STMT_WAKE_DUE,
		STMT_WAKE_NEXT };
	struct fixture *f = *state;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	for (size_t i = 0; i < ARRAY_LEN(covering); i++) {
		char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", statement_sql[covering[i]]);
		sqlite3_stmt *stmt;

		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *step = (const char *)sqlite3_column_text(stmt, 3);

			/* Their own order is the key of what awaits people: a range of it. */
			if (strstr(step, "awaited") != NULL &&
				strstr(step,
					"SEARCH awaited USING PRIMARY KEY (person=? AND "
					"open=?") == NULL) {
				fail_msg("%s\n%s", step, statement_sql[covering[i]]);
			}
			if (strstr(step, "incident") != NULL &&
				strstr(step, "COVERING INDEX") == NULL) {
				fail_msg("%s\n%s", step, statement_sql[covering[i]]);
			}
		}
		sqlite3_finalize(stmt);
		sqlite3_free(sql);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A name in the SQL that C does not bind would be NULL in silence. */
static void
statements__every_parameter__has_a_name(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	for (int i = 0; i < STMT_COUNT; i++) {
		sqlite3_stmt *stmt;

		assert_int_equal(
			sqlite3_prepare_v2(db, statement_sql[i], -1, &stmt, NULL), SQLITE_OK);
		for (int p = 1; p <= sqlite3_bind_parameter_count(stmt); p++) {
			assert_non_null(sqlite3_bind_parameter_name(stmt, p));
		}
		sqlite3_finalize(stmt);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans__every_statement__reads_by_index),
		cmocka_unit_test(plans__lists_and_counts__use_covering_indexes),
		cmocka_unit_test(statements__every_parameter__has_a_name),
	};

	return fixture_run_sqlite("plan", tests, ARRAY_LEN(tests));
}
