/* SPDX-License-Identifier: MIT */
/*
 * What the store tests share: a fresh store of either engine in a directory of
 * its own, and rows to put into it.
 */
#ifndef TOBAN_TESTS_STORE_FIXTURE_H
#define TOBAN_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "toban/base/arena.h"
#include "toban/store/store.h"

#define FIXTURE_NOW INT64_C(1795300000000) /* 2026-11-22 */

struct fixture {
	bool sqlite;
	struct store *store;
	struct arena *arena;
	char *dir;
	char *path; /* of the desk file; made only with `sqlite` */
};

/* Engines as the initial state of a test. */
extern const char fixture_memory[];
extern const char fixture_sqlite[];

/* cmocka's setup and teardown; the state becomes a struct fixture *. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Runs the tests over both engines; the number that failed. */
int fixture_run_both(const char *name, const struct CMUnitTest *tests, size_t n);

/* Runs the tests over SQLite alone. */
int fixture_run_sqlite(const char *name, const struct CMUnitTest *tests, size_t n);

/* Opens the desk file, which is closed. */
void fixture_open(struct fixture *f);

/* Closes and opens the desk file again. */
void fixture_reopen(struct fixture *f);

/* An event of plausible content; `id` and `subject` are kept by pointer. */
struct event fixture_event(const char *id, const char *subject, int64_t subject_seq);

/* A summary of plausible content. */
struct incident_row fixture_incident(const char *id, stamp due_at);

/* A message that waits since `at`. */
struct outbox_row fixture_message(const char *id, stamp at, bool urgent);

/* Commits `n` events of the subject, from its number `first` on, with ids PREFIX1... */
void fixture_append(struct store *store, const char *subject, int64_t first, int n);

/* Commits the one event or row. */
enum err fixture_commit_event(struct store *store, struct event *event);
enum err fixture_commit_incident(struct store *store, const struct incident_row *row);

/* One step as the desk records it: the event `id` as the `turn`th of 26-0001, summary, message. */
enum err fixture_commit_step(struct store *store, const char *id, int64_t turn);

/* Copies a desk file of less than 1 MiB that nobody has open; mode 0600. */
void fixture_copy(const char *from, const char *to);

/* Walks the whole ledger; problems live in the arena. */
struct ledger_problems fixture_walk(
	struct store *store, struct arena *arena, const struct ledger_head *head);

/* Whether a problem of that kind names the row. */
bool fixture_has(const struct ledger_problems *problems, int64_t seq, const char *kind);

#endif
