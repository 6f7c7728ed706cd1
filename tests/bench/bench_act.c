/* SPDX-License-Identifier: MIT */
/*
 * What a step and a board page cost through the door, with many incidents in
 * the file, beside a bare SQLite commit of the same bytes in the same run.
 *
 *     bench_act [INCIDENTS [ROUNDS]]
 *
 * Aim: p50 of a durable step at most 2 x the bare commit + 0.3 ms.
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

#define WARM 20

/* --- the bare commit ------------------------------------------------------------------ */

struct bare {
	sqlite3 *db;
	sqlite3_stmt *insert;
	char path[128];
};

static void
bare_open(struct bare *bare, const struct fixture *f)
{
	snprintf(bare->path, sizeof(bare->path), "%s/bare.db", f->dir);
	assert_int_equal(sqlite3_open(bare->path, &bare->db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(bare->db,
				 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
				 "CREATE TABLE t (n INTEGER PRIMARY KEY, body BLOB NOT NULL)",
				 NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(bare->db, "INSERT INTO t (body) VALUES (?1)", -1,
				 &bare->insert, NULL),
		SQLITE_OK);
}

static void
bare_commit(struct bare *bare, const char *bytes, int len)
{
	assert_int_equal(sqlite3_exec(bare->db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_bind_blob(bare->insert, 1, bytes, len, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(bare->insert), SQLITE_DONE);
	sqlite3_reset(bare->insert);
	assert_int_equal(sqlite3_exec(bare->db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
}

/* The bytes of one entry with its summary row: what a step has to put on disk. */
static int
step_bytes(struct fixture *f, const char *id)
{
	struct event_list events = { NULL, 0 };
	struct incident_row row;

	assert_int_equal(store_subject(f->store, f->arena, id, &events), ERR_OK);
	assert_int_equal(store_incident(f->store, f->arena, id, &row), ERR_OK);
	return (int)(strlen(events.items[events.n - 1].body) + strlen(row.search) +
		strlen(row.waiting) + strlen(row.people) + strlen(row.title) + 300);
}

/* --- measuring ------------------------------------------------------------------------ */

static void
measure_act(struct fixture *f, size_t rounds)
{
	int64_t *door_ns = calloc(rounds, sizeof(*door_ns));
	int64_t *bare_ns = calloc(rounds, sizeof(*bare_ns));
	char *bytes = calloc(1, 1 << 20);
	struct door door = fixture_door(f, "dc-owner");
	struct bare bare;
	double ours;
	double limit;

	bare_open(&bare, f);
	for (size_t i = 0; i < rounds + WARM; i++) {
		char *id = report(f);
		json_t *args = json_pack("{s:s, s:s, s:{s:s}}", "id", id, "step", "note", "fields",
			"text", "Both breakers are back.");
		json_t *answer = NULL;
		json_t *error = NULL;
		int64_t t0 = many_now_ns();
		int64_t t1;
		int len;

		assert_int_equal(
			door.call(door.ctx, "incident.act", args, &answer, &error), ERR_OK);
		t1 = many_now_ns();
		len = step_bytes(f, id);
		if (i >= WARM) {
			door_ns[i - WARM] = t1 - t0;
			t0 = many_now_ns();
			bare_commit(&bare, bytes, len);
			bare_ns[i - WARM] = many_now_ns() - t0;
		}
		json_decref(answer);
		json_decref(args);
		free(id);
	}
	ours = many_percentile_ms(door_ns, rounds, 0.5);
	limit = many_percentile_ms(bare_ns, rounds, 0.5);
	printf("incident.act  p50 %.3f ms  p99 %.3f ms\n", ours,
		many_percentile_ms(door_ns, rounds, 0.99));
	printf("bare commit   p50 %.3f ms  p99 %.3f ms\n", limit,
		many_percentile_ms(bare_ns, rounds, 0.99));
	printf("ratio %.2f  difference %.3f ms  aim (2 x bare + 0.3 ms) %.3f ms: %s\n",
		ours / limit, ours - limit, 2 * limit + 0.3,
		ours <= 2 * limit + 0.3 ? "met" : "MISSED");
	desk_door_free(&door);
	sqlite3_finalize(bare.insert);
	sqlite3_close(bare.db);
	free(bytes);
	free(door_ns);
	free(bare_ns);
}

static void
measure_read(
	struct fixture *f, const char *what, const char *method, const char *args, size_t rounds)
{
	int64_t *ns = calloc(rounds, sizeof(*ns));
	struct door door = fixture_door(f, "dc-owner");
	json_t *json = doc(args);

	for (size_t i = 0; i < rounds; i++) {
		json_t *answer = NULL;
		json_t *error = NULL;
		int64_t t0 = many_now_ns();

		assert_int_equal(door.call(door.ctx, method, json, &answer, &error), ERR_OK);
		ns[i] = many_now_ns() - t0;
		json_decref(answer);
	}
	printf("%-13s p50 %.3f ms  p99 %.3f ms\n", what, many_percentile_ms(ns, rounds, 0.5),
		many_percentile_ms(ns, rounds, 0.99));
	json_decref(json);
	desk_door_free(&door);
	free(ns);
}

/* A case that went on for weeks: every step reads and folds all of it. */
static void
measure_long(struct fixture *f, size_t entries)
{
	int64_t *ns = calloc(entries, sizeof(*ns));
	struct door door = fixture_door(f, "dc-owner");
	char *id = report(f);
	size_t tail = entries / 5;

	for (size_t i = 0; i < entries; i++) {
		json_t *args = json_pack("{s:s, s:s, s:{s:s}}", "id", id, "step", "note", "fields",
			"text", "Both breakers are back.");
		json_t *answer = NULL;
		json_t *error = NULL;
		int64_t t0 = many_now_ns();

		assert_int_equal(
			door.call(door.ctx, "incident.act", args, &answer, &error), ERR_OK);
		ns[i] = many_now_ns() - t0;
		json_decref(answer);
		json_decref(args);
	}
	printf("act at %zu-%zu entries  p50 %.3f ms\n", entries - tail, entries,
		many_percentile_ms(ns + entries - tail, tail, 0.5));
	desk_door_free(&door);
	free(id);
	free(ns);
}

int
main(int argc, char **argv)
{
	int incidents = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
	size_t rounds = argc > 2 ? (size_t)strtol(argv[2], NULL, 10) : 300;
	struct fixture f;

	fixture_start(&f, ON_SQLITE);
	many_fill(&f, incidents);
	printf("%d incidents in the file, %zu rounds\n", incidents, rounds);
	measure_act(&f, rounds);
	measure_long(&f, 500);
	measure_read(&f, "board page", "incident.list", "{'open':true}", rounds);
	measure_read(&f, "mine", "incident.list", "{'mine':true}", rounds);
	measure_read(&f, "counts", "incident.counts", "{}", rounds);
	measure_read(&f, "show", "incident.show", "{'id':'26-0001'}", rounds);
	measure_read(&f, "steps", "incident.steps", "{'id':'26-0001'}", rounds);
	fixture_stop(&f);
	return 0;
}
