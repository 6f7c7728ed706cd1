/* SPDX-License-Identifier: MIT */
/* Due messages of one target, past the backlog of another. */
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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(outbox__due_for__sees_past_the_backlog_of_others),
	};

	return fixture_run_both("outbox_lane", tests, ARRAY_LEN(tests));
}
