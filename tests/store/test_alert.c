/* SPDX-License-Identifier: MIT */
/*
 * Alerts, over both engines: one open row for each thing, and no lost count.
 */
#include <string.h>

#include "fixture.h"
#include "toban/base/attr.h"

static struct alert_put
alert_new(int64_t num, const char *key)
{
	return (struct alert_put){ .row = {
					   .num = num,
					   .source = "json",
					   .key = key,
					   .title = "Humidity",
					   .body = "{}",
					   .state = "open",
					   .incident = "",
					   .firing = true,
					   .times = 1,
					   .first_at = FIXTURE_NOW,
					   .last_at = FIXTURE_NOW,
					   .last_seq = num,
				   } };
}

static enum err
put(struct fixture *f, const struct alert_put *alerts, size_t n)
{
	struct store_batch batch = { .alerts = alerts, .n_alerts = n };

	return store_commit(f->store, &batch);
}

/* The same row, received once more. */
static struct alert_put
once_more(const struct alert_row *row)
{
	struct alert_put again = { *row, row->last_seq, row->times };

	again.row.times++;
	again.row.last_at++;
	return again;
}

static struct alert_row
row_of(struct fixture *f, int64_t num)
{
	struct alert_row row;

	assert_int_equal(store_alert(f->store, f->arena, num, &row), ERR_OK);
	return row;
}

static void
alert__put__is_found_by_number_and_by_what_it_is_about(void **state)
{
	struct fixture *f = *state;
	struct alert_put alerts[] = { alert_new(1, "a"), alert_new(2, "b") };
	struct alert_row row;

	assert_int_equal(put(f, alerts, 2), ERR_OK);
	row = row_of(f, 2);
	assert_string_equal(row.key, "b");
	assert_string_equal(row.title, "Humidity");
	assert_true(row.firing);
	assert_int_equal(row.first_at, FIXTURE_NOW);
	assert_int_equal(store_alert_of_key(f->store, f->arena, "json", "a", &row), ERR_OK);
	assert_int_equal(row.num, 1);
	assert_int_equal(
		store_alert_of_key(f->store, f->arena, "zabbix", "a", &row), ERR_NOT_FOUND);
	assert_int_equal(store_alert(f->store, f->arena, 3, &row), ERR_NOT_FOUND);
}

static void
alert__second_open_one_of_a_thing__is_a_conflict(void **state)
{
	struct fixture *f = *state;
	struct alert_put first = alert_new(1, "a");
	struct alert_put second[] = { alert_new(2, "b"), alert_new(3, "a") };
	struct alert_put judged;
	struct alert_row row;

	assert_int_equal(put(f, &first, 1), ERR_OK);
	assert_int_equal(put(f, second, 2), ERR_CONFLICT);
	assert_int_equal(store_alert(f->store, f->arena, 2, &row), ERR_NOT_FOUND);
	judged = once_more(&first.row);
	judged.row.state = "dismissed";
	assert_int_equal(put(f, &judged, 1), ERR_OK);
	assert_int_equal(put(f, second, 2), ERR_OK);
	assert_int_equal(store_alert_of_key(f->store, f->arena, "json", "a", &row), ERR_OK);
	assert_int_equal(row.num, 3);
}

static void
alert__count_of_another__is_not_written_over(void **state)
{
	struct fixture *f = *state;
	struct alert_put first = alert_new(1, "a");
	struct alert_put one;
	struct alert_put other;

	assert_int_equal(put(f, &first, 1), ERR_OK);
	one = once_more(&first.row);
	other = once_more(&first.row);
	assert_int_equal(put(f, &one, 1), ERR_OK);
	assert_int_equal(put(f, &other, 1), ERR_CONFLICT);
	other = once_more(&one.row);
	assert_int_equal(put(f, &other, 1), ERR_OK);
	assert_int_equal(row_of(f, 1).times, 3);
	assert_int_equal(row_of(f, 1).last_at, FIXTURE_NOW + 2);
}

static void
alert__conflict__takes_the_entry_back_too(void **state)
{
	struct fixture *f = *state;
	struct alert_put first = alert_new(1, "a");
	struct alert_put again = once_more(&first.row);
	struct event event = fixture_event("e", "A-1", 1);
	struct store_batch batch = {
		.events = &event, .n_events = 1, .alerts = &again, .n_alerts = 1
	};
	struct event found;

	again.was_times = 7;
	assert_int_equal(put(f, &first, 1), ERR_OK);
	assert_int_equal(store_commit(f->store, &batch), ERR_CONFLICT);
	assert_int_equal(store_event_by_id(f->store, f->arena, "e", &found), ERR_NOT_FOUND);
}

/* 1..6; the even ones linked with 26-0001, 5 dismissed, the rest open, 1 over. */
static void
put_six(struct fixture *f)
{
	static const char *const keys[] = { "a", "b", "c", "d", "e", "f" };

	for (int64_t i = 1; i <= 6; i++) {
		struct alert_put alert = alert_new(i, keys[i - 1]);

		alert.row.state = i == 5 ? "dismissed" : i % 2 ? "open" : "linked";
		alert.row.incident = i % 2 ? "" : "26-0001";
		alert.row.firing = i != 1;
		assert_int_equal(put(f, &alert, 1), ERR_OK);
	}
}

static void
alerts__lists__page_by_number(void **state)
{
	static const struct {
		struct alert_filter filter;
		int64_t nums[4];
		size_t n;
		bool more;
	} rows[] = {
		{ { .limit = 2 }, { 6, 5 }, 2, true },
		{ { .limit = 2, .before = 3 }, { 2, 1 }, 2, false },
		{ { .limit = 4, .state = "open" }, { 3, 1 }, 2, false },
		{ { .limit = 1, .state = "linked", .before = 6 }, { 4 }, 1, true },
		{ { .limit = 2, .incident = "26-0001" }, { 2, 4 }, 2, true },
		{ { .limit = 2, .incident = "26-0001", .after = 4 }, { 6 }, 1, false },
		{ { .limit = 4, .incident = "" }, { 0 }, 0, false },
		{ { .limit = 3, .oldest_first = true, .after = 4 }, { 5, 6 }, 2, false },
	};
	struct fixture *f = *state;

	put_six(f);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct alert_list list;

		assert_int_equal(store_alerts(f->store, f->arena, &rows[i].filter, &list), ERR_OK);
		assert_int_equal(list.n, rows[i].n);
		assert_int_equal(list.more, rows[i].more);
		for (size_t k = 0; k < list.n; k++) {
			assert_int_equal(list.items[k].num, rows[i].nums[k]);
		}
	}
}

static void
alerts__counts__what_nobody_judged(void **state)
{
	struct fixture *f = *state;
	struct alert_counts counts;

	assert_int_equal(store_alert_counts(f->store, &counts), ERR_OK);
	assert_int_equal(counts.open, 0);
	put_six(f);
	assert_int_equal(store_alert_counts(f->store, &counts), ERR_OK);
	assert_int_equal(counts.open, 2);
	assert_int_equal(counts.firing, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alert__put__is_found_by_number_and_by_what_it_is_about),
		cmocka_unit_test(alert__second_open_one_of_a_thing__is_a_conflict),
		cmocka_unit_test(alert__count_of_another__is_not_written_over),
		cmocka_unit_test(alert__conflict__takes_the_entry_back_too),
		cmocka_unit_test(alerts__lists__page_by_number),
		cmocka_unit_test(alerts__counts__what_nobody_judged),
	};

	return fixture_run_both("alert", tests, ARRAY_LEN(tests));
}
