/* SPDX-License-Identifier: MIT */
/*
 * What a person was shown is what the text binds that they sign.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "toban/desk/signer.h"

#define SHOWN "3f0c9a1be3f0c9a1b3f0c9a1b3f0c9a1b3f0c9a1b3f0c9a1b3f0c9a1b3f0c9a1"
#define OTHER "8d1e77a0e8d1e77a08d1e77a08d1e77a08d1e77a08d1e77a08d1e77a08d1e77a"

static void
sign_text__result__is_bound_exactly(void **state)
{
	static const struct {
		const char *text;
		bool binds;
	} rows[] = {
		{ "toban-decision-1\nstep 7:approve\nresult 64:" SHOWN "\nfields 0:\n", true },
		{ "toban-decision-1\nstep 7:approve\nresult 64:" OTHER "\nfields 0:\n", false },
		{ "toban-decision-1\nstep 7:approve\nresult 0:\nfields 0:\n", false },
		{ "toban-decision-1\nstep 7:approve\n", false },
		/* In the value of another line it is no line of its own. */
		{ "toban-decision-1\nstep 75:\nresult 64:" SHOWN "\n", false },
		{ "toban-decision-1\nresult 64:" SHOWN "\nresult 64:" OTHER "\n", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(sign_ask_binds(rows[i].text, "result", SHOWN), rows[i].binds);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sign_text__result__is_bound_exactly),
	};

	return cmocka_run_group_tests_name("sign_text", tests, NULL, NULL);
}
