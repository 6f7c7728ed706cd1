/* SPDX-License-Identifier: MIT */
/* The plan of attempts: what follows each outcome, and when it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/notify/notify.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

#define CREATED (INT64_C(1800000000) * SECOND)

static struct outbox_row
row_new(bool urgent)
{
	return (struct outbox_row){
		.id = "msg_1",
		.urgent = urgent,
		.created_at = CREATED,
		.next_at = CREATED,
		.state = "waiting",
		.last_answer = "",
	};
}

static struct attempt
attempt_of(int status)
{
	return (struct attempt){ .status = status, .retry_after_ms = -1, .answer = "no" };
}

static void
plan__judge__wants_no_error_and_2xx(void **state)
{
	static const struct {
		enum err transport;
		int status;
		enum delivery expected;
	} rows[] = {
		{ ERR_OK, 200, DELIVERED },
		{ ERR_OK, 202, DELIVERED },
		{ ERR_OK, 204, DELIVERED },
		{ ERR_OK, 299, DELIVERED },
		{ ERR_OK, 199, DELIVERY_RETRY },
		{ ERR_OK, 300, DELIVERY_RETRY },
		{ ERR_OK, 301, DELIVERY_RETRY },
		{ ERR_OK, 404, DELIVERY_RETRY },
		{ ERR_OK, 429, DELIVERY_RETRY },
		{ ERR_OK, 500, DELIVERY_RETRY },
		{ ERR_OK, 0, DELIVERY_RETRY },
		{ ERR_OK, 410, DELIVERY_STOP },
		{ ERR_IO, 200, DELIVERY_RETRY },
		{ ERR_IO, 410, DELIVERY_RETRY },
		{ ERR_DENIED, 0, DELIVERY_RETRY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct attempt attempt = attempt_of(rows[i].status);

		attempt.transport = rows[i].transport;
		assert_int_equal(attempt_judge(&attempt), rows[i].expected);
	}
}

static void
plan__row__is_sent_on_2xx(void **state)
{
	struct outbox_row row = row_new(false);
	struct attempt attempt = attempt_of(204);

	(void)state;
	outbox_plan(&row, &attempt, CREATED + 5, 0.5);
	assert_string_equal(row.state, "sent");
	assert_true(row.next_at == STAMP_NONE);
	assert_int_equal(row.attempts, 1);
	assert_int_equal(row.last_status, 204);
	assert_true(row.changed_at == CREATED + 5);
}

static void
plan__row__is_stopped_by_410(void **state)
{
	struct outbox_row row = row_new(true);
	struct attempt attempt = attempt_of(410);

	(void)state;
	outbox_plan(&row, &attempt, CREATED, 0.5);
	assert_string_equal(row.state, "stopped");
	assert_true(row.next_at == STAMP_NONE);
}

/* Walks the whole plan of a receiver that never answers well. */
static int
walk(struct outbox_row *row, double jitter, int64_t *delays, int most)
{
	struct attempt attempt = attempt_of(500);
	stamp now = row->created_at;
	int n = 0;

	while (n < most) {
		outbox_plan(row, &attempt, now, jitter);
		if (strcmp(row->state, "waiting") != 0) {
			return n;
		}
		delays[n++] = row->next_at - now;
		now = row->next_at;
	}
	return n;
}

static void
plan__ordinary__grows_for_a_day_then_dies(void **state)
{
	static const int64_t expected[] = { 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE,
		1 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR, 6 * HOUR };
	static const double jitters[] = { 0.0, 0.5, 1.0 };
	int64_t delays[64];

	(void)state;
	for (size_t j = 0; j < ARRAY_LEN(jitters); j++) {
		struct outbox_row row = row_new(false);
		int n = walk(&row, jitters[j], delays, ARRAY_LEN(delays));
		int64_t total = 0;

		assert_in_range(n, 9, 11);
		for (int i = 0; i < n; i++) {
			total += delays[i];
		}
		for (size_t i = 0; i < 8; i++) {
			int64_t off = llabs(delays[i] - expected[i]);

			assert_true(off * 10 <= expected[i]); /* a tenth either way */
		}
		assert_true(total == 24 * HOUR); /* the last attempt ends the day */
		assert_string_equal(row.state, "dead");
		assert_true(row.next_at == STAMP_NONE);
	}
}

static void
plan__urgent__repeats_each_minute_for_half_an_hour(void **state)
{
	struct outbox_row row = row_new(true);
	int64_t delays[128];
	int n = walk(&row, 0.5, delays, ARRAY_LEN(delays));
	int64_t total = 0;

	(void)state;
	for (int i = 0; i < 30; i++) {
		assert_true(delays[i] == MINUTE);
	}
	assert_true(delays[30] == 2 * MINUTE);
	assert_true(delays[31] == 10 * MINUTE);
	assert_true(delays[32] == 1 * HOUR);
	for (int i = 0; i < n; i++) {
		total += delays[i];
	}
	assert_true(total == 24 * HOUR);
	assert_string_equal(row.state, "dead");
}

static void
plan__old_row__is_not_given_up_untried(void **state)
{
	struct outbox_row row = row_new(false);
	struct attempt attempt = attempt_of(500);
	stamp now = CREATED + 50 * HOUR; /* the desk was closed for two days */

	(void)state;
	for (int i = 0; i < 7; i++) {
		outbox_plan(&row, &attempt, now, 0.5);
		assert_string_equal(row.state, "waiting");
		assert_true(row.next_at > now);
		now = row.next_at;
	}
	outbox_plan(&row, &attempt, now, 0.5);
	assert_string_equal(row.state, "dead");
}

static void
plan__clock_set_back__still_waits_its_step(void **state)
{
	struct outbox_row row = row_new(false);
	struct attempt attempt = attempt_of(500);
	stamp now = CREATED - 1000 * HOUR;

	(void)state;
	outbox_plan(&row, &attempt, now, 0.5);
	assert_string_equal(row.state, "waiting");
	assert_true(row.next_at == now + 5 * SECOND);
}

static void
plan__retry_after__is_honoured_within_bounds(void **state)
{
	static const struct {
		int status;
		bool urgent;
		int64_t retry_after_ms;
		int64_t expected;
	} rows[] = {
		{ 429, false, 7 * SECOND, 7 * SECOND },
		{ 429, false, 0, 1 * SECOND },
		{ 429, false, 3650 * 24 * HOUR, 10 * SECOND }, /* twice the plan's 5 s */
		{ 429, false, -1, 5 * SECOND },
		{ 503, false, 8 * SECOND, 8 * SECOND },
		{ 500, false, 8 * SECOND, 5 * SECOND }, /* has no meaning there */
		{ 429, true, 90 * SECOND, 90 * SECOND },
		{ 429, true, 24 * HOUR, 2 * MINUTE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct outbox_row row = row_new(rows[i].urgent);
		struct attempt attempt = attempt_of(rows[i].status);

		attempt.retry_after_ms = rows[i].retry_after_ms;
		outbox_plan(&row, &attempt, CREATED, 0.5);
		assert_true(row.next_at == CREATED + rows[i].expected);
	}
}

static void
plan__retry_after__of_a_broken_exchange_is_ignored(void **state)
{
	struct outbox_row row = row_new(false);
	struct attempt attempt = attempt_of(429);

	(void)state;
	attempt.transport = ERR_IO;
	attempt.retry_after_ms = 9 * SECOND;
	outbox_plan(&row, &attempt, CREATED, 0.5);
	assert_true(row.next_at == CREATED + 5 * SECOND);
}

static void
plan__wait__for_a_secret_counts_no_attempt(void **state)
{
	struct outbox_row row = row_new(false);
	stamp now = CREATED;

	(void)state;
	for (int i = 0; i < 10000; i++) { /* for longer than a day */
		assert_int_equal(outbox_wait(&row, "no secret", now), i == 0);
		assert_string_equal(row.state, "waiting");
		assert_string_equal(row.last_answer, "no secret");
		assert_int_equal(row.attempts, 0);
		assert_true(row.changed_at == CREATED);
		assert_true(row.next_at > now && row.next_at <= now + 60 * SECOND);
		now = row.next_at;
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plan__judge__wants_no_error_and_2xx),
		cmocka_unit_test(plan__row__is_sent_on_2xx),
		cmocka_unit_test(plan__row__is_stopped_by_410),
		cmocka_unit_test(plan__ordinary__grows_for_a_day_then_dies),
		cmocka_unit_test(plan__urgent__repeats_each_minute_for_half_an_hour),
		cmocka_unit_test(plan__old_row__is_not_given_up_untried),
		cmocka_unit_test(plan__clock_set_back__still_waits_its_step),
		cmocka_unit_test(plan__retry_after__is_honoured_within_bounds),
		cmocka_unit_test(plan__retry_after__of_a_broken_exchange_is_ignored),
		cmocka_unit_test(plan__wait__for_a_secret_counts_no_attempt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
