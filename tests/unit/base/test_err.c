/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/err.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "toban/base/err.h"

static void
err_name__every_value__is_a_word_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < ERR_COUNT; i++) {
		assert_string_not_equal(err_name((enum err)i), "?");
		for (int j = 0; j < i; j++) {
			assert_string_not_equal(err_name((enum err)i), err_name((enum err)j));
		}
	}
	assert_string_equal(err_name(ERR_NOT_FOUND), "not-found");
}

static void
err_name__outside_the_enum__is_a_question_mark(void **state)
{
	(void)state;
	assert_string_equal(err_name(ERR_COUNT), "?");
	assert_string_equal(err_name((enum err) - 1), "?");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(err_name__every_value__is_a_word_of_its_own),
		cmocka_unit_test(err_name__outside_the_enum__is_a_question_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
