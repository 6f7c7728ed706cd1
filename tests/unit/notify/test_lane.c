/* SPDX-License-Identifier: MIT */
/* Who goes next: fairness between targets, order within one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"

#include "../../../src/notify/lane.h"
#include "../../../src/notify/webhook.h"

static struct target_row
target_of(const char *name)
{
	return (struct target_row){
		.name = name,
		.kind = "webhook",
		.url = "https://example.com/",
		.events = "*",
		.active = true,
		.format = "generic",
		.template = "",
		.person = "",
	};
}

static void
set_targets(struct lanes *lanes, const char *const *names, size_t n)
{
	struct target_row rows[32];

	for (size_t i = 0; i < n; i++) {
		rows[i] = target_of(names[i]);
	}

	struct target_list list = { rows, n };

	assert_int_equal(lanes_set(lanes, &list), ERR_OK);
}

static void
push(struct lanes *lanes, const char *target, const char *id, bool urgent)
{
	struct outbox_row row = {
		.id = id,
		.target = target,
		.type = "t",
		.subject = "s",
		.body = "{}",
		.urgent = urgent,
	};

	assert_int_equal(lane_push(lanes_find(lanes, target), &row), ERR_OK);
}

static struct job *
pick(struct lanes *lanes, stamp now)
{
	return lanes_pick(lanes, WEBHOOK_SLOTS - lanes->n_busy, now);
}

static void
finish(struct lanes *lanes, struct job *job)
{
	lane_finish(lanes, job);
	job_free(job);
}

static void
lane__pick__keeps_order_and_one_at_a_time(void **state)
{
	static const char *const names[] = { "a" };
	struct lanes lanes = { 0 };

	(void)state;
	set_targets(&lanes, names, 1);
	push(&lanes, "a", "1", false);
	push(&lanes, "a", "2", false);

	struct job *job = pick(&lanes, 1000);

	assert_string_equal(job->row.id, "1");
	assert_null(pick(&lanes, 1000 + LANE_PATIENCE_MS - 1));
	finish(&lanes, job);
	job = pick(&lanes, 1001);
	assert_string_equal(job->row.id, "2");
	finish(&lanes, job);
	assert_null(pick(&lanes, 9000));
	lanes_release(&lanes);
}

static void
lane__pick__opens_a_second_place_for_a_slow_target(void **state)
{
	static const char *const names[] = { "a" };
	struct lanes lanes = { 0 };

	(void)state;
	set_targets(&lanes, names, 1);
	for (int i = 0; i < 9; i++) {
		push(&lanes, "a",
			(const char *[]){ "1", "2", "3", "4", "5", "6", "7", "8", "9" }[i], false);
	}
	assert_non_null(pick(&lanes, 0));
	assert_non_null(pick(&lanes, LANE_PATIENCE_MS));
	assert_null(pick(&lanes, LANE_PATIENCE_MS + 1));
	assert_non_null(pick(&lanes, 2 * LANE_PATIENCE_MS));
	/* The last place is for urgent ones. */
	assert_null(pick(&lanes, 99 * LANE_PATIENCE_MS));
	assert_int_equal(lanes.n_busy, LANE_MOST - 1);
	lanes_release(&lanes);
}

static void
lane__pick__gives_a_suspect_one_place(void **state)
{
	static const char *const names[] = { "a" };
	struct lanes lanes = { 0 };

	(void)state;
	set_targets(&lanes, names, 1);
	lanes.first->suspect = true;
	push(&lanes, "a", "1", false);
	push(&lanes, "a", "2", false);
	assert_non_null(pick(&lanes, 0));
	assert_null(pick(&lanes, 99 * LANE_PATIENCE_MS));
	lanes_release(&lanes);
}

static void
lane__pick__lets_urgent_ones_pass(void **state)
{
	static const char *const names[] = { "a", "b" };
	struct lanes lanes = { 0 };

	(void)state;
	set_targets(&lanes, names, 2);
	push(&lanes, "a", "slow", false);
	assert_string_equal(pick(&lanes, 0)->row.id, "slow");
	push(&lanes, "a", "crisis", true);
	push(&lanes, "b", "other", false);
	assert_string_equal(pick(&lanes, 1)->row.id, "crisis");
	assert_string_equal(pick(&lanes, 1)->row.id, "other");
	lanes_release(&lanes);
}

static void
lane__pick__drains_a_flood_side_by_side(void **state)
{
	static const char *const names[] = { "a" };
	struct lanes lanes = { 0 };

	(void)state;
	set_targets(&lanes, names, 1);
	for (int i = 0; i < LANE_FLOOD; i++) {
		lane_loaded(lanes.first, true, true);
	}
	push(&lanes, "a", "1", false);
	push(&lanes, "a", "2", false);
	push(&lanes, "a", "3", false);
	push(&lanes, "a", "4", false);
	assert_non_null(pick(&lanes, 0));
	assert_non_null(pick(&lanes, 0));
	assert_non_null(pick(&lanes, 0));
	assert_null(pick(&lanes, 0));
	lanes_release(&lanes);
}

static void
lane__loaded__counts_full_queues_in_a_row(void **state)
{
	static const char *const names[] = { "a" };
	struct lanes lanes = { 0 };

	(void)state;
	set_targets(&lanes, names, 1);
	lane_loaded(lanes.first, true, true);
	lane_loaded(lanes.first, true, false); /* woken, nothing sent between */
	assert_int_equal(lanes.first->full, 1);
	lane_loaded(lanes.first, false, true);
	assert_int_equal(lanes.first->full, 0);
	assert_false(lanes.first->more);
	lanes_release(&lanes);
}

static void
lane__pick__is_fair_among_many_dead_targets(void **state)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "alive" };
	struct lanes lanes = { 0 };
	size_t started = 0;
	bool alive = false;

	(void)state;
	set_targets(&lanes, names, ARRAY_LEN(names));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		for (int k = 0; k < 5; k++) {
			char id[16];

			(void)snprintf(id, sizeof(id), "%s%d", names[i], k);
			push(&lanes, names[i], id, false);
		}
	}
	for (struct job *job = pick(&lanes, 0); job != NULL; job = pick(&lanes, 0)) {
		started++;
		alive = alive || strcmp(job->row.target, "alive") == 0;
	}
	assert_true(alive);
	assert_int_equal(started, ARRAY_LEN(names));
	/* Places stay free for a crisis however many hang. */
	for (int turn = 1; turn < 50; turn++) {
		while (pick(&lanes, turn * LANE_PATIENCE_MS) != NULL) {
			started++;
		}
	}
	assert_int_equal(started, WEBHOOK_SLOTS - LANES_RESERVED);
	push(&lanes, "alive", "crisis", true);
	lane_empty(lanes_find(&lanes, "alive"));
	push(&lanes, "alive", "crisis", true);
	assert_string_equal(pick(&lanes, 0)->row.id, "crisis");
	lanes_release(&lanes);
}

static void
lane__push__ignores_what_is_under_way(void **state)
{
	static const char *const names[] = { "a" };
	struct lanes lanes = { 0 };

	(void)state;
	set_targets(&lanes, names, 1);
	push(&lanes, "a", "1", false);
	assert_non_null(pick(&lanes, 0));
	push(&lanes, "a", "1", false);
	assert_false(lanes_queued(&lanes));
	lanes_release(&lanes);
}

static void
lane__set__drops_removed_targets_when_they_are_idle(void **state)
{
	static const char *const names[] = { "a", "b" };
	struct lanes lanes = { 0 };

	(void)state;
	set_targets(&lanes, names, 2);
	push(&lanes, "a", "1", false);
	push(&lanes, "a", "2", false);

	struct job *job = pick(&lanes, 0);

	set_targets(&lanes, names + 1, 1);
	assert_null(lanes_find(&lanes, "a"));
	assert_null(pick(&lanes, 9000));
	assert_string_equal(job->lane->target.name, "a"); /* still under way */
	finish(&lanes, job);
	set_targets(&lanes, names + 1, 1);
	assert_string_equal(lanes.first->target.name, "b");
	assert_null(lanes.first->next);
	lanes_release(&lanes);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lane__pick__keeps_order_and_one_at_a_time),
		cmocka_unit_test(lane__pick__opens_a_second_place_for_a_slow_target),
		cmocka_unit_test(lane__pick__gives_a_suspect_one_place),
		cmocka_unit_test(lane__pick__lets_urgent_ones_pass),
		cmocka_unit_test(lane__pick__drains_a_flood_side_by_side),
		cmocka_unit_test(lane__loaded__counts_full_queues_in_a_row),
		cmocka_unit_test(lane__pick__is_fair_among_many_dead_targets),
		cmocka_unit_test(lane__push__ignores_what_is_under_way),
		cmocka_unit_test(lane__set__drops_removed_targets_when_they_are_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
