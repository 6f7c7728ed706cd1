/* SPDX-License-Identifier: MIT */
/*
 * Filling a desk with many incidents, and reading the clock.
 */
#include "many.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "toban/base/hash.h"

#define BULK 1000 /* incidents put in by one commit */

int64_t
many_now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t
many_used_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

double
many_percentile_ms(int64_t *ns, size_t n, double p)
{
	qsort(ns, n, sizeof(*ns), by_value);
	return (double)ns[(size_t)((double)(n - 1) * p)] / 1e6;
}

/* --- filling: real entries of one real report, over and over ------------------------- */

static void
fill_bulk(struct fixture *f, const struct event *pattern, const struct incident_row *row, int from)
{
	static struct event events[BULK];
	static struct incident_row rows[BULK];
	struct arena *arena = arena_new();
	struct store_batch batch = {
		.events = events, .n_events = BULK, .incidents = rows, .n_incidents = BULK
	};

	for (int i = 0; i < BULK; i++) {
		char id[NEW_ID_SIZE];

		random_id(f->now, id);
		events[i] = *pattern;
		events[i].id = arena_strdup(arena, id);
		events[i].subject = arena_printf(arena, "25-%04d", from + i);
		rows[i] = *row;
		rows[i].id = events[i].subject;
		rows[i].due_at = row->due_at + (from + i) * INT64_C(1000);
		rows[i].open = (from + i) % 20 == 0; /* one in twenty is still open */
		if (!rows[i].open) {
			rows[i].waiting = "[]";
			rows[i].people = " "; /* what is over waits for nobody */
		}
	}
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	arena_free(arena);
}

void
many_stand(const struct fixture *f)
{
	char now[24];

	(void)snprintf(now, sizeof(now), "%lld", (long long)(f->now / 1000));
	(void)setenv("TOBAN_NOW", now, 1);
}

void
many_fill(struct fixture *f, int incidents)
{
	struct event_list events = { NULL, 0 };
	struct incident_row row;
	char *id = report(f);

	assert_int_equal(store_subject(f->store, f->arena, id, &events), ERR_OK);
	assert_int_equal(store_incident(f->store, f->arena, id, &row), ERR_OK);
	for (int i = 0; i < incidents; i += BULK) {
		fill_bulk(f, &events.items[0], &row, i);
	}
	free(id);
}
