/* SPDX-License-Identifier: MIT */
/*
 * What the statistics of one year cost with many incidents of many years in
 * the file, beside a bare scan of all incidents that only counts them.
 *
 *     bench_stats [INCIDENTS [YEARS]]
 *
 * Aim: one frame (16 ms) for a year out of ten at 100,000 incidents.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "many.h"

enum { ROUNDS = 20, BULK = 1000, DAY_MS = 86400000 };

static const char *const categories[] = { "business-disruption", "service-disruption",
	"information-impairment", "security-breach", "control-failure", "suspicion" };

/* Figures for incidents spread evenly over the years before now. */
static void
fill_figures(struct fixture *f, int incidents, int years)
{
	static struct figure_row rows[BULK];
	int64_t step = (int64_t)years * 365 * DAY_MS / incidents;

	for (int i = 0; i < incidents; i += BULK) {
		struct arena *arena = arena_new();
		struct store_batch batch = { .figures = rows, .n_figures = BULK };

		for (int k = 0; k < BULK; k++) {
			stamp at = f->now - step * (i + k + 1);

			rows[k] = (struct figure_row){
				.id = arena_printf(arena, "25-%06d", i + k),
				.department = "datacentre",
				.category = categories[(i + k) % 6],
				.reported_at = at,
				.acknowledged_at = at + 60000 + (i + k) % 977 * 1000,
				.instructed_at = at + 600000 + (i + k) % 991 * 1000,
				.instruct_due = at + 1800000,
				.responded_at = at + 1200000 + (i + k) % 983 * 1000,
				.resulted_at = at + DAY_MS,
				.result_due = at + DAY_MS,
				.decided_at = at + 2 * (int64_t)DAY_MS,
				.decide_due = at + 4 * (int64_t)DAY_MS,
				.approved_at = at + 2 * (int64_t)DAY_MS,
				.cells = "",
				.links = arena_printf(arena, "1 %lld %lld -;", (long long)at,
					(long long)at + 60000 + (i + k) % 977 * 1000),
				.readers = "",
				.hidden_from = "",
			};
		}
		assert_int_equal(store_commit(f->store, &batch), ERR_OK);
		arena_free(arena);
	}
}

static double
time_stats(struct fixture *f, const char *args)
{
	int64_t ns[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = many_now_ns();

		drop(ok(f, "auditor-1", "stats", args));
		ns[i] = many_now_ns() - start;
	}
	return many_percentile_ms(ns, ROUNDS, 0.5);
}

static double
time_scan(const struct fixture *f)
{
	int64_t ns[ROUNDS];
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = many_now_ns();

		assert_int_equal(sqlite3_exec(db,
					 "SELECT category, major, count(*), sum(changed_at - "
					 "reported_at) FROM incident GROUP BY category, major",
					 NULL, NULL, NULL),
			SQLITE_OK);
		ns[i] = many_now_ns() - start;
	}
	sqlite3_close(db);
	return many_percentile_ms(ns, ROUNDS, 0.5);
}

int
main(int argc, char **argv)
{
	int incidents = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
	int years = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 10;
	struct fixture f;
	double year;
	double all;
	double scan;

	fixture_start(&f, ON_SQLITE);
	many_fill(&f, incidents);
	fill_figures(&f, incidents, years);
	year = time_stats(&f, "{'year':2025}");
	all = time_stats(&f, "{'since':'2000-01','until':'2026-12'}");
	scan = time_scan(&f);
	printf("%d incidents in %d years\n", incidents, years);
	printf("one fiscal year, with the year before  %8.2f ms  x%.2f of the scan\n", year,
		year / scan);
	printf("all years                              %8.2f ms  x%.2f of the scan\n", all,
		all / scan);
	printf("bare scan, counts only                 %8.2f ms\n", scan);
	fixture_stop(&f);
	return EXIT_SUCCESS;
}
