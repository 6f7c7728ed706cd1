/* SPDX-License-Identifier: MIT */
/*
 * Backups, migrations and the files of released versions.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "fixture.h"
#include "migrate.h"
#include "toban/base/attr.h"

static char *
name_in(struct fixture *f, const char *name)
{
	char *path = arena_printf(f->arena, "%s/%s", f->dir, name);

	assert_non_null(path);
	return path;
}

/* --- backups --------------------------------------------------------------------------- */

static void
backup__while_open__is_a_desk_of_its_own(void **state)
{
	struct fixture *f = *state;
	const char *target = name_in(f, "backup.db");
	struct ledger_head before;
	struct ledger_head after;
	struct ledger_problems problems;
	struct store *copy = NULL;
	struct stat st;

	fixture_append(f->store, "26-0001", 1, 30);
	assert_int_equal(store_head(f->store, &before), ERR_OK);
	assert_int_equal(store_backup(f->store, target), ERR_OK);
	fixture_append(f->store, "26-0001", 31, 1);
	assert_int_equal(stat(target, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_not_equal(access(name_in(f, "backup.db.part"), F_OK), 0);
	assert_int_equal(store_sqlite_open(target, NULL, &copy), ERR_OK);
	assert_int_equal(store_head(copy, &after), ERR_OK);
	assert_int_equal(after.seq, 30);
	assert_memory_equal(&after.row_hash, &before.row_hash, HASH_BYTES);
	problems = fixture_walk(copy, f->arena, &before);
	assert_int_equal(store_check(copy, &problems), ERR_OK);
	assert_int_equal(problems.n, 0);
	fixture_append(copy, "26-0001", 31, 1);
	store_close(copy);
}

static void
backup__existing_target__is_never_overwritten(void **state)
{
	struct fixture *f = *state;
	const char *target = name_in(f, "backup.db");
	int fd = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "mine", 4), 4);
	assert_int_equal(close(fd), 0);
	assert_int_equal(store_backup(f->store, target), ERR_EXISTS);
	assert_int_equal(store_backup(f->store, name_in(f, "no/backup.db")), ERR_NOT_FOUND);
	fd = open(target, O_RDONLY | O_CLOEXEC);
	{
		char bytes[10];

		assert_int_equal(read(fd, bytes, sizeof(bytes)), 4);
	}
	assert_int_equal(close(fd), 0);
}

/* A copy in the place of a file of the desk's own would be taken for it. */
static void
backup__name_of_the_desks_own__is_refused(void **state)
{
	static const char *const own[] = { "desk.db.key", "desk.db.secrets", "desk.db-journal",
		"desk.db.evidence/ab", "desk.db.evidence/ab.backup" };
	struct fixture *f = *state;

	fixture_append(f->store, "26-0001", 1, 3);
	assert_int_equal(mkdir(name_in(f, "desk.db.evidence"), 0700), 0);
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		assert_int_equal(store_backup(f->store, name_in(f, own[i])), ERR_DENIED);
		assert_int_not_equal(access(name_in(f, own[i]), F_OK), 0);
	}
	assert_int_equal(
		store_backup(f->store, name_in(f, "desk.db.evidence/../desk.db.key")), ERR_DENIED);
	assert_int_equal(store_backup(f->store, name_in(f, "desk.db.1.backup")), ERR_OK);
	assert_int_equal(rmdir(name_in(f, "desk.db.evidence")), 0);
}

static void
backup__damaged_ledger__gives_no_backup(void **state)
{
	struct fixture *f = *state;
	const char *target = name_in(f, "backup.db");
	sqlite3 *db;

	fixture_append(f->store, "26-0001", 1, 5);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db,
			"DROP TRIGGER event_update; UPDATE event SET actor = 'eve' WHERE seq = 2",
			NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(store_backup(f->store, target), ERR_CORRUPT);
	assert_int_not_equal(access(target, F_OK), 0);
	assert_int_not_equal(access(name_in(f, "backup.db.part"), F_OK), 0);
}

/* --- migrations -------------------------------------------------------------------------- */

/* A version to come, for the runner: the real steps and one more. */
enum { NEXT_VERSION = SCHEMA_VERSION + 1 };
static const char *const second_step[] = { "CREATE TABLE marker (seq INTEGER PRIMARY KEY) STRICT;",
	"INSERT INTO marker SELECT seq FROM event;", NULL };
static const char *const broken_step[] = { "CREATE TABLE marker (seq INTEGER PRIMARY KEY) STRICT;",
	"INSERT INTO nowhere VALUES (1);", NULL };

static int64_t
number_of(sqlite3 *db, const char *sql)
{
	int64_t value = -1;

	assert_int_equal(sqlite_pragma(db, sql, &value), ERR_OK);
	return value;
}

static void
migrate__older_file__goes_forward_after_a_backup(void **state)
{
	struct fixture *f = *state;
	struct sqlite_store *store = (struct sqlite_store *)f->store;
	const char *const *const steps[] = { schema_sql[0], schema_sql[1], schema_sql[2],
		schema_sql[3], second_step };
	struct store *old = NULL;
	struct ledger_head head;

	fixture_append(f->store, "26-0001", 1, 5);
	assert_int_equal(migrate_run(store, steps, NEXT_VERSION), ERR_OK);
	assert_int_equal(number_of(store->db, "PRAGMA user_version"), NEXT_VERSION);
	assert_int_equal(number_of(store->db, "SELECT count(*) FROM marker"), 5);
	assert_int_equal(migrate_run(store, steps, NEXT_VERSION), ERR_OK); /* nothing left to do */
	/* The copy is the file as it was. */
	assert_int_equal(store_sqlite_open(name_in(f, "desk.db.v4.backup"), NULL, &old), ERR_OK);
	assert_int_equal(store_head(old, &head), ERR_OK);
	assert_int_equal(head.seq, 5);
	store_close(old);
}

static void
migrate__step_that_fails__changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct sqlite_store *store = (struct sqlite_store *)f->store;
	const char *const *const steps[] = { schema_sql[0], schema_sql[1], schema_sql[2],
		schema_sql[3], broken_step };

	fixture_append(f->store, "26-0001", 1, 5);
	assert_int_not_equal(migrate_run(store, steps, NEXT_VERSION), ERR_OK);
	assert_int_equal(number_of(store->db, "PRAGMA user_version"), SCHEMA_VERSION);
	assert_int_equal(
		number_of(store->db, "SELECT count(*) FROM sqlite_schema WHERE name = 'marker'"),
		0);
	fixture_append(f->store, "26-0001", 6, 1);
}

static void
migrate__newer_file__is_refused(void **state)
{
	struct fixture *f = *state;
	struct sqlite_store *store = (struct sqlite_store *)f->store;
	const char *const *const steps[] = { schema_sql[0], schema_sql[1], schema_sql[2],
		schema_sql[3], second_step };

	assert_int_equal(migrate_run(store, steps, NEXT_VERSION), ERR_OK);
	assert_int_equal(migrate_run(store, steps, SCHEMA_VERSION), ERR_UNSUPPORTED);
	assert_int_equal(number_of(store->db, "PRAGMA user_version"), NEXT_VERSION);
}

/* --- files of released versions -------------------------------------------------------------- */

/* The newest version whose file is stored: a schema that is still worked on has none yet. */
enum { RELEASED_VERSION = 4 };

static void
released__every_version__opens_and_verifies(void **state)
{
	struct fixture *f = *state;
	const char *dir = getenv("FIXTURES");

	assert_non_null(dir);
	for (int version = 1; version <= RELEASED_VERSION; version++) {
		const char *path = name_in(f, arena_printf(f->arena, "v%d.db", version));
		struct store *store = NULL;
		struct ledger_problems problems;
		struct incident_row row;
		struct outbox_list outbox;
		struct draft_list drafts;
		struct ledger_head head;
		int64_t number = 0;

		fixture_copy(arena_printf(f->arena, "%s/desk-v%d.sqlite", dir, version), path);
		assert_int_equal(store_sqlite_open(path, NULL, &store), ERR_OK);
		assert_int_equal(store_head(store, &head), ERR_OK);
		assert_int_equal(head.seq, 21);
		problems = fixture_walk(store, f->arena, &head);
		assert_int_equal(store_check(store, &problems), ERR_OK);
		assert_int_equal(problems.n, 0);
		assert_int_equal(store_incident(store, f->arena, "26-0001", &row), ERR_OK);
		assert_string_equal(row.title, "停電 power cut");
		assert_int_equal(store_last_number(store, "26-", &number), ERR_OK);
		assert_int_equal(number, 2);
		assert_int_equal(store_outbox(store, f->arena, NULL, 10, &outbox), ERR_OK);
		assert_int_equal(outbox.n, 1);
		assert_int_equal(store_drafts(store, f->arena, "ann", &drafts), ERR_OK);
		assert_int_equal(drafts.n, 1);
		fixture_append(store, "26-0001", 11, 1);
		store_close(store);
	}
}

/* Makes the stored file of this version: run by hand when a schema is released. */
static int
make_fixture(const char *path)
{
	struct incident_row row = fixture_incident("26-0001", FIXTURE_NOW);
	struct outbox_row message = fixture_message("m-1", FIXTURE_NOW, true);
	struct event erase = fixture_event("erase", "org", 1);
	struct draft_row draft = { .person = "ann", .form = "report", .subject = "", .body = "{}" };
	struct store_batch batch = { .events = &erase,
		.n_events = 1,
		.incidents = &row,
		.n_incidents = 1,
		.outbox = &message,
		.n_outbox = 1,
		.erase_seq = 4 };
	struct store *store;
	int64_t number;

	erase.kind = "erase";
	erase.body = "{\"fields\":{\"seq\":4}}";
	assert_int_equal(store_sqlite_create(path, NULL, &store), ERR_OK);
	fixture_append(store, "26-0001", 1, 10);
	fixture_append(store, "26-0002", 1, 10);
	assert_int_equal(store_commit(store, &batch), ERR_OK);
	assert_int_equal(store_draft_put(store, &draft, &number), ERR_OK);
	store_close(store);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(backup__while_open__is_a_desk_of_its_own),
		cmocka_unit_test(backup__existing_target__is_never_overwritten),
		cmocka_unit_test(backup__name_of_the_desks_own__is_refused),
		cmocka_unit_test(backup__damaged_ledger__gives_no_backup),
		cmocka_unit_test(migrate__older_file__goes_forward_after_a_backup),
		cmocka_unit_test(migrate__step_that_fails__changes_nothing),
		cmocka_unit_test(migrate__newer_file__is_refused),
		cmocka_unit_test(released__every_version__opens_and_verifies),
	};

	if (argc == 3 && strcmp(argv[1], "--make") == 0) {
		assert_int_equal(hash_start(), ERR_OK);
		return make_fixture(argv[2]);
	}
	return fixture_run_sqlite("backup", tests, ARRAY_LEN(tests));
}
