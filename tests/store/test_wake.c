/* SPDX-License-Identifier: MIT */
/*
 * What the desk must look at by itself, and what its engine remembers, over
 * both engines.
 */
#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/store/wake.h"

static void
put(struct store *store, const char *id, stamp wake_at)
{
	struct incident_row row = fixture_incident(id, STAMP_NONE);

	row.wake_at = wake_at;
	assert_int_equal(fixture_commit_incident(store, &row), ERR_OK);
}

/* The ids due at `now`, each followed by a blank. */
static void
assert_due(struct fixture *f, stamp now, size_t limit, const char *expected)
{
	struct wake_list list = { NULL, 0 };
	char found[200] = "";
	size_t len = 0;

	assert_int_equal(store_due_incidents(f->store, f->arena, now, limit, &list), ERR_OK);
	for (size_t i = 0; i < list.n; i++) {
		assert_true(list.items[i].at <= now);
		len += (size_t)snprintf(found + len, sizeof(found) - len, "%s ", list.items[i].id);
		assert_in_range(len, 1, sizeof(found) - 1);
	}
	assert_string_equal(found, expected);
}

static void
assert_next(struct fixture *f, stamp expected)
{
	stamp next = 7;

	assert_int_equal(store_next_wake(f->store, &next), ERR_OK);
	assert_true(next == expected);
}

static void
due_incidents__at_a_moment__come_in_order_of_their_turn(void **state)
{
	struct fixture *f = *state;

	put(f->store, "26-0001", FIXTURE_NOW + 30);
	put(f->store, "26-0002", FIXTURE_NOW + 10);
	put(f->store, "26-0003", STAMP_NONE);
	put(f->store, "26-0005", FIXTURE_NOW + 20);
	put(f->store, "26-0004", FIXTURE_NOW + 20);
	assert_due(f, FIXTURE_NOW + 9, 10, "");
	assert_due(f, FIXTURE_NOW + 10, 10, "26-0002 ");
	assert_due(f, FIXTURE_NOW + 29, 10, "26-0002 26-0004 26-0005 ");
	assert_due(f, FIXTURE_NOW + 99, 10, "26-0002 26-0004 26-0005 26-0001 ");
	assert_due(f, FIXTURE_NOW + 99, 2, "26-0002 26-0004 ");
}

static void
next_wake__follows_each_commit(void **state)
{
	struct fixture *f = *state;

	assert_next(f, STAMP_NONE);
	put(f->store, "26-0001", STAMP_NONE);
	assert_next(f, STAMP_NONE);
	put(f->store, "26-0001", FIXTURE_NOW + 5);
	put(f->store, "26-0002", FIXTURE_NOW + 7);
	assert_next(f, FIXTURE_NOW + 5);
	put(f->store, "26-0001", FIXTURE_NOW + 9);
	assert_next(f, FIXTURE_NOW + 7);
	put(f->store, "26-0002", STAMP_NONE);
	put(f->store, "26-0001", STAMP_NONE);
	assert_next(f, STAMP_NONE);
}

/* A clock that was wrong may have given a time before 1970. */
static void
wake__before_1970__is_a_time_like_any_other(void **state)
{
	struct fixture *f = *state;

	put(f->store, "26-0001", -5);
	assert_next(f, -5);
	assert_due(f, -6, 10, "");
	assert_due(f, 0, 10, "26-0001 ");
}

static void
incident__read_again__tells_its_wake(void **state)
{
	struct fixture *f = *state;
	struct incident_list list = { NULL, 0, false };
	struct incident_row row;

	put(f->store, "26-0001", FIXTURE_NOW);
	put(f->store, "26-0002", STAMP_NONE);
	assert_int_equal(store_incident(f->store, f->arena, "26-0001", &row), ERR_OK);
	assert_true(row.wake_at == FIXTURE_NOW);
	assert_int_equal(store_incidents_by_id(f->store, f->arena, "", 10, &list), ERR_OK);
	assert_true(list.items[0].wake_at == FIXTURE_NOW);
	assert_true(list.items[1].wake_at == STAMP_NONE);
}

static void
assert_value(struct fixture *f, const char *name, const char *expected)
{
	const char *value = NULL;
	enum err e = store_engine_get(f->store, f->arena, name, &value);

	if (expected == NULL) {
		assert_int_equal(e, ERR_NOT_FOUND);
		assert_null(value);
		return;
	}
	assert_int_equal(e, ERR_OK);
	assert_string_equal(value, expected);
}

static void
engine_value__put__is_replaced_and_forgotten(void **state)
{
	struct fixture *f = *state;

	assert_value(f, "holder", NULL);
	assert_int_equal(store_engine_put(f->store, "holder", NULL), ERR_OK);
	assert_int_equal(store_engine_put(f->store, "holder", "1"), ERR_OK);
	assert_int_equal(store_engine_put(f->store, "clock", "x"), ERR_OK);
	assert_int_equal(store_engine_put(f->store, "holder", "2"), ERR_OK);
	assert_value(f, "holder", "2");
	assert_value(f, "clock", "x");
	assert_int_equal(store_engine_put(f->store, "holder", NULL), ERR_OK);
	assert_value(f, "holder", NULL);
	assert_value(f, "clock", "x");
}

static void
wake__after_a_reopening__is_still_there(void **state)
{
	struct fixture *f = *state;

	put(f->store, "26-0001", FIXTURE_NOW);
	assert_int_equal(store_engine_put(f->store, "clock", "x"), ERR_OK);
	fixture_reopen(f);
	assert_next(f, FIXTURE_NOW);
	assert_value(f, "clock", "x");
}

int
main(void)
{
	static const struct CMUnitTest both[] = {
		cmocka_unit_test(due_incidents__at_a_moment__come_in_order_of_their_turn),
		cmocka_unit_test(next_wake__follows_each_commit),
		cmocka_unit_test(wake__before_1970__is_a_time_like_any_other),
		cmocka_unit_test(incident__read_again__tells_its_wake),
		cmocka_unit_test(engine_value__put__is_replaced_and_forgotten),
	};
	static const struct CMUnitTest sqlite[] = {
		cmocka_unit_test(wake__after_a_reopening__is_still_there),
	};

	return fixture_run_both("wake", both, ARRAY_LEN(both)) +
		fixture_run_sqlite("wake", sqlite, ARRAY_LEN(sqlite));
}
