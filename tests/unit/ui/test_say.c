/* SPDX-License-Identifier: MIT */
/*
 * What the message row shows, and for how long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "say.h"

/* What the row shows; "" nothing. */
static const char *
row(const struct say_log *log)
{
	const struct say_line *line = say_current(log);

	return line ? line->text : "";
}

/* A message is fresh until the next key: it takes two to make it go. */
static void
two_keys(struct say_log *log)
{
	say_key(log);
	say_key(log);
}

static void
error__keys__leave_it_until_it_is_acknowledged(void **state)
{
	struct say_log log = { 0 };

	(void)state;
	say_add(&log, SAY_ERROR, 1, "refused");
	two_keys(&log);
	assert_string_equal(row(&log), "refused");
	assert_true(say_dismiss(&log));
	assert_string_equal(row(&log), "");
	assert_false(say_dismiss(&log));
	say_release(&log);
}

static void
error__after_an_information__comes_back(void **state)
{
	struct say_log log = { 0 };

	(void)state;
	say_add(&log, SAY_ERROR, 1, "first");
	say_add(&log, SAY_ERROR, 2, "refused");
	say_add(&log, SAY_INFO, 3, "continued");
	assert_string_equal(row(&log), "continued");
	two_keys(&log);
	assert_string_equal(row(&log), "refused");
	assert_true(say_dismiss(&log));
	assert_string_equal(row(&log), "first");
	say_release(&log);
}

static void
error__before_something_done__is_settled(void **state)
{
	struct say_log log = { 0 };

	(void)state;
	say_add(&log, SAY_ERROR, 1, "refused");
	say_add(&log, SAY_DONE, 2, "sent");
	assert_string_equal(row(&log), "sent");
	two_keys(&log);
	assert_string_equal(row(&log), "");
	assert_int_equal(log.n, 2);
	say_release(&log);
}

static void
error__read_in_the_list__is_acknowledged(void **state)
{
	struct say_log log = { 0 };

	(void)state;
	say_add(&log, SAY_ERROR, 1, "refused");
	say_acknowledge_all(&log);
	two_keys(&log);
	assert_string_equal(row(&log), "");
	say_release(&log);
}

static void
log__more_than_it_keeps__drops_the_oldest(void **state)
{
	struct say_log log = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		say_add(&log, SAY_INFO, i, i == 999 ? "last" : "more");
	}
	assert_true(log.n < 1000);
	assert_string_equal(row(&log), "last");
	assert_int_equal(log.lines[0].at, 1000 - (int)log.n);
	say_release(&log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(error__keys__leave_it_until_it_is_acknowledged),
		cmocka_unit_test(error__after_an_information__comes_back),
		cmocka_unit_test(error__before_something_done__is_settled),
		cmocka_unit_test(error__read_in_the_list__is_acknowledged),
		cmocka_unit_test(log__more_than_it_keeps__drops_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
