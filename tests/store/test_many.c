/* SPDX-License-Identifier: MIT */
/*
 * Many programs at once on one desk file, and programs that are killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "statements.h"

/* Starts `n` children that all wait until everybody is there; the number of each exit status. */
static void
herd(int n, int (*child)(struct fixture *f, int number), struct fixture *f, int statuses[256])
{
	int start[2];

	assert_int_equal(pipe2(start, O_CLOEXEC), 0);
	memset(statuses, 0, 256 * sizeof(statuses[0]));
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			char byte;

			(void)close(start[1]);
			(void)read(start[0], &byte, 1); /* the end of the pipe is the shot */
			_exit(child(f, i));
		}
	}
	(void)close(start[0]);
	(void)close(start[1]);
	for (int i = 0; i < n; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status));
		statuses[WEXITSTATUS(status)]++;
	}
}

/* --- creating --------------------------------------------------------------------------- */

#define CREATORS 16

static int
create_child(struct fixture *f, int number)
{
	struct store *store = NULL;
	enum err err = store_sqlite_create(f->path, NULL, &store);

	(void)number;
	store_close(store);
	return (int)err;
}

static void
create__sixteen_at_once__exactly_one_makes_it(void **state)
{
	struct fixture *f = *state;

	for (int round = 0; round < 38; round++) {
		int statuses[256];

		store_close(f->store);
		f->store = NULL;
		assert_int_equal(unlink(f->path), 0);
		herd(CREATORS, create_child, f, statuses);
		assert_int_equal(statuses[ERR_OK], 1);
		assert_int_equal(statuses[ERR_EXISTS], CREATORS - 1);
		assert_int_equal(store_sqlite_open(f->path, NULL, &f->store), ERR_OK);
		fixture_append(f->store, "26-0001", 1, 1);
	}
}

/* --- bringing forward --------------------------------------------------------------------- */

#define OPENERS 16

static int
open_child(struct fixture *f, int number)
{
	struct store *store = NULL;
	enum err err = store_sqlite_open(f->path, NULL, &store);
	struct ledger_head head = { .seq = 0 };

	(void)number;
	err = err ? err : store_head(store, &head);
	store_close(store);
	return err ? (int)err : head.seq == 21 ? 0 : 100;
}

/* One brings the file forward, behind one copy of it; the others wait and find it done. */
static void
migrate__sixteen_at_once__all_find_the_newer_file(void **state)
{
	struct fixture *f = *state;
	const char *dir = getenv("FIXTURES");

	assert_non_null(dir);
	for (int round = 0; round < 12; round++) {
		char stored[512];
		char copy[512];
		struct ledger_problems problems;
		int statuses[256];
		int version = 1 + round % (SCHEMA_VERSION - 1);

		store_close(f->store);
		f->store = NULL;
		assert_int_equal(unlink(f->path), 0);
		(void)snprintf(stored, sizeof(stored), "%s/desk-v%d.sqlite", dir, version);
		fixture_copy(stored, f->path);
		herd(OPENERS, open_child, f, statuses);
		assert_int_equal(statuses[ERR_OK], OPENERS);
		(void)snprintf(copy, sizeof(copy), "%s.v%d.backup", f->path, version);
		assert_int_equal(unlink(copy), 0);
		fixture_open(f);
		problems = fixture_walk(f->store, f->arena, NULL);
		assert_int_equal(store_check(f->store, &problems), ERR_OK);
		assert_int_equal(problems.n, 0);
		fixture_append(f->store, "26-0001", 11, 1);
	}
}

/* --- writing ---------------------------------------------------------------------------- */

#define WRITERS 8
#define APPENDS 200

static int
write_child(struct fixture *f, int number)
{
	struct store *store = NULL;
	char subject[32];

	(void)snprintf(subject, sizeof(subject), "26-%04d", number);
	if (store_sqlite_open(f->path, NULL, &store) != ERR_OK) {
		return 100;
	}
	for (int i = 1; i <= APPENDS; i++) {
		char id[64];
		struct event event;
		enum err err;

		(void)snprintf(id, sizeof(id), "%s-%d", subject, i);
		event = fixture_event(id, subject, i);
		err = fixture_commit_event(store, &event);
		if (err != ERR_OK) {
			return (int)err;
		}
	}
	store_close(store);
	return 0;
}

static void
commit__eight_writers__all_get_their_turns(void **state)
{
	struct fixture *f = *state;
	struct ledger_head head;
	int statuses[256];

	store_close(f->store);
	f->store = NULL;
	herd(WRITERS, write_child, f, statuses);
	assert_int_equal(statuses[0], WRITERS);
	assert_int_equal(store_sqlite_open(f->path, NULL, &f->store), ERR_OK);
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	assert_int_equal(head.seq, WRITERS * APPENDS);
	assert_int_equal(fixture_walk(f->store, f->arena, &head).n, 0);
}

/* All want the same turn of the same case. */
static int
race_child(struct fixture *f, int number)
{
	struct store *store = NULL;
	struct event event;
	char id[64];
	enum err err;

	(void)snprintf(id, sizeof(id), "racer-%d", number);
	event = fixture_event(id, "26-0001", 1);
	if (store_sqlite_open(f->path, NULL, &store) != ERR_OK) {
		return 100;
	}
	err = fixture_commit_event(store, &event);
	store_close(store);
	return (int)err;
}

static void
commit__race_for_one_turn__has_one_winner(void **state)
{
	struct fixture *f = *state;
	int statuses[256];

	store_close(f->store);
	f->store = NULL;
	herd(WRITERS, race_child, f, statuses);
	assert_int_equal(statuses[ERR_OK], 1);
	assert_int_equal(statuses[ERR_CONFLICT], WRITERS - 1);
	assert_int_equal(store_sqlite_open(f->path, NULL, &f->store), ERR_OK);
}

/* --- being killed ------------------------------------------------------------------------ */

#define ROUNDS 60

/* Commits for ever and writes the number of each acknowledged event to the pipe. */
static void
run_until_killed(const char *path, int64_t first, int out)
{
	struct store *store = NULL;

	if (store_sqlite_open(path, NULL, &store) != ERR_OK) {
		_exit(1);
	}
	for (int64_t i = first;; i++) {
		char id[64];

		(void)snprintf(id, sizeof(id), "step-%d", (int)i);
		if (fixture_commit_step(store, id, i) != ERR_OK ||
			write(out, &i, sizeof(i)) != sizeof(i)) {
			_exit(1);
		}
	}
}

/* Kills a writer after it acknowledged some events and a moment more; the last acknowledged. */
static int64_t
kill_round(const char *path, int64_t first, uint32_t moment)
{
	int acks[2];
	int64_t last = first - 1;
	int64_t ack;
	pid_t pid;

	assert_int_equal(pipe2(acks, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		run_until_killed(path, first, acks[1]);
	}
	(void)close(acks[1]);
	for (uint32_t i = 0; i <= moment % 5; i++) {
		assert_int_equal(read(acks[0], &ack, sizeof(ack)), sizeof(ack));
		last = ack;
	}
	for (volatile uint32_t spin = moment * 20; spin > 0; spin--) {
		/* Where in its next commit the writer dies is to be as even as can be. */
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	while (read(acks[0], &ack, sizeof(ack)) == sizeof(ack)) {
		last = ack;
	}
	(void)close(acks[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return last;
}

static void
commit__writer_killed__loses_nothing_acknowledged(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 5;
	int64_t next = 1;

	for (int round = 0; round < ROUNDS; round++) {
		struct ledger_head head;
		struct ledger_problems problems;
		struct outbox_list outbox;
		int64_t acknowledged;

		store_close(f->store);
		f->store = NULL;
		seed = seed * 1664525u + 1013904223u;
		acknowledged = kill_round(f->path, next, seed >> 18);
		arena_clear(f->arena);
		assert_int_equal(store_sqlite_open(f->path, NULL, &f->store), ERR_OK);
		assert_int_equal(store_head(f->store, &head), ERR_OK);
		assert_in_range(head.seq, acknowledged, acknowledged + 1);
		/* The message of an event is there exactly when the event is. */
		assert_int_equal(store_outbox(f->store, f->arena, NULL, 100000, &outbox), ERR_OK);
		assert_int_equal(outbox.n, head.seq);
		problems = fixture_walk(f->store, f->arena, &head);
		assert_int_equal(store_check(f->store, &problems), ERR_OK);
		assert_int_equal(problems.n, 0);
		next = head.seq + 1;
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(create__sixteen_at_once__exactly_one_makes_it),
		cmocka_unit_test(migrate__sixteen_at_once__all_find_the_newer_file),
		cmocka_unit_test(commit__eight_writers__all_get_their_turns),
		cmocka_unit_test(commit__race_for_one_turn__has_one_winner),
		cmocka_unit_test(commit__writer_killed__loses_nothing_acknowledged),
	};

	return fixture_run_sqlite("many", tests, sizeof(tests) / sizeof(tests[0]));
}
