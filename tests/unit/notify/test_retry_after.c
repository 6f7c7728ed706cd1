/* SPDX-License-Identifier: MIT */
/* Retry-After as receivers write it, rightly and wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "toban/base/attr.h"

#include "../../../src/notify/retry_after.h"

/* 1994-11-06T08:49:37Z, the moment of the examples in RFC 9110. */
#define EXAMPLE_MS INT64_C(784111777000)

static void
retry_after__parse__reads_seconds_and_dates_only(void **state)
{
	static const struct {
		const char *value;
		int64_t expected;
	} rows[] = {
		{ "7", 7000 },
		{ " 120 \r\n", 120000 },
		{ "0", 0 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 30000 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 30000 },
		{ "Sun Nov  6 08:49:37 1994", 30000 },
		{ "Sun, 06 Nov 1994 08:49:07 GMT", 0 },
		{ "Sun, 06 Nov 1994 08:49:06 GMT", -1 }, /* gone by */
		{ "-1", -1 },
		{ "+7", -1 },
		{ "7.5", -1 },
		{ "7 apples", -1 },
		{ "soon", -1 },
		{ "", -1 },
		{ "   ", -1 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT and more", -1 },
		{ "Sun, 31 Foo 1994 08:49:37 GMT", -1 },
		{ "99999999999999999999999999999999", INT64_C(3162240000000) }, /* a century */
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t got =
			retry_after_parse(rows[i].value, strlen(rows[i].value), EXAMPLE_MS - 30000);

		if (got != rows[i].expected) {
			fail_msg("\"%s\" gave %lld", rows[i].value, (long long)got);
		}
	}
}

static void
retry_after__parse__refuses_a_nul_inside(void **state)
{
	(void)state;
	assert_true(retry_after_parse("7\0008", 3, 0) == -1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(retry_after__parse__reads_seconds_and_dates_only),
		cmocka_unit_test(retry_after__parse__refuses_a_nul_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
