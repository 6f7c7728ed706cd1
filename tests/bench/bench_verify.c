/* SPDX-License-Identifier: MIT */
/*
 * Entries checked in a second by ledger.verify, on a ledger of whole cases (from the
 * report to the verified effect), beside a bare loop over the same file in the same
 * run: every row read, its two SHA-256 taken, nothing judged.  Counted is the time on
 * the processor: on a machine with nothing else to do that is the time it takes.
 *
 *     bench_verify [ENTRIES]
 *
 * Aim: 150,000 rows/s.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "many.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"

#define ROUNDS 3
#define TOGETHER 40 /* cases that run at the same time */
#define DAY INT64_C(86400000)

static const struct {
	const char *person;
	const char *step;
	const char *fields;
} path[] = {
	{ "dc-owner", "acknowledge", "{}" },
	{ "dc-operator-1", "call", "{'to':'dc-owner','number':'100','outcome':'reached'}" },
	{ "dc-owner", "instruct", "{'to':['dc-operator-1'],'text':'Switch to B.','due':'4h'}" },
	{ "dc-operator-1", "respond", "{'text':'Switched to B.'}" },
	{ "dc-owner", "report-result",
		"{'cause':'Breaker','damage':'None','actions':'Switched','text':'Done'}" },
	{ "office-staff-1", "return-result", "{'why':'Which breaker?'}" },
	{ "dc-owner", "report-result",
		"{'cause':'Breaker 7','damage':'None','actions':'Switched','text':'Done'}" },
	{ "office-staff-1", "approve-result", "{}" },
	{ "office-staff-1", "plan-prevention",
		"{'measures':[{'key':'M1','text':'Test breakers','due':'5d','effect_on':'30d',"
		"'departments':['datacentre','general-affairs']}]}" },
	{ "dc-deputy-1", "apply",
		"{'measure':'M1','department':'datacentre','evidence':'Test log 12'}" },
	{ "office-staff-2", "accept", "{'measure':'M1','department':'datacentre'}" },
	{ "ga-owner", "not-applicable",
		"{'measure':'M1','department':'general-affairs','why':'No breakers'}" },
	{ "office-staff-2", "accept", "{'measure':'M1','department':'general-affairs'}" },
	{ "office-staff-1", "review-item", "{'item':'result','verdict':'no-change','text':'x'}" },
	{ "office-staff-1", "review-item", "{'item':'policy','verdict':'no-change','text':'x'}" },
	{ "office-head", "review-item", "{'item':'regulations','verdict':'changed','text':'x'}" },
	{ "office-staff-2", "review-item",
		"{'item':'guidelines','verdict':'no-change','text':'x'}" },
	{ "dc-owner", "review-item", "{'item':'risk-assessment','verdict':'changed','text':'x'}" },
	{ "dc-deputy-1", "review-item",
		"{'item':'applicability','verdict':'no-change','text':'x'}" },
	{ "dc-owner", "review-item", "{'item':'operation','verdict':'no-change','text':'x'}" },
	{ "office-head", "close", "{'text':'Closed.'}" },
};

/* One whole case, as people make it. */
static char *
whole_case(struct fixture *f)
{
	char *id = report(f);

	for (size_t i = 0; i < ARRAY_LEN(path); i++) {
		f->now += 60000;
		drop(act(f, path[i].person, id, path[i].step, path[i].fields));
	}
	f->now += 31 * DAY;
	drop(act(f, "office-staff-2", id, "verify-effect",
		"{'verdict':'effective','text':'No trip since.'}"));
	return id;
}

/* The same entries for some cases that run at the same time. */
static void
copy_cases(struct fixture *f, const struct event_list *pattern, int first)
{
	struct arena *arena = arena_new();
	struct event *events = arena_array(arena, pattern->n * TOGETHER, sizeof(*events));
	struct store_batch batch = { .events = events };

	for (size_t i = 0; i < pattern->n; i++) {
		for (int k = 0; k < TOGETHER; k++) {
			char id[NEW_ID_SIZE];
			struct event *event = &events[batch.n_events++];

			f->now += 1000; /* ids tell when they were made, as those of a desk do */
			random_id(f->now, id);
			*event = pattern->items[i];
			event->id = arena_strdup(arena, id);
			event->subject = arena_printf(arena, "25-%04d", first + k);
		}
	}
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	arena_free(arena);
}

static int64_t
fill(struct fixture *f, int64_t entries)
{
	struct event_list pattern = { NULL, 0 };
	struct ledger_head head;
	char *id = whole_case(f);
	int first = 0;

	assert_int_equal(store_subject(f->store, f->arena, id, &pattern), ERR_OK);
	do {
		copy_cases(f, &pattern, first);
		first += TOGETHER;
		assert_int_equal(store_head(f->store, &head), ERR_OK);
	} while (head.seq < entries);
	free(id);
	return head.seq;
}

/* --- the bare loop ------------------------------------------------------------------- */

static double
bare_rows_a_second(struct fixture *f)
{
	static const char sql[] = "SELECT event.*, event_body.nonce, event_body.body FROM event"
				  " LEFT JOIN event_body USING (seq) ORDER BY seq";
	int64_t from = many_used_ns();
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	int64_t rows = 0;
	struct hash hash;

	assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		char row[1024];
		size_t len = 0;
		int columns = sqlite3_column_count(stmt);

		for (int i = 0; i + 1 < columns; i++) {
			int n = sqlite3_column_bytes(stmt, i);

			if (len + (size_t)n <= sizeof(row)) {
				memcpy(row + len, sqlite3_column_blob(stmt, i), (size_t)n);
				len += (size_t)n;
			}
		}
		hash_of(row, len, &hash);
		hash_of(sqlite3_column_text(stmt, columns - 1),
			(size_t)sqlite3_column_bytes(stmt, columns - 1), &hash);
		rows++;
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return (double)rows * 1e9 / (double)(many_used_ns() - from);
}

/* --- ours ---------------------------------------------------------------------------- */

static double
verify_rows_a_second(struct fixture *f, int64_t entries)
{
	int64_t from = many_used_ns();
	json_t *answer = ok(f, "auditor-1", "ledger.verify", "{}");

	assert_true(json_is_true(json_object_get(answer, "ok")));
	assert_int_equal(json_integer_value(json_object_get(answer, "events")), entries);
	drop(answer);
	return (double)entries * 1e9 / (double)(many_used_ns() - from);
}

int
main(int argc, char **argv)
{
	int64_t entries = argc > 1 ? strtol(argv[1], NULL, 10) : 100000;
	struct fixture f;
	double bare = 0;
	double ours = 0;

	fixture_start(&f, ON_SQLITE);
	entries = fill(&f, entries);
	for (int i = 0; i < ROUNDS; i++) { /* the best of each */
		double one = bare_rows_a_second(&f);
		double other = verify_rows_a_second(&f, entries);

		bare = one > bare ? one : bare;
		ours = other > ours ? other : ours;
	}
	printf("verify, %lld entries: %.0f rows/s, bare loop %.0f rows/s, ratio %.2f\n",
		(long long)entries, ours, bare, bare / ours);
	fixture_stop(&f);
	return 0;
}
