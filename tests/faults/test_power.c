/* SPDX-License-Identifier: MIT */
/*
 * F06: the power goes at any write, sync, truncation or deletion of recording
 * steps, and takes with it what was not synced, whole or in parts.  What was
 * acknowledged is there afterwards, with its message, and nothing is damaged.
 *
 * POWER_CUTS says how often; the disk that sleeps through its syncs must be found out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answers.h"
#include "powercut.h"
#include "toban/base/attr.h"

#define STEPS 4
#define GROUP_AT 3 /* the steps from here on are committed together */

static long
cuts(void)
{
	const char *wanted = getenv("POWER_CUTS");

	return wanted == NULL ? 2000 : strtol(wanted, NULL, 10);
}

static void
say(int to, const char *what, const char *answer)
{
	(void)dprintf(to, "%s %s\n", what, answer);
}

/* Steps one by one, then some in a group, then all that closing a desk does. */
static void
work(const char *path, int to)
{
	struct store *store = NULL;
	enum err group = ERR_OK;
	enum err each[STEPS + 1];

	if (store_sqlite_open(path, NULL, &store) != ERR_OK) {
		say(to, "open", "failed");
		return;
	}
	for (int i = 1; i <= STEPS; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "step-%d", i);
		group = i == GROUP_AT ? store_group_begin(store) : group;
		each[i] = fixture_commit_step(store, id, i);
		if (i < GROUP_AT) {
			say(to, id, err_name(each[i]));
		}
	}
	group = group == ERR_OK ? store_group_end(store) : group;
	for (int i = GROUP_AT; i <= STEPS; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "step-%d", i);
		say(to, id, err_name(group == ERR_OK ? each[i] : group));
	}
	store_close(store);
}

/* Works on a disk of its own in a process of its own; what it said, and how many calls it made. */
static long
run(const char *path, const struct powercut *cut, struct str *said)
{
	char buffer[1024];
	const char *calls;
	int out[2];
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(out), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		powercut_start(cut);
		work(path, out[1]);
		(void)dprintf(out[1], "calls %ld\n", powercut_calls());
		_exit(0);
	}
	assert_int_equal(close(out[1]), 0);
	str_clear(said);
	while ((n = read(out[0], buffer, sizeof(buffer))) > 0) {
		str_add_n(said, buffer, (size_t)n);
	}
	assert_int_equal(close(out[0]), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	calls = strstr(str_text(said), "calls ");
	return calls == NULL ? 0 : strtol(calls + strlen("calls "), NULL, 10);
}

/* --- one cut ------------------------------------------------------------------------- */

/* A group is one commit: all of its steps may be there without a word, or none. */
static void
check(struct fixture *f, const struct str *said, const char *where)
{
	struct outbox_list outbox;
	struct ledger_head head;
	int64_t acknowledged = 0;

	answers_check_whole(f, where);
	for (int64_t i = 1; i <= STEPS; i++) {
		char id[32];
		char ok[40];

		(void)snprintf(id, sizeof(id), "step-%d", (int)i);
		(void)snprintf(ok, sizeof(ok), "%s ok\n", id);
		if (strstr(str_text(said), ok) != NULL) {
			answers_check_one(f, id, "ok", where);
			acknowledged = i;
		}
	}
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	if (head.seq != acknowledged && head.seq != acknowledged + 1 &&
		!(acknowledged <= GROUP_AT - 1 && head.seq == STEPS)) {
		fail_msg("%s: %lld steps are there, %lld were acknowledged", where,
			(long long)head.seq, (long long)acknowledged);
	}
	if (head.seq == GROUP_AT) {
		fail_msg("%s: half of a group is there", where);
	}
	assert_int_equal(store_outbox(f->store, f->arena, NULL, 100, &outbox), ERR_OK);
	if ((int64_t)outbox.n != head.seq) {
		fail_msg("%s: %zu messages of %lld steps", where, outbox.n, (long long)head.seq);
	}
}

/* How many steps that were acknowledged are missing, or -1 when the file is no desk any more. */
static int
missing(const char *path, const struct str *said)
{
	struct arena *arena = arena_new();
	struct store *store = NULL;
	int n = 0;

	if (store_sqlite_open(path, NULL, &store) != ERR_OK) {
		arena_free(arena);
		return -1;
	}
	for (int i = 1; i <= STEPS; i++) {
		struct event event;
		char id[32];
		char ok[40];

		(void)snprintf(id, sizeof(id), "step-%d", i);
		(void)snprintf(ok, sizeof(ok), "%s ok\n", id);
		n += strstr(str_text(said), ok) != NULL &&
				store_event_by_id(store, arena, id, &event) != ERR_OK
			? 1
			: 0;
	}
	store_close(store);
	arena_free(arena);
	return n;
}

/* --- the tests --------------------------------------------------------------------------- */

/* Where each run has its desk: never the same file twice, SQLite knows files by their number. */
static void
lay_out(struct fixture *f, const char *template, long number)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/cut-%ld.db", f->dir, number);
	free(f->path);
	f->path = strdup(path);
	assert_non_null(f->path);
	fixture_copy(template, f->path);
}

static void
put_away(struct fixture *f)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal", ".lock" };
	char path[600];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", f->path, ends[i]);
		(void)unlink(path); /* some are not there */
	}
	arena_clear(f->arena);
}

/* The desk that all runs begin with, and how many calls a run makes. */
static long
prepare(struct fixture *f, struct str *said, char **ret_template)
{
	long calls;

	store_close(f->store);
	f->store = NULL;
	*ret_template = strdup(f->path);
	assert_non_null(*ret_template);
	lay_out(f, *ret_template, 0);
	calls = run(f->path, &(struct powercut){ .point = 0 }, said);
	assert_non_null(strstr(str_text(said), "step-4 ok\n"));
	assert_in_range(calls, 20, 1000);
	put_away(f);
	return calls;
}

static void
F06_power__cut_at_any_call__loses_nothing_acknowledged(void **state)
{
	struct fixture *f = *state;
	struct str said = STR_INIT;
	char *template;
	long calls = prepare(f, &said, &template);

	for (long i = 1; i <= cuts(); i++) {
		struct powercut cut = { .point = 1 + (i * 7) % (calls + 1),
			.loss = (enum loss)(i % LOSS_KINDS),
			.seed = (uint64_t)i };
		char where[64];

		(void)snprintf(where, sizeof(where), "cut %ld, loss %d, call %ld", i, (int)cut.loss,
			cut.point);
		lay_out(f, template, i);
		(void)run(f->path, &cut, &said);
		fixture_open(f);
		check(f, &said, where);
		store_close(f->store);
		f->store = NULL;
		put_away(f);
	}
	print_message("%ld cuts, %ld calls a run\n", cuts(), calls);
	lay_out(f, template, 0); /* for the teardown */
	fixture_open(f);
	free(template);
	str_release(&said);
}

/* The test of the test: a disk that forgets to sync is found out. */
static void
F06_power__disk_that_does_not_sync__is_found_out(void **state)
{
	struct fixture *f = *state;
	struct str said = STR_INIT;
	char *template;
	long calls = prepare(f, &said, &template);
	int lost = 0;

	for (long i = 1; i <= 40; i++) {
		struct powercut cut = { .point = 1 + (i * 7) % (calls + 1),
			.loss = LOSS_ALL,
			.seed = (uint64_t)i,
			.sleepy = true };

		lay_out(f, template, i);
		(void)run(f->path, &cut, &said);
		lost += missing(f->path, &said) != 0 ? 1 : 0;
		put_away(f);
	}
	assert_in_range(lost, 10, 40);
	lay_out(f, template, 0);
	fixture_open(f);
	free(template);
	str_release(&said);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(F06_power__cut_at_any_call__loses_nothing_acknowledged),
		cmocka_unit_test(F06_power__disk_that_does_not_sync__is_found_out),
	};

	return fixture_run_sqlite("power", tests, ARRAY_LEN(tests));
}
