/* SPDX-License-Identifier: MIT */
/*
 * Due messages of one target, past the backlog of another; what is counted for whom.
 */
#include "fixture.h"

#include <stdio.h>

#include "toban/base/attr.h"

#define BACKLOG 300

static void
put_messages(struct store *store)
{
	static char ids[BACKLOG + 4][16];
	struct outbox_row rows[BACKLOG + 4];
	struct store_batch batch = { .outbox = rows, .n_outbox = ARRAY_LEN(rows) };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		(void)snprintf(ids[i], sizeof(ids[i]), "m-%03zu", i);
		rows[i] = fixture_message(ids[i], FIXTURE_NOW, i < BACKLOG);
		rows[i].target = i < BACKLOG ? "dead" : "alive";
	}
	rows[BACKLOG + 1].urgent = true;
	rows[BACKLOG + 2].next_at = FIXTURE_NOW + 1;
	rows[BACKLOG + 3].state = "sent";
	rows[BACKLOG + 3].next_at = STAMP_NONE;
	assert_int_equal(store_commit(store, &batch), ERR_OK);
}

static void
outbox__due_for__sees_past_the_backlog_of_others(void **state)
{
	struct fixture *f = *state;
	struct outbox_filter filter = { .target = "alive", .now = FIXTURE_NOW, .limit = 10 };
	struct outbox_list list;

	put_messages(f->store);
	assert_int_equal(store_outbox_due_for(f->store, f->arena, &filter, &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].id, "m-301"); /* urgent first */
	assert_string_equal(list.items[1].id, "m-300");

	filter.now = FIXTURE_NOW + 1;
	assert_int_equal(store_outbox_due_for(f->store, f->arena, &filter, &list), ERR_OK);
	assert_int_equal(list.n, 3);

	filter.limit = 1;
	assert_int_equal(store_outbox_due_for(f->store, f->arena, &filter, &list), ERR_OK);
	assert_int_equal(list.n, 1);

	filter.target = "nobody";
	assert_int_equal(store_outbox_due_for(f->store, f->arena, &filter, &list), ERR_OK);
	assert_int_equal(list.n, 0);
}

static void
outbox__given_up__not_counted_for_whom_its_case_is_hidden_from(void **state)
{
	struct fixture *f = *state;
	const struct target_row target = { "room", "webhook", "https://b.example/", "*", false,
		false, true, FIXTURE_NOW, "generic", "", "" };
	struct outbox_row rows[] = { fixture_message("a", FIXTURE_NOW, false),
		fixture_message("b", FIXTURE_NOW, false) };
	struct store_batch batch = {
		.outbox = rows, .n_outbox = ARRAY_LEN(rows), .targets = &target, .n_targets = 1
	};
	struct incident_row hidden = fixture_incident("26-0001", FIXTURE_NOW);
	static const struct {
		const char *reader;
		int64_t n;
	} asked[] = { { "bob", 1 }, { "ann", 2 }, { "bo", 2 }, { NULL, 2 } };

	hidden.hidden_from = " carl bob ";
	assert_int_equal(fixture_commit_incident(f->store, &hidden), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		rows[i].target = "room";
		rows[i].state = "dead";
	}
	rows[0].subject = "26-0001";
	rows[1].subject = "26-0002"; /* of which there is no row */
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		int64_t count = -1;

		assert_int_equal(
			store_outbox_given_up(f->store, asked[i].reader, 1000, &count), ERR_OK);
		assert_int_equal(count, asked[i].n);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(outbox__given_up__not_counted_for_whom_its_case_is_hidden_from),
		cmocka_unit_test(outbox__due_for__sees_past_the_backlog_of_others),
	};

	return fixture_run_both("outbox_lane", tests, ARRAY_LEN(tests));
}
