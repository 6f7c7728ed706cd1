/* SPDX-License-Identifier: MIT */
/*
 * Search over many cases: the newest 50 of a common and of a rare two-kanji word,
 * beside LIKE over the same summaries in the same run.
 *
 *     bench_search [INCIDENTS [ROUNDS]]
 *
 * Aim: both at most 5 ms.
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
#include "toban/store/search.h"

enum { BATCH = 100, COMMON_EACH = 20, RARE_EACH = 2000 };

/* One batch of cases, each reported by one event. */
static void
put(struct store *store, struct arena *arena, int first)
{
	struct event events[BATCH] = { { 0 } };
	struct incident_row rows[BATCH] = { { 0 } };
	struct store_batch batch = {
		.events = events, .n_events = BATCH, .incidents = rows, .n_incidents = BATCH
	};

	for (int i = 0; i < BATCH; i++) {
		int n = first + i;
		const char *id = arena_printf(arena, "26-%06d", n);

		events[i] = (struct event){ .id = id,
			.subject = id,
			.subject_seq = 1,
			.at = n,
			.happened_at = STAMP_NONE,
			.actor = "dc-operator-1",
			.post = "",
			.kind = "report",
			.form = "",
			.form_version = "",
			.body = "{}" };
		rows[i] = (struct incident_row){ .id = id,
			.title = "t",
			.state = "reported",
			.category = "c",
			.major = "no",
			.department = "dc",
			.finder = "dc-operator-1",
			.open = true,
			.due_at = STAMP_NONE,
			.reported_at = n,
			.changed_at = n,
			.last_seq = n,
			.waiting = "[]",
			.people = "",
			.readers = "",
			.hidden_from = "",
			.wake_at = STAMP_NONE,
			.search = arena_printf(arena,
				"%s\n第%d号機の電源装置に警報が出た%s%"
				"s。巡回で確認し当番が連絡した。"
				"the breaker of rack c-%d was checked\n",
				id, n % 97, n % COMMON_EACH == 0 ? "と誤送信" : "",
				n % RARE_EACH == 0 ? "と漏水" : "", n % 41) };
	}
	assert_int_equal(store_commit(store, &batch), ERR_OK);
}

static size_t
ask(struct store *store, struct arena *arena, const char *word)
{
	const char *words[] = { word };
	struct search_want want = { .words = words, .n_words = 1, .limit = 50 };
	struct search_found found;

	arena_clear(arena);
	assert_int_equal(store_search(store, arena, &want, &found), ERR_OK);
	return found.n;
}

static size_t
like(sqlite3 *db, const char *word)
{
	sqlite3_stmt *stmt;
	char pattern[64];
	size_t n = 0;

	snprintf(pattern, sizeof(pattern), "%%%s%%", word);
	assert_int_equal(sqlite3_prepare_v2(db,
				 "SELECT id, title FROM incident WHERE search LIKE ? "
				 "ORDER BY num DESC LIMIT 50",
				 -1, &stmt, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_bind_text(stmt, 1, pattern, -1, SQLITE_STATIC), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		n++;
	}
	sqlite3_finalize(stmt);
	return n;
}

static void
measure(struct store *store, sqlite3 *db, const char *word, size_t rounds)
{
	struct arena *arena = arena_new();
	int64_t *ours = calloc(rounds, sizeof(*ours));
	int64_t *theirs = calloc(rounds, sizeof(*theirs));
	size_t n = 0;

	assert_true(arena && ours && theirs);
	for (size_t i = 0; i < rounds; i++) {
		int64_t begun = many_now_ns();

		n = ask(store, arena, word);
		ours[i] = many_now_ns() - begun;
		begun = many_now_ns();
		assert_int_equal(like(db, word), n);
		theirs[i] = many_now_ns() - begun;
	}
	double index = many_percentile_ms(ours, rounds, 0.5);
	double scan = many_percentile_ms(theirs, rounds, 0.5);

	printf("%s: %zu cases, search p50 %.3f ms p99 %.3f ms, LIKE p50 %.3f ms, ratio 1/%.1f; "
	       "aim 5 ms: %s\n",
		word, n, index, many_percentile_ms(ours, rounds, 0.99), scan, scan / index,
		index <= 5 ? "met" : "MISSED");
	arena_free(arena);
	free(ours);
	free(theirs);
}

int
main(int argc, char **argv)
{
	int incidents = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
	size_t rounds = argc > 2 ? (size_t)strtol(argv[2], NULL, 10) : 30;
	struct arena *arena = arena_new();
	struct fixture f;
	int64_t behind = 1;
	sqlite3 *db;

	assert_non_null(arena);
	fixture_start(&f, ON_SQLITE);
	for (int i = 1; i <= incidents; i += BATCH) {
		arena_clear(arena);
		put(f.store, arena, i);
	}
	int64_t begun = many_now_ns();

	while (behind > 0) {
		assert_int_equal(store_search_index(f.store, 2000, &behind), ERR_OK);
	}
	printf("%d cases indexed in %.1f s\n", incidents, (double)(many_now_ns() - begun) / 1e9);
	assert_int_equal(sqlite3_open(f.path, &db), SQLITE_OK);
	measure(f.store, db, "誤送", rounds);
	measure(f.store, db, "漏水", rounds);
	measure(f.store, db, "電源", rounds);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	fixture_stop(&f);
	arena_free(arena);
	return 0;
}
