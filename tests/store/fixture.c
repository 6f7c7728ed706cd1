/* SPDX-License-Identifier: MIT */
/*
 * What the store tests share.
 */
#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/fd.h"
#include "toban/base/hash.h"

const char fixture_memory[] = "memory";
const char fixture_sqlite[] = "sqlite";

static void
remove_directory(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			if (unlinkat(dirfd(d), entry->d_name, 0) != 0) {
				(void)unlinkat(dirfd(d), entry->d_name, AT_REMOVEDIR);
			}
		}
	}
	if (d != NULL) {
		(void)closedir(d);
	}
	(void)rmdir(dir);
}

int
fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	const char *tmp = getenv("TMPDIR");
	struct str why = STR_INIT;

	assert_non_null(f);
	f->sqlite = *state != fixture_memory;
	f->arena = arena_new();
	assert_non_null(f->arena);
	assert_true(asprintf(&f->dir, "%s/toban-store-XXXXXX", tmp == NULL ? "/tmp" : tmp) > 0);
	assert_non_null(mkdtemp(f->dir));
	assert_true(asprintf(&f->path, "%s/desk.db", f->dir) > 0);
	if (!f->sqlite) {
		assert_int_equal(store_memory_new(&f->store), ERR_OK);
	} else if (store_sqlite_create(f->path, &why, &f->store) != ERR_OK) {
		fail_msg("%s", str_text(&why));
	}
	*state = f;
	return 0;
}

int
fixture_teardown(void **state)
{
	struct fixture *f = *state;

	store_close(f->store);
	arena_free(f->arena);
	remove_directory(f->dir);
	free(f->dir);
	free(f->path);
	free(f);
	return 0;
}

static int
run(const char *name, const char *engine, const struct CMUnitTest *tests, size_t n)
{
	struct CMUnitTest *copy = calloc(n, sizeof(*copy));
	char title[100];
	int failed;

	assert_non_null(copy);
	for (size_t i = 0; i < n; i++) {
		copy[i] = tests[i];
		copy[i].setup_func = fixture_setup;
		copy[i].teardown_func = fixture_teardown;
		/* cmocka passes the state on; the setup only compares the pointer. */
		memcpy(&copy[i].initial_state, &engine, sizeof(engine));
	}
	(void)snprintf(title, sizeof(title), "%s, %s", name, engine);
	failed = _cmocka_run_group_tests(title, copy, n, NULL, NULL);
	free(copy);
	return failed;
}

int
fixture_run_both(const char *name, const struct CMUnitTest *tests, size_t n)
{
	assert_int_equal(hash_start(), ERR_OK);
	return run(name, fixture_memory, tests, n) + run(name, fixture_sqlite, tests, n);
}

int
fixture_run_sqlite(const char *name, const struct CMUnitTest *tests, size_t n)
{
	assert_int_equal(hash_start(), ERR_OK);
	return run(name, fixture_sqlite, tests, n);
}

void
fixture_open(struct fixture *f)
{
	struct str why = STR_INIT;

	if (store_sqlite_open(f->path, &why, &f->store) != ERR_OK) {
		fail_msg("%s", str_text(&why));
	}
}

void
fixture_reopen(struct fixture *f)
{
	store_close(f->store);
	f->store = NULL;
	fixture_open(f);
}

struct event
fixture_event(const char *id, const char *subject, int64_t subject_seq)
{
	return (struct event){
		.id = id,
		.subject = subject,
		.subject_seq = subject_seq,
		.at = FIXTURE_NOW + subject_seq,
		.happened_at = subject_seq % 2 == 0 ? STAMP_NONE : FIXTURE_NOW - 60000,
		.actor = "dc-operator-1",
		.post = "",
		.kind = subject_seq == 1 ? "report" : "note",
		.form = "note",
		.form_version = "1@0123456789ab",
		.body = "{\"fields\":{\"text\":\"電源が落ちた\"}}",
	};
}

struct incident_row
fixture_incident(const char *id, stamp due_at)
{
	return (struct incident_row){
		.id = id,
		.title = "停電 power cut",
		.state = "reported",
		.category = "service-disruption",
		.major = "no",
		.department = "dc",
		.finder = "dc-operator-1",
		.open = true,
		.due_at = due_at,
		.reported_at = FIXTURE_NOW,
		.changed_at = FIXTURE_NOW,
		.last_seq = 1,
		.waiting = "[]",
		.people = " dc-owner ",
		.readers = "",
		.hidden_from = "",
		.search = "停電 power cut 2号機",
		.wake_at = STAMP_NONE,
	};
}

struct outbox_row
fixture_message(const char *id, stamp at, bool urgent)
{
	return (struct outbox_row){
		.id = id,
		.target = "chat",
		.type = "incident.report",
		.subject = "26-0001",
		.body = "{\"text\":\"x\"}",
		.urgent = urgent,
		.created_at = at,
		.next_at = at,
		.state = "waiting",
		.last_answer = "",
		.changed_at = at,
	};
}

enum err
fixture_commit_event(struct store *store, struct event *event)
{
	struct store_batch batch = { .events = event, .n_events = 1 };

	return store_commit(store, &batch);
}

enum err
fixture_commit_incident(struct store *store, const struct incident_row *row)
{
	struct store_batch batch = { .incidents = row, .n_incidents = 1 };

	return store_commit(store, &batch);
}

enum err
fixture_commit_step(struct store *store, const char *id, int64_t turn)
{
	struct event event = fixture_event(id, "26-0001", turn);
	struct incident_row row = fixture_incident("26-0001", FIXTURE_NOW + turn);
	struct outbox_row message = fixture_message(id, FIXTURE_NOW, false);
	struct store_batch batch = { .events = &event,
		.n_events = 1,
		.incidents = &row,
		.n_incidents = 1,
		.outbox = &message,
		.n_outbox = 1 };

	return store_commit(store, &batch);
}

void
fixture_copy(const char *from, const char *to)
{
	static char bytes[1 << 20];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t n = 0;

	assert_true(in >= 0);
	assert_true(out >= 0);
	assert_int_equal(fd_read_all(in, bytes, sizeof(bytes), &n), ERR_OK);
	assert_in_range(n, 512, sizeof(bytes) - 1);
	assert_int_equal(fd_write_all(out, bytes, n), ERR_OK);
	assert_int_equal(close(in), 0);
	assert_int_equal(close(out), 0);
}

void
fixture_append(struct store *store, const char *subject, int64_t first, int n)
{
	for (int i = 0; i < n; i++) {
		char id[100];
		struct event event;

		(void)snprintf(id, sizeof(id), "%s-step-%d", subject, (int)first + i);
		event = fixture_event(id, subject, first + i);
		assert_int_equal(fixture_commit_event(store, &event), ERR_OK);
	}
}

struct ledger_problems
fixture_walk(struct store *store, struct arena *arena, const struct ledger_head *head)
{
	struct ledger_problems problems = { .arena = arena };
	struct ledger_walk *walk = ledger_walk_new(&problems);
	struct event_list list = { .n = 1 };
	struct ledger_head end;
	int64_t after = 0;
	int64_t events;

	assert_non_null(walk);
	while (list.n > 0) {
		/* A page of 7 so that the pages meet in the middle of the small ledgers here. */
		assert_int_equal(store_events(store, arena, after, 7, &list), ERR_OK);
		for (size_t i = 0; i < list.n; i++) {
			assert_int_equal(ledger_walk_row(walk, &list.items[i]), ERR_OK);
			after = list.items[i].seq;
		}
	}
	assert_int_equal(ledger_walk_finish(walk, head, &events, &end), ERR_OK);
	ledger_walk_free(walk);
	return problems;
}

bool
fixture_has(const struct ledger_problems *problems, int64_t seq, const char *kind)
{
	for (size_t i = 0; i < problems->n; i++) {
		if (problems->items[i].seq == seq && strcmp(problems->items[i].kind, kind) == 0) {
			return true;
		}
	}
	return false;
}
