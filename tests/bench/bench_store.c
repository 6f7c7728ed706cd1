/* SPDX-License-Identifier: MIT */
/*
 * What a durable act costs in the store, beside a raw SQLite commit of the same
 * bytes into a bare file of the same directory, and what a board page costs.
 * The two commits take turns, so that both see the same disk at the same time.
 *
 *     bench_store [INCIDENTS [ACTS]]     default 100000 and 400; at most one act an incident
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "toban/base/hash.h"
#include "toban/store/store.h"

#define NOW INT64_C(1795300000000)

/* Incidents that a batch of the filling holds. */
#define FILL 1000

/* Length of an event's body in a typical act. */
#define BODY 600

#define PAGE 50

static void
die(const char *what)
{
	(void)fprintf(stderr, "bench_store: %s\n", what);
	exit(1);
}

static double
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
percentile(double *times, size_t n, double part)
{
	qsort(times, n, sizeof(*times), compare);
	return times[(size_t)((double)(n - 1) * part)];
}

/* A body of BODY bytes. */
static const char *
body_text(void)
{
	static char body[BODY + 1];

	if (body[0] == '\0') {
		memset(body, 'x', BODY);
		memcpy(body, "{\"t\":\"", 6);
		memcpy(body + BODY - 2, "\"}", 2);
	}
	return body;
}

static struct incident_row
incident(const char *id, int n)
{
	static const char *const departments[] = { "dc", "ga", "legal", "sales", "maint", "audit" };
	static const char *const people[] = { " dc-owner ", " ga-owner ", " legal-owner ",
		" office-staff-1 " };

	return (struct incident_row){
		.id = id,
		.title = "2号機の電源が落ちた",
		.state = n % 3 == 0 ? "reported" : "instructed",
		.category = "service-disruption",
		.major = "no",
		.department = departments[n % 6],
		.finder = "dc-operator-1",
		.open = true,
		.due_at = NOW + (int64_t)(n % 5000) * 60000,
		.reported_at = NOW,
		.changed_at = NOW,
		.last_seq = n,
		.waiting = "[{\"person\":\"dc-owner\",\"step\":\"acknowledge\"}]",
		.people = people[n % 4],
		.readers = n % 1000 == 0 ? " dc-owner " : "",
		.hidden_from = "",
		.wake_at = STAMP_NONE,
		.search = "2号機の電源が落ちた 2号機の電源が落ちたので予備に切り替えた",
	};
}

static struct event
event(const char *id, const char *subject, int64_t turn)
{
	return (struct event){
		.id = id,
		.subject = subject,
		.subject_seq = turn,
		.at = NOW,
		.happened_at = STAMP_NONE,
		.actor = "dc-operator-1",
		.post = "",
		.kind = turn == 1 ? "report" : "note",
		.form = "note",
		.form_version = "1@0123456789ab",
		.body = body_text(),
	};
}

static void
fill(struct store *store, int incidents)
{
	static char ids[FILL][16];
	static char subjects[FILL][16];
	static struct event events[FILL];
	static struct incident_row rows[FILL];

	for (int done = 0; done < incidents; done += FILL) {
		struct store_batch batch = {
			.events = events, .n_events = FILL, .incidents = rows, .n_incidents = FILL
		};

		for (int i = 0; i < FILL; i++) {
			(void)snprintf(ids[i], sizeof(ids[i]), "e%d", done + i);
			(void)snprintf(subjects[i], sizeof(subjects[i]), "26-%06d", done + i);
			events[i] = event(ids[i], subjects[i], 1);
			rows[i] = incident(subjects[i], done + i);
		}
		if (store_commit(store, &batch) != ERR_OK) {
			die("cannot fill");
		}
	}
}

/* One act: an event, the summary with another due moment and state, a message. */
static double
act(struct store *store, int incidents, int n)
{
	char subject[16];
	char id[32];
	/* Far apart, as real cases are: no act finds the pages of the one before. */
	int which = (int)((int64_t)n * 7919 % incidents);
	struct event one;
	struct incident_row row;
	struct outbox_row message;
	struct store_batch batch = { .events = &one,
		.n_events = 1,
		.incidents = &row,
		.n_incidents = 1,
		.outbox = &message,
		.n_outbox = 1 };
	double start;

	(void)snprintf(subject, sizeof(subject), "26-%06d", which);
	(void)snprintf(id, sizeof(id), "act-%d", n);
	one = event(id, subject, 2);
	row = incident(subject, which);
	row.state = "preventing";
	row.due_at += 12345;
	row.people = " office-staff-1 office-staff-2 ";
	message = (struct outbox_row){ .id = id,
		.target = "chat",
		.type = "incident.note",
		.subject = subject,
		.body = body_text(),
		.created_at = NOW,
		.next_at = NOW,
		.state = "waiting",
		.changed_at = NOW };
	start = now_us();
	if (store_commit(store, &batch) != ERR_OK) {
		die("cannot act");
	}
	return now_us() - start;
}

/* The same bytes: the event's, the summary's and the message's texts in one row. */
static double
raw_commit(sqlite3 *db, sqlite3_stmt *insert)
{
	static char bytes[2 * BODY + 800];
	double start = now_us();

	if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_bind_blob(insert, 1, bytes, sizeof(bytes), SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_step(insert) != SQLITE_DONE || sqlite3_reset(insert) != SQLITE_OK ||
		sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
		die("cannot commit raw");
	}
	return now_us() - start;
}

static sqlite3 *
raw_open(const char *path, sqlite3_stmt **ret_insert)
{
	static const char set_up[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				     "CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB)";
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db, set_up, NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_prepare_v2(db, "INSERT INTO t (b) VALUES (?)", -1, ret_insert, NULL) !=
			SQLITE_OK) {
		die("cannot open the bare file");
	}
	return db;
}

static void
bench_acts(struct store *store, const char *raw_path, int incidents, int acts)
{
	double *ours = calloc((size_t)acts, sizeof(*ours));
	double *raw = calloc((size_t)acts, sizeof(*raw));
	sqlite3_stmt *insert;
	sqlite3 *db = raw_open(raw_path, &insert);
	double a;
	double b;

	if (ours == NULL || raw == NULL) {
		die("no memory");
	}
	for (int i = 0; i < acts; i++) {
		ours[i] = act(store, incidents, i + 1);
		raw[i] = raw_commit(db, insert);
	}
	a = percentile(ours, (size_t)acts, 0.5);
	b = percentile(raw, (size_t)acts, 0.5);
	(void)printf("durable act     p50 %8.1f us   raw commit p50 %8.1f us   ratio %.2f   "
		     "over 2x by %.1f us\n",
		a, b, a / b, a - 2 * b);
	(void)printf("                p99 %8.1f us              p99 %8.1f us\n",
		percentile(ours, (size_t)acts, 0.99), percentile(raw, (size_t)acts, 0.99));
	(void)sqlite3_finalize(insert);
	(void)sqlite3_close(db);
	free(ours);
	free(raw);
}

static void
bench_page(struct store *store, const char *what, struct incident_filter filter)
{
	double times[200];

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct arena *arena = arena_new();
		struct incident_list list;
		double start = now_us();

		if (arena == NULL || store_incidents(store, arena, &filter, &list) != ERR_OK) {
			die("cannot list");
		}
		times[i] = now_us() - start;
		arena_free(arena);
	}
	(void)printf("%-15s p50 %8.1f us\n", what, percentile(times, 200, 0.5));
}

static void
bench_counts(struct store *store)
{
	double times[50];

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct board_counts counts;
		double start = now_us();

		if (store_counts(store, &(struct count_want){ "dc-owner", NULL, "dc", NOW },
			    &counts) != ERR_OK) {
			die("cannot count");
		}
		times[i] = now_us() - start;
	}
	(void)printf("%-15s p50 %8.1f us\n", "counts", percentile(times, 50, 0.5));
}

/* Removes the directory and the files that this program and SQLite made in it. */
static void
clean(const char *dir)
{
	static const char *const names[] = { "desk.db", "desk.db-wal", "desk.db-shm",
		"desk.db.lock", "raw.db", "raw.db-wal", "raw.db-shm" };
	char path[120];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void)unlink(path); /* some are gone already */
	}
	if (rmdir(dir) != 0) {
		die("cannot clean up");
	}
}

int
main(int argc, char **argv)
{
	int incidents = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
	int acts = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 400;
	const char *tmp = getenv("TMPDIR");
	char dir[100];
	char path[120];
	char raw_path[120];
	struct store *store;
	double start;

	acts = acts > incidents ? incidents : acts;
	(void)snprintf(dir, sizeof(dir), "%.60s/toban-bench-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	if (hash_start() != ERR_OK || mkdtemp(dir) == NULL) {
		die("cannot start");
	}
	(void)snprintf(path, sizeof(path), "%s/desk.db", dir);
	(void)snprintf(raw_path, sizeof(raw_path), "%s/raw.db", dir);
	if (store_sqlite_create(path, NULL, &store) != ERR_OK) {
		die("cannot create");
	}
	start = now_us();
	fill(store, incidents);
	(void)printf("%d incidents in %.1f s\n", incidents, (now_us() - start) / 1e6);
	bench_acts(store, raw_path, incidents, acts);
	bench_page(store, "board page",
		(struct incident_filter){ .open_only = true, .reader = "dc-owner", .limit = PAGE });
	bench_page(store, "page of mine",
		(struct incident_filter){ .open_only = true,
			.reader = "dc-owner",
			.waits_for = "dc-owner",
			.finder_or_waits = true,
			.limit = PAGE });
	bench_page(store, "department page",
		(struct incident_filter){ .open_only = true,
			.reader = "dc-owner",
			.department = "ga",
			.limit = PAGE });
	bench_counts(store);
	store_close(store);
	clean(dir);
	return 0;
}
