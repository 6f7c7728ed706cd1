/* SPDX-License-Identifier: MIT */
/*
 * Tests that a program with ncurses in it gives ncurses our wcwidth(): nothing
 * here calls the function by name, so it is present only if base_dep asks the
 * linker for it, and found first only if the program exports it.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include <cmocka.h>
#include <curses.h>

#include "toban/base/text.h"

static void
wcwidth__as_ncurses_finds_it__is_ours(void **state)
{
	/* ISO C knows no cast from an object to a function pointer; POSIX does. */
	union {
		void *object;
		int (*function)(wchar_t);
	} found = { .object = dlsym(RTLD_DEFAULT, "wcwidth") };

	(void)state;
	assert_non_null(curses_version());
	assert_non_null(found.object);
	width_set_ambiguous(2);
	assert_int_equal(found.function(L'\x25cb'), 2);
	width_set_ambiguous(1);
	assert_int_equal(found.function(L'\x25cb'), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wcwidth__as_ncurses_finds_it__is_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
