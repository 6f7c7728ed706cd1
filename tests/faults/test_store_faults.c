/* SPDX-License-Identifier: MIT */
/*
 * Every write, sync, truncation, unlink and rename of creating a desk, of bringing one of an older
 * version forward and of recording steps fails once, fails for ever, is torn, or is the last thing
 * the program does.  Afterwards the file is read without faults: what was acknowledged is there,
 * what was said not to be recorded is not, and nothing is damaged.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answers.h"
#include "statements.h"
#include "toban/base/attr.h"

#define STEPS 2

/* No run of the driver has as many calls. */
#define POINTS_MOST 500

static const char *const modes[] = { "kill", "killed", "torn", "eio", "eio-few", "eio-ever",
	"enospc", "enospc-ever" };

/* Runs the driver under a fault; what it said goes to `said`. */
static void
drive(struct str *said, char *const arguments[], const char *mode, int point)
{
	char wish[64];
	char preload[1024];
	char *environment[] = { wish, preload, NULL, NULL };
	char asan[] = "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0";
	posix_spawn_file_actions_t actions;
	char buffer[4096];
	int out[2];
	ssize_t n;
	pid_t pid;

	(void)snprintf(wish, sizeof(wish), "SYSFAULT=%s:%d", mode, point);
	(void)snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", getenv("SYSFAULT_LIB"));
	environment[2] = asan;
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
	assert_int_equal(posix_spawn_file_actions_adddup2(&actions, out[1], 1), 0);
	assert_int_equal(
		posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0), 0);
	assert_int_equal(
		posix_spawn(&pid, arguments[0], &actions, NULL, arguments, environment), 0);
	assert_int_equal(posix_spawn_file_actions_destroy(&actions), 0);
	assert_int_equal(close(out[1]), 0);
	str_clear(said);
	while ((n = read(out[0], buffer, sizeof(buffer))) > 0) {
		str_add_n(said, buffer, (size_t)n);
	}
	assert_int_equal(close(out[0]), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* A directory with nothing in it, for one run. */
static struct fixture *
empty_desk(void)
{
	void *state = (void *)(uintptr_t)fixture_memory;
	struct fixture *f;

	assert_int_equal(fixture_setup(&state), 0);
	f = state;
	store_close(f->store);
	f->store = NULL;
	return f;
}

/* Copies the desk file byte for byte: it is closed, and much cheaper than making one. */
static bool
was_missed(const struct str *said)
{
	return strstr(str_text(said), "missed\n") != NULL;
}

static void
commit_run(struct fixture *template, struct str *said, const char *mode, int point)
{
	struct fixture *f = empty_desk();
	void *state = f;
	char driver[512];
	char verb[] = "commit";
	char count[8];
	char where[64];

	fixture_copy(template->path, f->path);
	(void)snprintf(where, sizeof(where), "%s:%d", mode, point);
	(void)snprintf(driver, sizeof(driver), "%s", getenv("FAULT_DRIVER"));
	(void)snprintf(count, sizeof(count), "%d", STEPS);
	drive(said, (char *[]){ driver, verb, f->path, count, NULL }, mode, point);
	fixture_open(f);
	answers_check_whole(f, where);
	answers_check(f, said, where);
	fixture_teardown(&state);
}

/* --- groups ------------------------------------------------------------------------ */

#define GROUP_OF 3
#define GROUPS 2

/* Whether the write is there, an event or a draft. */
static bool
is_there(struct fixture *f, const char *id)
{
	struct draft_list drafts;
	struct event event;
	int found = 0;

	if (strncmp(id, "step-", 5) == 0) {
		return store_event_by_id(f->store, f->arena, id, &event) == ERR_OK;
	}
	assert_int_equal(store_drafts(f->store, f->arena, "dc-operator-1", &drafts), ERR_OK);
	for (size_t i = 0; i < drafts.n; i++) {
		found += strcmp(drafts.items[i].body, id) == 0 ? 1 : 0;
	}
	assert_in_range(found, 0, 1); /* twice: the group was there when it was said not to be */
	return found == 1;
}

/* The answer to a write of a group; "" when the program ended before it said one. */
static void
said_of(const struct str *said, const char *id, char *ret, size_t size)
{
	char pattern[40];
	const char *line;

	(void)snprintf(pattern, sizeof(pattern), "%s ", id);
	line = strstr(str_text(said), pattern);
	ret[0] = '\0';
	if (line != NULL) {
		line += strlen(pattern);
		(void)snprintf(ret, size, "%.*s", (int)strcspn(line, "\n"), line);
	}
}

static void
check_group(struct fixture *f, const struct str *said, int group, const char *where)
{
	char alone[32];
	int there = 0;
	bool split;

	(void)snprintf(alone, sizeof(alone), "alone %d\n", group);
	split = strstr(str_text(said), alone) != NULL;
	for (int i = 0; i < GROUP_OF; i++) {
		char id[32];
		char answer[32];
		bool present;

		(void)snprintf(id, sizeof(id), "%s-%d-%d", group % 2 ? "draft" : "step", group, i);
		said_of(said, id, answer, sizeof(answer));
		present = is_there(f, id);
		there += present ? 1 : 0;
		if (strcmp(answer, "ok") == 0 && !present) {
			fail_msg("%s: %s was acknowledged and is missing", where, id);
		}
		/* A single draft has no name to be looked for by: "not saved" may be untrue. */
		if (strcmp(answer, "ok") != 0 && strcmp(answer, "unknown") != 0 && answer[0] &&
			present && !(split && group % 2 != 0)) {
			fail_msg("%s: %s was answered \"%s\" and is there", where, id, answer);
		}
	}
	if (!split && there != 0 && there != GROUP_OF) {
		fail_msg("%s: %d of the %d of group %d are there", where, there, GROUP_OF, group);
	}
}

static void
group_run(struct fixture *template, struct str *said, const char *mode, int point)
{
	struct fixture *f = empty_desk();
	void *state = f;
	char driver[512];
	char verb[] = "group";
	char count[8];
	char where[64];

	fixture_copy(template->path, f->path);
	(void)snprintf(driver, sizeof(driver), "%s", getenv("FAULT_DRIVER"));
	(void)snprintf(count, sizeof(count), "%d", GROUP_OF);
	(void)snprintf(where, sizeof(where), "%s:%d", mode, point);
	drive(said, (char *[]){ driver, verb, f->path, count, NULL }, mode, point);
	fixture_open(f);
	answers_check_whole(f, where);
	for (int group = 0; group < GROUPS; group++) {
		check_group(f, said, group, where);
	}
	fixture_teardown(&state);
}

/* --- the first opening after a kill --------------------------------------------------- */

/* Steps that were acknowledged before the program was killed. */
#define BEFORE 3

/*
 * A desk as a program leaves it that is killed: the steps are in its -wal.  Byte for byte:
 * nobody writes while it is copied.
 */
static void
copy_killed(struct fixture *template, const char *path)
{
	char from[512];
	char to[512];

	(void)snprintf(from, sizeof(from), "%s-wal", template->path);
	(void)snprintf(to, sizeof(to), "%s-wal", path);
	fixture_copy(template->path, path);
	fixture_copy(from, to);
}

static void
recover_run(struct fixture *template, struct str *said, const char *mode, int point)
{
	struct fixture *f = empty_desk();
	void *state = f;
	char driver[512];
	char verb[] = "commit";
	char count[] = "1";
	char first[8];
	char where[64];

	copy_killed(template, f->path);
	(void)snprintf(driver, sizeof(driver), "%s", getenv("FAULT_DRIVER"));
	(void)snprintf(first, sizeof(first), "%d", BEFORE + 1);
	(void)snprintf(where, sizeof(where), "%s:%d", mode, point);
	drive(said, (char *[]){ driver, verb, f->path, count, first, NULL }, mode, point);
	fixture_open(f);
	answers_check_whole(f, where);
	for (int i = 1; i <= BEFORE; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "step-%d", i);
		answers_check_one(f, id, "ok", where);
	}
	/* Those before count as acknowledged; the one after them as the driver said. */
	for (int i = 1; i <= BEFORE; i++) {
		str_addf(said, "\nstep-%d ok", i);
	}
	answers_check(f, said, where);
	fixture_teardown(&state);
}

static void
create_run(struct fixture *template, struct str *said, const char *mode, int point)
{
	struct fixture *f = empty_desk();
	void *state = f;
	char driver[512];
	char verb[] = "create";
	char where[64];
	enum err err;

	(void)template;
	(void)snprintf(where, sizeof(where), "%s:%d", mode, point);
	(void)snprintf(driver, sizeof(driver), "%s", getenv("FAULT_DRIVER"));
	drive(said, (char *[]){ driver, verb, f->path, NULL }, mode, point);
	/* Trying again works, or says that it had worked. */
	err = store_sqlite_create(f->path, NULL, &f->store);
	if (err != ERR_OK || strstr(str_text(said), "create ok") != NULL) {
		assert_int_equal(err, ERR_EXISTS);
		fixture_open(f);
	}
	answers_check_whole(f, where);
	fixture_append(f->store, "26-0001", 1, 1);
	fixture_teardown(&state);
}

/* --- files of older versions ----------------------------------------------------------- */

/* As tests/store/test_backup.c stored them. */
#define RELEASED_EVENTS 21

/* The first opening by this version dies; the second brings all of it forward. */
static void
migrate_run(struct fixture *template, struct str *said, const char *mode, int point)
{
	struct fixture *f = empty_desk();
	void *state = f;
	char driver[512];
	char verb[] = "commit";
	char count[] = "0";
	char where[64];
	struct ledger_head head;
	struct incident_row row;

	fixture_copy(template->path, f->path);
	(void)snprintf(where, sizeof(where), "%s:%d", mode, point);
	(void)snprintf(driver, sizeof(driver), "%s", getenv("FAULT_DRIVER"));
	drive(said, (char *[]){ driver, verb, f->path, count, NULL }, mode, point);
	fixture_open(f);
	answers_check_whole(f, where);
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	assert_int_equal(head.seq, RELEASED_EVENTS);
	assert_int_equal(store_incident(f->store, f->arena, "26-0001", &row), ERR_OK);
	assert_string_equal(row.title, "停電 power cut");
	fixture_append(f->store, "26-0001", 11, 1);
	fixture_teardown(&state);
}

/* Runs one after the other until the driver says that it does not come so far. */
static void
run_points(struct fixture *f,
	void (*run)(struct fixture *template, struct str *said, const char *mode, int point))
{
	const char *step = getenv("FAULT_STEP");
	int stride = step == NULL ? 1 : (int)strtol(step, NULL, 10);
	struct str said = STR_INIT;
	int runs = 0;

	assert_in_range(stride, 1, 10);
	for (size_t m = 0; m < ARRAY_LEN(modes); m++) {
		int point = 1;

		for (; point <= POINTS_MOST; point += stride) {
			run(f, &said, modes[m], point);
			runs++;
			if (was_missed(&said)) {
				break;
			}
		}
		/* A mode that hits nothing, or never ends, tests nothing. */
		assert_in_range(point, 20, POINTS_MOST);
	}
	print_message("%d runs\n", runs);
	str_release(&said);
}

/* The same with a template that nobody has open. */
static void
run_all(struct fixture *f,
	void (*run)(struct fixture *template, struct str *said, const char *mode, int point))
{
	store_close(f->store);
	f->store = NULL;
	run_points(f, run);
}

static void
commit__fault_at_every_call__tells_no_lie(void **state)
{
	run_all(*state, commit_run);
}

static void
group__fault_at_every_call__is_all_or_nothing(void **state)
{
	run_all(*state, group_run);
}

static void
F07_recover__fault_at_every_call_of_the_first_opening__loses_nothing(void **state)
{
	struct fixture *template = empty_desk();
	void *template_state = template;

	(void)state;
	assert_int_equal(store_sqlite_create(template->path, NULL, &template->store), ERR_OK);
	for (int i = 1; i <= BEFORE; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "step-%d", i);
		assert_int_equal(fixture_commit_step(template->store, id, i), ERR_OK);
	}
	run_points(template, recover_run);
	fixture_teardown(&template_state);
}

static void
create__fault_at_every_call__makes_a_whole_desk_or_none(void **state)
{
	run_all(*state, create_run);
}

static void
F14_migrate__fault_at_every_call__goes_forward_at_the_next_opening(void **state)
{
	const char *dir = getenv("FIXTURES");

	(void)state;
	assert_non_null(dir);
	for (int version = 1; version < SCHEMA_VERSION; version++) {
		struct fixture *template = empty_desk();
		void *template_state = template;
		char stored[512];

		(void)snprintf(stored, sizeof(stored), "%s/desk-v%d.sqlite", dir, version);
		fixture_copy(stored, template->path);
		run_points(template, migrate_run);
		fixture_teardown(&template_state);
	}
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(commit__fault_at_every_call__tells_no_lie),
		cmocka_unit_test(group__fault_at_every_call__is_all_or_nothing),
		cmocka_unit_test(
			F07_recover__fault_at_every_call_of_the_first_opening__loses_nothing),
		cmocka_unit_test(create__fault_at_every_call__makes_a_whole_desk_or_none),
		cmocka_unit_test(
			F14_migrate__fault_at_every_call__goes_forward_at_the_next_opening),
	};

	assert_non_null(getenv("SYSFAULT_LIB"));
	assert_non_null(getenv("FAULT_DRIVER"));
	if (argc > 1) {
		cmocka_set_test_filter(argv[1]);
	}
	return fixture_run_sqlite("faults", tests, ARRAY_LEN(tests));
}
