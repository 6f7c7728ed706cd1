/* SPDX-License-Identifier: MIT */
/*
 * Tampering with the desk file by SQL and by single bits: the triggers refuse,
 * and what goes past them is named by the walk over the ledger or the check.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "fixture.h"
#include "toban/base/attr.h"

#define ROWS 20

/* Twenty events of two subjects; the body of 7 is erased by 20. */
static void
fill(struct fixture *f)
{
	struct incident_row row = fixture_incident("26-0001", FIXTURE_NOW);
	struct event erase = fixture_event("erase", "26-0002", 10);
	struct store_batch batch = { .events = &erase, .n_events = 1, .erase_seq = 7 };

	for (int i = 0; i < 9; i++) {
		fixture_append(f->store, "26-0001", i + 1, 1);
		fixture_append(f->store, "26-0002", i + 1, 1);
	}
	fixture_append(f->store, "26-0001", 10, 1);
	erase.kind = "erase";
	erase.body = "{\"fields\":{\"seq\":7,\"why\":\"law\"}}";
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(fixture_commit_incident(f->store, &row), ERR_OK);
}

static sqlite3 *
open_raw(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static int
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static void
must_run(sqlite3 *db, const char *sql)
{
	if (run(db, sql) != SQLITE_OK) {
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	}
}

/* --- the triggers --------------------------------------------------------------------- */

static void
triggers__any_change_of_the_ledger__is_refused(void **state)
{
	static const char *const refused[] = {
		"UPDATE event SET actor = 'eve' WHERE seq = 3",
		"UPDATE event SET seq = 99 WHERE seq = 20",
		"DELETE FROM event WHERE seq = 20",
		"DELETE FROM event",
		"UPDATE event_body SET body = '{}' WHERE seq = 3",
		"DELETE FROM event_body WHERE seq = 3",
		"INSERT INTO event_body VALUES (7, zeroblob(16), '{}')",
		"INSERT INTO event SELECT seq + 2, 'x', subject, 99, at, happened_at, actor, post, "
		"kind,"
		" form, form_version, canon, commitment, prev_hash, row_hash FROM event WHERE seq "
		"= 20",
		"INSERT OR REPLACE INTO event SELECT seq, id, subject, subject_seq, at, "
		"happened_at,"
		" 'eve', post, kind, form, form_version, canon, commitment, prev_hash, row_hash"
		" FROM event WHERE seq = 20",
		"INSERT OR REPLACE INTO event SELECT 21, id, subject, 99, at, happened_at, 'eve', "
		"post,"
		" kind, form, form_version, canon, commitment, prev_hash, row_hash"
		" FROM event WHERE seq = 5",
		"INSERT INTO erasure VALUES (3, 4)",
		"UPDATE erasure SET seq = 3",
		"DELETE FROM erasure",
	};
	struct fixture *f = *state;
	sqlite3 *db;

	fill(f);
	db = open_raw(f->path);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (run(db, refused[i]) == SQLITE_OK) {
			fail_msg("went through: %s", refused[i]);
		}
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(fixture_walk(f->store, f->arena, NULL).n, 0);
}

/* --- attacks by SQL --------------------------------------------------------------------- */

struct attack {
	const char *name;
	const char *sql;
	int64_t seq;
	const char *kind;
	bool with_head; /* seen only with a head kept elsewhere */
};

static const struct attack attacks[] = {
	{ "edit a column", "UPDATE event SET actor = 'eve' WHERE seq = 5", 5, "changed", false },
	{ "back-date", "UPDATE event SET at = at - 86400000 WHERE seq = 5", 5, "changed", false },
	{ "change the kind", "UPDATE event SET kind = 'approve-result' WHERE seq = 5", 5, "changed",
		false },
	{ "change a body", "UPDATE event_body SET body = '{\"fields\":{}}' WHERE seq = 5", 5,
		"body-changed", false },
	{ "change a nonce", "UPDATE event_body SET nonce = zeroblob(16) WHERE seq = 5", 5,
		"body-changed", false },
	{ "hide text behind a NUL",
		"UPDATE event_body SET body = body || char(0) || 'x' WHERE seq = 5", 5,
		"body-changed", false },
	{ "hide text in an actor", "UPDATE event SET actor = actor || char(0) || 'x' WHERE seq = 5",
		5, "changed", false },
	{ "break the encoding", "UPDATE event SET actor = CAST(x'ff61' AS TEXT) WHERE seq = 5", 5,
		"changed", false },
	{ "delete a row", "DELETE FROM event_body WHERE seq = 5; DELETE FROM event WHERE seq = 5",
		5, "missing", false },
	{ "delete a body", "DELETE FROM event_body WHERE seq = 5", 5, "body-changed", false },
	{ "delete a body with an erasure",
		"INSERT INTO erasure VALUES (5, 20); DELETE FROM event_body WHERE seq = 5", 5,
		"body-changed", false },
	{ "swap two rows",
		"UPDATE event SET seq = -1 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 9;"
		"UPDATE event SET seq = 9 WHERE seq = -1; UPDATE event_body SET seq = -1 WHERE seq "
		"= 5;"
		"UPDATE event_body SET seq = 5 WHERE seq = 9;"
		"UPDATE event_body SET seq = 9 WHERE seq = -1",
		5, "reordered", false },
	{ "close up over a deleted row",
		"DELETE FROM event_body WHERE seq = 5; DELETE FROM event WHERE seq = 5;"
		"UPDATE event SET seq = -seq; UPDATE event SET seq = -seq - (seq < -5);"
		"UPDATE event_body SET seq = -seq; UPDATE event_body SET seq = -seq - (seq < -5)",
		5, "missing", false },
	{ "insert at the end",
		"INSERT INTO event SELECT 21, 'x', 'org', 1, at, happened_at, actor, post, kind, "
		"form,"
		" form_version, canon, commitment, zeroblob(32), zeroblob(32) FROM event WHERE seq "
		"= 4",
		21, "inserted", false },
	{ "insert in between",
		"UPDATE event SET seq = -seq; UPDATE event SET seq = -seq + (seq <= -5);"
		"UPDATE event_body SET seq = -seq; UPDATE event_body SET seq = -seq + (seq <= -5);"
		"INSERT INTO event SELECT 5, 'x', 'org', 1, at, happened_at, actor, post, kind, "
		"form,"
		" form_version, canon, commitment, zeroblob(32), zeroblob(32) FROM event WHERE seq "
		"= 4",
		5, "inserted", false },
	{ "renumber a subject", "UPDATE event SET subject_seq = 99 WHERE seq = 5", 5, "changed",
		false },
	{ "move to another case", "UPDATE event SET subject = '26-0009' WHERE seq = 5", 5,
		"changed", false },
	{ "take the id of another", "UPDATE event SET id = 'other' WHERE seq = 5", 5, "changed",
		false },
	{ "cut the end",
		"DELETE FROM erasure; DELETE FROM event_body WHERE seq > 17;"
		"DELETE FROM event WHERE seq > 17",
		18, "cut-off", true },
	{ "empty the ledger", "DELETE FROM erasure; DELETE FROM event_body; DELETE FROM event", 1,
		"cut-off", true },
	{ "number below one",
		"INSERT INTO event SELECT -3, 'x', 'org', 1, at, happened_at, actor, post, kind, "
		"form,"
		" form_version, canon, commitment, prev_hash, row_hash FROM event WHERE seq = 4",
		-3, "inserted", false },
	{ "take the note of an erasure away", "DELETE FROM erasure", 7, "missing", false },
	{ "add a body without an entry", "INSERT INTO event_body VALUES (99, zeroblob(16), '{}')",
		99, "missing", false },
	{ "add a body below the first", "INSERT INTO event_body VALUES (-9, zeroblob(16), '{}')",
		-9, "missing", false },
	{ "empty the ledger but for its bodies", "DELETE FROM erasure; DELETE FROM event", 5,
		"missing", false },
};

/* Does it with the guards down, and puts them up again as they were. */
static void
attack_run(const char *path, const char *sql)
{
	static const char guards[] = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
	char *texts[40];
	sqlite3 *db = open_raw(path);
	sqlite3_stmt *stmt;
	size_t n = 0;

	assert_int_equal(sqlite3_prepare_v2(db, guards, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		assert_true(n + 1 < ARRAY_LEN(texts));
		texts[n] = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 1));
		texts[n + 1] = sqlite3_mprintf("DROP TRIGGER %s", sqlite3_column_text(stmt, 0));
		n += 2;
	}
	sqlite3_finalize(stmt);
	must_run(db, "PRAGMA ignore_check_constraints = ON");
	for (size_t i = 1; i < n; i += 2) {
		must_run(db, texts[i]);
	}
	must_run(db, sql);
	for (size_t i = 0; i < n; i += 2) {
		must_run(db, texts[i]);
	}
	for (size_t i = 0; i < n; i++) {
		sqlite3_free(texts[i]);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The walk and the check together, as `toban verify` runs them. */
static struct ledger_problems
verify(struct fixture *f, const struct ledger_head *head)
{
	struct ledger_problems problems = fixture_walk(f->store, f->arena, head);

	assert_int_equal(store_check(f->store, &problems), ERR_OK);
	return problems;
}

static void
attacks__all__are_named_with_row_and_kind(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
		const struct attack *attack = &attacks[i];
		struct ledger_problems problems;
		struct ledger_head head;
		void *inner = (void *)(uintptr_t)fixture_sqlite;
		struct fixture *f;

		assert_int_equal(fixture_setup(&inner), 0);
		f = inner;
		fill(f);
		assert_int_equal(store_head(f->store, &head), ERR_OK);
		assert_int_equal(verify(f, &head).n, 0);
		attack_run(f->path, attack->sql);
		fixture_reopen(f);
		problems = verify(f, attack->with_head ? &head : NULL);
		if (!fixture_has(&problems, attack->seq, attack->kind)) {
			for (size_t j = 0; j < problems.n; j++) {
				print_message("%d %s: %s\n", (int)problems.items[j].seq,
					problems.items[j].kind, problems.items[j].text);
			}
			fail_msg(
				"%s: expected %d %s", attack->name, (int)attack->seq, attack->kind);
		}
		fixture_teardown(&inner);
	}
	(void)state;
}

/* --- attacks on the guards ---------------------------------------------------------------- */

static void
check__guards_down__are_named(void **state)
{
	static const struct {
		const char *sql;
		const char *text; /* part of the sentence */
	} cases[] = {
		{ "DROP TRIGGER event_update", "trigger event_update is missing" },
		{ "DROP INDEX incident_open", "index incident_open is missing" },
		{ "DROP TRIGGER event_delete; CREATE TRIGGER event_delete BEFORE DELETE ON event"
		  " BEGIN SELECT 1; END",
			"trigger event_delete was changed" },
		{ "CREATE TRIGGER spy AFTER INSERT ON event BEGIN DELETE FROM outbox; END",
			"trigger spy is none" },
		{ "CREATE VIEW v AS SELECT 1", "view v is none" },
		{ "UPDATE tally SET n = n + 1 WHERE kind = 'department'",
			"the tally department dc is not" },
		{ "INSERT INTO awaited SELECT 'eve', open, due_order, id, num FROM incident"
		  " WHERE id = '26-0001'",
			"awaited in incident 26-0001" },
		{ "DELETE FROM awaited; INSERT INTO awaited VALUES ('eve', 1, 5, '26-0001', 1)",
			"awaited in incident 26-0001" },
		{ "DELETE FROM awaited", "awaited in incident 26-0001" },
	};
	struct fixture *f = *state;

	fill(f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ledger_problems problems = { .arena = f->arena };
		sqlite3 *db = open_raw(f->path);
		bool found = false;

		must_run(db, cases[i].sql);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
		assert_int_equal(store_check(f->store, &problems), ERR_OK);
		for (size_t j = 0; j < problems.n; j++) {
			found = found || strstr(problems.items[j].text, cases[i].text) != NULL;
		}
		if (!found) {
			fail_msg("not told: %s", cases[i].text);
		}
	}
}

static void
events__columns_of_wrong_kinds__are_read_and_named(void **state)
{
	struct fixture *f = *state;
	struct ledger_problems problems;

	fill(f);
	/* Without STRICT and without checks anything may stand anywhere. */
	attack_run(f->path,
		"ALTER TABLE event RENAME TO old; CREATE TABLE event (seq INTEGER PRIMARY KEY, id,"
		" subject, subject_seq, at, happened_at, actor, post, kind, form, form_version, "
		"canon,"
		" commitment, prev_hash, row_hash); INSERT INTO event SELECT * FROM old;"
		"DELETE FROM event_body; DROP TABLE old;"
		"UPDATE event SET actor = NULL WHERE seq = 3;"
		"UPDATE event SET row_hash = 'short' WHERE seq = 5;"
		"UPDATE event SET commitment = NULL, canon = 'x' WHERE seq = 8;"
		"UPDATE event SET actor = CAST(actor AS BLOB) WHERE seq = 10");
	fixture_reopen(f);
	problems = verify(f, NULL);
	assert_true(fixture_has(&problems, 3, "changed"));
	assert_true(fixture_has(&problems, 5, "changed"));
	assert_true(fixture_has(&problems, 8, "unreadable"));
	assert_true(fixture_has(&problems, 10, "changed"));
	assert_true(fixture_has(&problems, 0, "schema"));
}

/* --- flipped bits ------------------------------------------------------------------------- */

#define FLIPS 200

/* Everything of all events in one text, to compare what a reader would see. */
static bool
dump(struct fixture *f, struct str *out)
{
	struct event_list list;

	str_clear(out);
	if (store_events(f->store, f->arena, 0, 1000, &list) != ERR_OK) {
		return false;
	}
	for (size_t i = 0; i < list.n; i++) {
		const struct event *e = &list.items[i];

		str_addf(out, "%lld|%s|%s|%lld|%lld|%lld|%s|%s|%s|%s|%s|%s\n", (long long)e->seq,
			e->id, e->subject, (long long)e->subject_seq, (long long)e->at,
			(long long)e->happened_at, e->actor, e->post, e->kind, e->form,
			e->form_version, e->body == NULL ? "" : e->body);
	}
	return true;
}

static void
flip(const char *path, off_t at, unsigned char mask)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	unsigned char byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= mask;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	assert_int_equal(close(fd), 0);
}

static void
verify__one_flipped_bit__is_named_or_harmless(void **state)
{
	struct fixture *f = *state;
	struct str clean = STR_INIT;
	struct str seen = STR_INIT;
	struct stat st;
	uint32_t seed = 99;
	int silent = 0;

	fill(f);
	fixture_append(f->store, "26-0003", 1, 150); /* so that the pages of the ledger are full */
	fixture_reopen(f);
	assert_true(dump(f, &clean));
	store_close(f->store);
	f->store = NULL;
	assert_int_equal(stat(f->path, &st), 0);
	for (int i = 0; i < FLIPS; i++) {
		struct ledger_problems problems = { .arena = f->arena };
		off_t at;

		seed = seed * 1664525u + 1013904223u;
		at = (off_t)((seed >> 4) % (uint32_t)st.st_size);
		arena_clear(f->arena);
		flip(f->path, at, (unsigned char)(1u << (seed & 7)));
		if (store_sqlite_open(f->path, NULL, &f->store) == ERR_OK) {
			bool read = dump(f, &seen);
			bool same = read && strcmp(str_text(&clean), str_text(&seen)) == 0;

			if (read) {
				problems = fixture_walk(f->store, f->arena, NULL);
			}
			assert_int_equal(store_check(f->store, &problems), ERR_OK);
			if (!same && problems.n == 0) {
				fail_msg("silent change at byte %lld", (long long)at);
			}
			silent += problems.n == 0 ? 1 : 0;
		}
		store_close(f->store);
		f->store = NULL;
		flip(f->path, at, (unsigned char)(1u << (seed & 7)));
	}
	/* Half of a small file is free space; were all flips silent, nothing was tested. */
	assert_in_range(silent, 1, FLIPS - 20);
	str_release(&clean);
	str_release(&seen);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(triggers__any_change_of_the_ledger__is_refused),
		cmocka_unit_test(attacks__all__are_named_with_row_and_kind),
		cmocka_unit_test(check__guards_down__are_named),
		cmocka_unit_test(events__columns_of_wrong_kinds__are_read_and_named),
		cmocka_unit_test(verify__one_flipped_bit__is_named_or_harmless),
	};

	return fixture_run_sqlite("tamper", tests, ARRAY_LEN(tests));
}
