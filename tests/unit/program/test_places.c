/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/places.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "places.h"
#include "toban/base/attr.h"

static void
clock__toban_now__stands_there(void **state)
{
	static const struct {
		const char *text;
		stamp at;
	} good[] = {
		{ "2026-11-22T22:41:00+09:00", INT64_C(1795354860000) },
		{ "1795354860", INT64_C(1795354860000) },
		{ "0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		stamp standing = STAMP_NONE;
		struct clock clock = { 0 };

		assert_int_equal(setenv("TOBAN_NOW", good[i].text, 1), 0);
		assert_int_equal(places_clock(&standing, &clock), ERR_OK);
		assert_int_equal(clock_now(&clock), good[i].at);
	}
}

static void
clock__no_time__is_refused(void **state)
{
	static const char *const bad[] = { "rubbish", "12x", "-5", "2026-02-30T00:00:00Z",
		"2026-11-22", "253402300800", "99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		stamp standing = STAMP_NONE;
		struct clock clock = { 0 };

		assert_int_equal(setenv("TOBAN_NOW", bad[i], 1), 0);
		assert_int_equal(places_clock(&standing, &clock), ERR_INVALID);
		assert_null(clock.now);
	}
}

static void
default_desk__environment__decides(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_non_null(arena);
	assert_int_equal(setenv("HOME", "/home/a", 1), 0);
	assert_int_equal(setenv("XDG_DATA_HOME", "", 1), 0);
	assert_string_equal(places_default_desk(arena), "/home/a/.local/share/toban/desk.db");
	assert_int_equal(setenv("XDG_DATA_HOME", "/data", 1), 0);
	assert_string_equal(places_default_desk(arena), "/data/toban/desk.db");
	assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
	assert_int_equal(unsetenv("HOME"), 0);
	assert_null(places_default_desk(arena));
	arena_free(arena);
}

static void
make_folder__path__makes_those_above(void **state)
{
	char base[] = "/tmp/toban-places-XXXXXX";
	struct arena *arena = arena_new();
	struct stat st;

	(void)state;
	assert_non_null(arena);
	assert_non_null(mkdtemp(base));
	const char *below = arena_printf(arena, "%s/a/b", base);
	assert_int_equal(places_make_folder(arena_printf(arena, "%s/desk.db", below)), ERR_OK);
	assert_int_equal(stat(below, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(places_make_folder(""), ERR_OK);
	assert_int_equal(places_make_folder("/desk.db"), ERR_OK);
	assert_int_equal(places_make_folder("/dev/null/x/desk.db"), ERR_IO);
	assert_int_equal(rmdir(below), 0);
	assert_int_equal(rmdir(arena_printf(arena, "%s/a", base)), 0);
	assert_int_equal(rmdir(base), 0);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock__toban_now__stands_there),
		cmocka_unit_test(clock__no_time__is_refused),
		cmocka_unit_test(default_desk__environment__decides),
		cmocka_unit_test(make_folder__path__makes_those_above),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
