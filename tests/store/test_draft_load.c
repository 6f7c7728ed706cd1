/* SPDX-License-Identifier: MIT */
/*
 * What somebody's drafts take up, over both engines.
 */
#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/store/draft_load.h"

static void
put_draft(struct store *store, const char *person, const char *body)
{
	const struct draft_row draft = { .person = person,
		.form = "report",
		.subject = "",
		.body = body,
		.saved_at = FIXTURE_NOW };
	int64_t number = 0;

	assert_int_equal(store_draft_put(store, &draft, &number), ERR_OK);
}

static void
draft_load__of_many__counts_the_persons_others_in_bytes(void **state)
{
	struct fixture *f = *state;
	struct draft_load load = { 9, 9 };

	assert_int_equal(store_draft_load(f->store, "ann", 0, &load), ERR_OK);
	assert_int_equal(load.n, 0);
	assert_int_equal(load.bytes, 0);
	put_draft(f->store, "ann", "{\"a\":\"森\"}"); /* its number is 1 */
	put_draft(f->store, "bob", "{\"long\":1}");
	put_draft(f->store, "ann", "{}");
	assert_int_equal(store_draft_load(f->store, "ann", 0, &load), ERR_OK);
	assert_int_equal(load.n, 2);
	assert_int_equal(load.bytes, 13);
	assert_int_equal(store_draft_load(f->store, "ann", 1, &load), ERR_OK);
	assert_int_equal(load.n, 1);
	assert_int_equal(load.bytes, 2);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(draft_load__of_many__counts_the_persons_others_in_bytes),
	};

	return fixture_run_both("draft_load", tests, ARRAY_LEN(tests));
}
