/* SPDX-License-Identifier: MIT */
/*
 * Many writes with one sync: all of a group or none, over both engines; what
 * only a file can do (others, losing a transaction) over SQLite alone.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"
#include "sqlite_parts.h"
#include "toban/base/attr.h"

static struct sqlite_store *
engine(struct fixture *f)
{
	return (struct sqlite_store *)f->store;
}

static int64_t
head_seq(struct store *store)
{
	struct ledger_head head;

	assert_int_equal(store_head(store, &head), ERR_OK);
	return head.seq;
}

static enum err
put_draft(struct store *store, const char *body)
{
	struct draft_row draft = { .person = "dc-operator-1",
		.form = "note",
		.subject = "26-0001",
		.body = body,
		.saved_at = FIXTURE_NOW };
	int64_t number = 0;

	return store_draft_put(store, &draft, &number);
}

static size_t
count_drafts(struct fixture *f)
{
	struct draft_list list;

	assert_int_equal(store_drafts(f->store, f->arena, "dc-operator-1", &list), ERR_OK);
	return list.n;
}

/* --- both engines -------------------------------------------------------------------- */

static void
group__several_writes__are_all_there_after_the_end(void **state)
{
	struct fixture *f = *state;
	struct ledger_problems problems;

	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	assert_int_equal(put_draft(f->store, "{}"), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "b", 2), ERR_OK);
	assert_int_equal(store_look_put(f->store, "dc-owner", "26-0001", 2, FIXTURE_NOW), ERR_OK);
	assert_int_equal(store_group_end(f->store), ERR_OK);
	if (f->sqlite) {
		fixture_reopen(f);
	}
	assert_int_equal(head_seq(f->store), 2);
	assert_int_equal(count_drafts(f), 1);
	problems = fixture_walk(f->store, f->arena, NULL);
	assert_int_equal(problems.n, 0);
}

static void
group__a_write_refused__leaves_the_others_alone(void **state)
{
	struct fixture *f = *state;
	struct event event;

	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "late", 1), ERR_CONFLICT);
	assert_int_equal(fixture_commit_step(f->store, "a", 2), ERR_EXISTS);
	assert_int_equal(fixture_commit_step(f->store, "b", 2), ERR_OK);
	assert_int_equal(store_group_end(f->store), ERR_OK);
	assert_int_equal(head_seq(f->store), 2);
	assert_int_equal(store_event_by_id(f->store, f->arena, "b", &event), ERR_OK);
	assert_int_equal(event.seq, 2);
	assert_int_equal(store_event_by_id(f->store, f->arena, "late", &event), ERR_NOT_FOUND);
}

static void
group__reads_within__see_its_writes(void **state)
{
	struct fixture *f = *state;
	struct event event;

	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	assert_int_equal(head_seq(f->store), 1);
	assert_int_equal(store_event_by_id(f->store, f->arena, "a", &event), ERR_OK);
	assert_int_equal(put_draft(f->store, "{}"), ERR_OK);
	assert_int_equal(count_drafts(f), 1);
	assert_int_equal(store_group_end(f->store), ERR_OK);
}

static void
group__begun_twice_or_ended_without__is_a_fault_of_the_caller(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(store_group_end(f->store), ERR_INVALID);
	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(store_group_begin(f->store), ERR_INVALID);
	assert_int_equal(store_group_end(f->store), ERR_OK); /* an empty one is fine */
	assert_int_equal(store_group_end(f->store), ERR_INVALID);
	fixture_append(f->store, "26-0001", 1, 1);
}

/* --- SQLite alone -------------------------------------------------------------------- */

static struct store *
open_other(struct fixture *f)
{
	struct store *other = NULL;

	assert_int_equal(store_sqlite_open(f->path, NULL, &other), ERR_OK);
	return other;
}

static void
group__open__is_seen_by_nobody_and_rings_once(void **state)
{
	struct fixture *f = *state;
	struct store *other = open_other(f);
	struct store_info info;
	struct pollfd bell;

	store_info(other, &info);
	bell = (struct pollfd){ .fd = info.wake_fd, .events = POLLIN };
	(void)store_woke(other); /* whatever came of opening */
	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "b", 2), ERR_OK);
	assert_int_equal(head_seq(other), 0);
	assert_int_equal(poll(&bell, 1, 0), 0);
	assert_false(store_woke(other));
	assert_int_equal(store_group_end(f->store), ERR_OK);
	assert_int_equal(poll(&bell, 1, 0), 1);
	assert_true(store_woke(other));
	assert_int_equal(poll(&bell, 1, 0), 0);
	assert_int_equal(head_seq(other), 2);
	store_close(other);
}

static void
group__nothing_for_the_screens__does_not_ring(void **state)
{
	struct fixture *f = *state;
	struct store *other = open_other(f);
	struct store_info info;
	struct pollfd bell;

	store_info(other, &info);
	bell = (struct pollfd){ .fd = info.wake_fd, .events = POLLIN };
	(void)store_woke(other);
	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(store_engine_put(f->store, "jump", "1"), ERR_OK);
	assert_int_equal(store_group_end(f->store), ERR_OK);
	assert_int_equal(poll(&bell, 1, 0), 0);
	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(store_group_end(f->store), ERR_OK);
	assert_int_equal(poll(&bell, 1, 0), 0);
	/* A bell that is muted once rings again. */
	fixture_append(f->store, "26-0001", 1, 1);
	assert_int_equal(poll(&bell, 1, 0), 1);
	store_close(other);
}

static void
group__lost_on_the_way__refuses_the_rest_and_says_so_at_the_end(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	/* As SQLite does by itself when the disk or the memory fails. */
	assert_int_equal(sqlite3_exec(engine(f)->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(fixture_commit_step(f->store, "b", 1), ERR_IO);
	assert_int_equal(put_draft(f->store, "{}"), ERR_IO);
	assert_int_equal(store_group_end(f->store), ERR_IO);
	assert_int_equal(head_seq(f->store), 0);
	assert_int_equal(count_drafts(f), 0);
	/* One after the other, as the caller was promised. */
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "b", 2), ERR_OK);
}

static void
group__lost_after_the_last_write__says_so_at_the_end(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	assert_int_equal(sqlite3_exec(engine(f)->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(store_group_end(f->store), ERR_IO);
	assert_int_equal(head_seq(f->store), 0);
}

static void
group__closed_while_open__leaves_nothing(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	fixture_reopen(f);
	assert_int_equal(head_seq(f->store), 0);
	fixture_append(f->store, "26-0001", 1, 1);
}

static void
group__backup_within__is_refused(void **state)
{
	struct fixture *f = *state;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	assert_int_equal(store_group_begin(f->store), ERR_OK);
	assert_int_equal(fixture_commit_step(f->store, "a", 1), ERR_OK);
	assert_int_equal(store_backup(f->store, path), ERR_BUSY);
	assert_int_equal(store_group_end(f->store), ERR_OK);
	assert_int_equal(store_backup(f->store, path), ERR_OK);
}

static void
group__with_an_erasure__empties_the_wal_after_the_end(void **state)
{
	struct fixture *f = *state;
	struct event erase = fixture_event("erase", "26-0001", 3);
	struct store_batch batch = { .events = &erase, .n_events = 1, .erase_seq = 2 };
	struct stat wal;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s-wal", f->path);
	erase.kind = "erase";
	erase.body = "{\"fields\":{\"seq\":2,\"why\":\"law\"}}";
	assert_int_equal(store_group_begin(f->store), ERR_OK);
	fixture_append(f->store, "26-0001", 1, 2);
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_group_end(f->store), ERR_OK);
	assert_false(engine(f)->scrub_due);
	assert_int_equal(stat(path, &wal), 0);
	assert_int_equal(wal.st_size, 0);
}

int
main(void)
{
	static const struct CMUnitTest both[] = {
		cmocka_unit_test(group__several_writes__are_all_there_after_the_end),
		cmocka_unit_test(group__a_write_refused__leaves_the_others_alone),
		cmocka_unit_test(group__reads_within__see_its_writes),
		cmocka_unit_test(group__begun_twice_or_ended_without__is_a_fault_of_the_caller),
	};
	static const struct CMUnitTest sqlite[] = {
		cmocka_unit_test(group__open__is_seen_by_nobody_and_rings_once),
		cmocka_unit_test(group__nothing_for_the_screens__does_not_ring),
		cmocka_unit_test(group__lost_on_the_way__refuses_the_rest_and_says_so_at_the_end),
		cmocka_unit_test(group__lost_after_the_last_write__says_so_at_the_end),
		cmocka_unit_test(group__closed_while_open__leaves_nothing),
		cmocka_unit_test(group__backup_within__is_refused),
		cmocka_unit_test(group__with_an_erasure__empties_the_wal_after_the_end),
	};

	return fixture_run_both("group", both, ARRAY_LEN(both)) +
		fixture_run_sqlite("group", sqlite, ARRAY_LEN(sqlite));
}
