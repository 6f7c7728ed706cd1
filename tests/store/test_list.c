/* SPDX-License-Identifier: MIT */
/*
 * Lists and counts of incidents over both engines, against a plain search
 * through the same rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "toban/store/sight.h"
#include "toban/base/attr.h"

#define POPULATION 400

/* A population with ties, rows without a due moment, restricted and closed rows. */
struct population {
	struct incident_row rows[POPULATION];
	char ids[POPULATION][16];
};

static const char *const people[] = { "", " ann ", " bob ", " ann bob ", " annabel " };
static const char *const departments[] = { "dc", "ga", "legal" };
static const char *const states[] = { "reported", "received", "preventing", "closed" };

/* A small generator of our own: the same rows on every machine. */
static uint32_t
roll(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % sides;
}

static void
population_row(struct population *p, size_t i, uint32_t *seed)
{
	struct incident_row *row = &p->rows[i];
	uint32_t hidden = roll(seed, 12);

	*row = fixture_incident(p->ids[i], FIXTURE_NOW + (int64_t)roll(seed, 20) * 1000);
	if (roll(seed, 4) == 0) {
		row->due_at = STAMP_NONE;
	}
	row->state = states[roll(seed, ARRAY_LEN(states))];
	row->open = strcmp(row->state, "closed") != 0;
	row->department = departments[roll(seed, ARRAY_LEN(departments))];
	row->finder = roll(seed, 3) == 0 ? "ann" : "carl";
	row->people = people[roll(seed, ARRAY_LEN(people))];
	row->hidden_from = hidden == 0 ? " ann " : hidden == 1 ? " annabel " : "";
	row->readers = hidden == 2 ? " bob carl " : "";
	row->search = roll(seed, 2) == 0 ? "停電 alpha" : "漏洩 beta alpha";
}

/* Puts every row twice, first with other keys: the second put must take all of them along. */
static struct population *
populate(struct store *store)
{
	struct population *p = calloc(1, sizeof(*p));
	struct store_batch batch;
	uint32_t seed = 4711;

	assert_non_null(p);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < POPULATION; i++) {
			(void)snprintf(p->ids[i], sizeof(p->ids[i]), "26-%04zu", i);
			population_row(p, i, &seed);
		}
		batch = (struct store_batch){ .incidents = p->rows, .n_incidents = POPULATION };
		assert_int_equal(store_commit(store, &batch), ERR_OK);
	}
	return p;
}

/* --- the plain answer ------------------------------------------------------------- */

static bool
named(const char *list, const char *person)
{
	char word[32];

	(void)snprintf(word, sizeof(word), " %s ", person);
	return strstr(list, word) != NULL;
}

static bool
may_read(const struct incident_row *row, const char *reader)
{
	if (reader == NULL) {
		return true;
	}
	return !named(row->hidden_from, reader) &&
		(row->readers[0] == '\0' || named(row->readers, reader));
}

static bool
wanted(const struct incident_row *row, const struct incident_filter *f)
{
	bool mine = f->waits_for == NULL || named(row->people, f->waits_for) ||
		(f->finder_or_waits && strcmp(row->finder, f->waits_for) == 0);
	bool due = f->due_before == 0 || (row->due_at != STAMP_NONE && row->due_at < f->due_before);

	bool open = row->open ||
		(f->or_awaits != NULL && named(row->people, f->or_awaits) &&
			row->due_at != STAMP_NONE && row->due_at < f->or_until);

	return mine && due && (!f->open_only || open) &&
		(f->department == NULL || strcmp(f->department, row->department) == 0) &&
		(f->state == NULL || strcmp(f->state, row->state) == 0) &&
		may_read(row, f->reader) &&
		(f->words == NULL || strstr(row->search, f->words) != NULL);
}

/* Whether a stands before b: due first, none last, then the higher id. */
static bool
before(const struct incident_row *a, const struct incident_row *b)
{
	if (a->due_at != b->due_at) {
		if (a->due_at == STAMP_NONE || b->due_at == STAMP_NONE) {
			return b->due_at == STAMP_NONE;
		}
		return a->due_at < b->due_at;
	}
	return strcmp(a->id, b->id) > 0;
}

static size_t
expected_count(const struct population *p, const struct incident_filter *filter)
{
	size_t n = 0;

	for (size_t i = 0; i < POPULATION; i++) {
		n += wanted(&p->rows[i], filter) ? 1 : 0;
	}
	return n;
}

/* Open ones that others may read; who is hidden from one is not told of it. */
static int64_t
expected_restricted(const struct population *p, const char *reader)
{
	char word[40];
	int64_t n = 0;

	(void)snprintf(word, sizeof(word), " %s ", reader);
	for (size_t i = 0; i < POPULATION; i++) {
		const struct incident_row *row = &p->rows[i];

		n += row->open && row->readers[0] && !strstr(row->readers, word) &&
			!strstr(row->hidden_from, word);
	}
	return n;
}

/* --- tests ----------------------------------------------------------------------------- */

/* The place of an id such as 26-0042 in the population. */
static size_t
index_of(const char *id)
{
	return (size_t)strtoul(id + strlen("26-"), NULL, 10);
}

/* Pages through the list and compares each row with the population. */
static void
check_filter(struct fixture *f, const struct population *p, struct incident_filter filter)
{
	struct incident_row last = { 0 };
	struct incident_list list;
	size_t seen = 0;

	do {
		assert_int_equal(store_incidents(f->store, f->arena, &filter, &list), ERR_OK);
		assert_true(list.n > 0 || seen == 0);
		for (size_t i = 0; i < list.n; i++) {
			const struct incident_row *row = &list.items[i];

			assert_true(wanted(&p->rows[index_of(row->id)], &filter));
			assert_string_equal(row->people, p->rows[index_of(row->id)].people);
			assert_true(seen == 0 || before(&last, row));
			last = *row;
			seen++;
		}
		filter.after_id = last.id;
		filter.after_due = last.due_at;
	} while (list.more);
	filter.after_id = NULL;
	assert_int_equal(seen, expected_count(p, &filter));
}

static void
list__every_filter__agrees_with_a_plain_search(void **state)
{
	static const struct incident_filter filters[] = {
		{ .limit = 7 },
		{ .limit = 1000 },
		{ .limit = 1, .state = "closed", .department = "ga" },
		{ .open_only = true, .limit = 7 },
		{ .open_only = true, .limit = 5, .reader = "ann" },
		{ .open_only = true, .limit = 5, .reader = "bob", .department = "dc" },
		{ .open_only = true,
			.limit = 5,
			.reader = "bob",
			.or_awaits = "bob",
			.or_until = FIXTURE_NOW + 9000 },
		{ .open_only = true,
			.limit = 4,
			.reader = "ann",
			.or_awaits = "ann",
			.or_until = INT64_MAX,
			.waits_for = "ann" },
		{ .open_only = true,
			.limit = 3,
			.reader = "ann",
			.or_awaits = "ann",
			.or_until = FIXTURE_NOW + 5000,
			.department = "dc",
			.due_before = FIXTURE_NOW + 8000 },
		{ .limit = 9, .department = "legal" },
		{ .limit = 9, .state = "preventing" },
		{ .limit = 4, .waits_for = "ann", .open_only = true },
		{ .limit = 4, .waits_for = "ann", .reader = "ann" },
		{ .limit = 3, .waits_for = "ann", .finder_or_waits = true },
		{ .limit = 3,
			.waits_for = "ann",
			.finder_or_waits = true,
			.open_only = true,
			.reader = "ann" },
		{ .limit = 6, .due_before = FIXTURE_NOW + 5000 },
		{ .limit = 6,
			.due_before = FIXTURE_NOW + 5000,
			.open_only = true,
			.waits_for = "bob" },
		{ .limit = 6, .words = "beta" },
		{ .limit = 6, .words = "漏洩", .open_only = true, .reader = "annabel" },
		{ .limit = 6, .words = "gamma" },
		{ .limit = 6, .waits_for = "nobody" },
	};
	struct fixture *f = *state;
	struct population *p = populate(f->store);

	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		check_filter(f, p, filters[i]);
	}
	free(p);
}

static void
list__after_a_row_that_is_gone__goes_on_behind_its_place(void **state)
{
	struct fixture *f = *state;
	struct incident_row rows[] = { fixture_incident("26-0001", FIXTURE_NOW),
		fixture_incident("26-0002", FIXTURE_NOW + 1),
		fixture_incident("26-0003", STAMP_NONE) };
	struct store_batch batch = { .incidents = rows, .n_incidents = ARRAY_LEN(rows) };
	struct incident_filter filter = {
		.limit = 10, .after_due = FIXTURE_NOW, .after_id = "26-0000"
	};
	struct incident_list list;

	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_incidents(f->store, f->arena, &filter, &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].id, "26-0002");
	assert_false(list.more);
}

static void
list__several_words__must_all_occur(void **state)
{
	struct fixture *f = *state;
	struct incident_row row = fixture_incident("26-0001", FIXTURE_NOW);
	struct incident_filter filter = { .limit = 10, .words = " cut 停電  2号 " };
	struct incident_list list;

	assert_int_equal(fixture_commit_incident(f->store, &row), ERR_OK);
	assert_int_equal(store_incidents(f->store, f->arena, &filter, &list), ERR_OK);
	assert_int_equal(list.n, 1);
	filter.words = "cut 火事";
	assert_int_equal(store_incidents(f->store, f->arena, &filter, &list), ERR_OK);
	assert_int_equal(list.n, 0);
}

static void
incident__put_again__replaces_the_row(void **state)
{
	struct fixture *f = *state;
	struct incident_row row = fixture_incident("26-0001", FIXTURE_NOW);
	struct incident_row got;
	struct store_sight sight;

	assert_int_equal(fixture_commit_incident(f->store, &row), ERR_OK);
	row.title = "changed";
	row.drill = true;
	row.confidential = true;
	row.last_seq = 9;
	row.reported_at = STAMP_NONE;
	assert_int_equal(fixture_commit_incident(f->store, &row), ERR_OK);
	assert_int_equal(store_incident(f->store, f->arena, "26-0001", &got), ERR_OK);
	assert_string_equal(got.title, "changed");
	assert_true(got.drill);
	assert_true(got.confidential);
	assert_int_equal(got.last_seq, 9);
	assert_true(got.reported_at == STAMP_NONE);
	assert_int_equal(store_incident(f->store, f->arena, "26-0002", &got), ERR_NOT_FOUND);
	assert_int_equal(store_incident(f->store, f->arena, "26-0001", &got), ERR_OK);
	assert_int_equal(store_sight(f->store, f->arena, "26-0001", &sight), ERR_OK);
	assert_string_equal(sight.readers, got.readers);
	assert_string_equal(sight.hidden_from, got.hidden_from);
	assert_int_equal(store_sight(f->store, f->arena, "26-0002", &sight), ERR_NOT_FOUND);
}

static void
incidents_by_id__pages__give_every_row_once(void **state)
{
	struct fixture *f = *state;
	struct population *p = populate(f->store);
	struct incident_list list;
	const char *after = "";
	size_t seen = 0;

	do {
		assert_int_equal(
			store_incidents_by_id(f->store, f->arena, after, 33, &list), ERR_OK);
		for (size_t i = 0; i < list.n; i++) {
			assert_string_equal(list.items[i].id, p->ids[seen]);
			seen++;
		}
		after = list.items[list.n - 1].id;
	} while (list.more);
	assert_int_equal(seen, POPULATION);
	free(p);
}

static void
check_counts(struct fixture *f, const struct population *p, stamp now)
{
	static const char *const readers[] = { "ann", "bob", "annabel", "carl", "nobody" };

	for (size_t r = 0; r < ARRAY_LEN(readers); r++) {
		struct incident_filter all = { .open_only = true, .reader = readers[r] };
		struct incident_filter mine = all;
		struct incident_filter department = all;
		struct incident_filter overdue = all;
		struct board_counts counts;

		/* What waits for the person and is due counts, be the case closed or not. */
		mine.waits_for = readers[r];
		mine.or_awaits = readers[r];
		mine.or_until = now + CLOSED_AHEAD_MS;
		overdue.or_awaits = readers[r];
		overdue.or_until = now;
		department.department = "ga";
		overdue.due_before = now;
		assert_int_equal(
			store_counts(f->store, &(struct count_want){ readers[r], NULL, "ga", now },
				&counts),
			ERR_OK);
		assert_int_equal(counts.open, expected_count(p, &all));
		assert_int_equal(counts.mine, expected_count(p, &mine));
		assert_int_equal(counts.department, expected_count(p, &department));
		assert_int_equal(counts.overdue, expected_count(p, &overdue));
		assert_int_equal(counts.restricted, expected_restricted(p, readers[r]));
	}
}

static void
counts__every_reader__agree_with_a_plain_count(void **state)
{
	struct fixture *f = *state;
	struct population *p = populate(f->store);
	struct ledger_problems problems = { .arena = f->arena };

	check_counts(f, p, FIXTURE_NOW + 8000);
	/* Some of the closed ones come back to the board only later. */
	check_counts(f, p, FIXTURE_NOW + 8000 - CLOSED_AHEAD_MS);
	assert_int_equal(store_check(f->store, &problems), ERR_OK);
	assert_int_equal(problems.n, 0);
	free(p);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(list__every_filter__agrees_with_a_plain_search),
		cmocka_unit_test(list__after_a_row_that_is_gone__goes_on_behind_its_place),
		cmocka_unit_test(list__several_words__must_all_occur),
		cmocka_unit_test(incident__put_again__replaces_the_row),
		cmocka_unit_test(incidents_by_id__pages__give_every_row_once),
		cmocka_unit_test(counts__every_reader__agree_with_a_plain_count),
	};

	return fixture_run_both("list", tests, ARRAY_LEN(tests));
}
