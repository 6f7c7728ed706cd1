/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/arena.c.
 */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/arena.h"

static int
setup(void **state)
{
	*state = arena_new();
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void
arena_alloc__many_sizes__zeroed_aligned_and_apart(void **state)
{
	unsigned char *last = NULL;
	size_t last_size = 0;

	for (size_t size = 1; size < 20000; size = size * 3 / 2 + 1) {
		unsigned char *p = arena_alloc(*state, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++) {
			assert_int_equal(p[i], 0);
		}
		memset(p, 0xa5, size);
		for (size_t i = 0; i < last_size; i++) {
			assert_int_equal(last[i], 0xa5);
		}
		last = p;
		last_size = size;
	}
}

static void
arena_alloc__size_zero__gives_pointers_of_their_own(void **state)
{
	void *a = arena_alloc(*state, 0);
	void *b = arena_alloc(*state, 0);

	assert_non_null(a);
	assert_non_null(b);
	assert_ptr_not_equal(a, b);
}

static void
arena_alloc__impossible_sizes__are_refused(void **state)
{
	assert_null(arena_alloc(*state, SIZE_MAX));
	assert_null(arena_alloc(*state, SIZE_MAX - 32));
	assert_null(arena_array(*state, SIZE_MAX / 8 + 2, 8));
	assert_non_null(arena_array(*state, 0, 8));
	assert_non_null(arena_array(*state, 8, 0));
}

static void
arena_clear__after_use__gives_zeroed_memory_again(void **state)
{
	char *first = arena_strdup(*state, "first");

	for (int i = 0; i < 1000; i++) {
		assert_non_null(arena_alloc(*state, 100));
	}
	arena_clear(*state);
	arena_clear(*state);
	/* The first block is kept, so its first bytes are given out again. */
	assert_ptr_equal(arena_alloc(*state, 6), first);
	assert_memory_equal(first, "\0\0\0\0\0", 6);
}

static void
arena_strings__copies__are_terminated(void **state)
{
	char text[] = "当番です";
	char *all = arena_strdup(*state, text);
	char *part = arena_strndup(*state, text, 6);

	text[0] = 'x';
	assert_string_equal(all, "当番です");
	assert_string_equal(part, "当番");
	assert_string_equal(arena_strndup(*state, text, 0), "");
	assert_null(arena_strdup(*state, NULL));
}

static void
arena_printf__longer_than_a_block__is_whole(void **state)
{
	char *text = arena_printf(*state, "%s|%05000d", "number", 7);

	assert_int_equal(strlen(text), 5007);
	assert_memory_equal(text, "number|000", 10);
	assert_int_equal(text[5006], '7');
}

static void
arena_extend__item_by_item__keeps_what_is_there(void **state)
{
	int *items = NULL;
	size_t cap = 0;

	for (int i = 0; i < 1000; i++) {
		int *longer = arena_extend(*state, items, (size_t)i, &cap, sizeof(*items));

		assert_non_null(longer);
		assert_true(cap > (size_t)i);
		assert_int_equal(longer[i], 0);
		longer[i] = i;
		items = longer;
	}
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(items[i], i);
	}
}

static void
arena_extend__impossible_size__leaves_the_array(void **state)
{
	char item = 'x';
	size_t cap = 1;

	assert_null(arena_extend(*state, &item, 1, &cap, SIZE_MAX / 2 + 1));
	assert_int_equal(cap, 1);
	cap = SIZE_MAX / 2 + 1;
	assert_null(arena_extend(*state, &item, cap, &cap, 1));
	assert_int_equal(cap, SIZE_MAX / 2 + 1);
}

static void
arena_free__null__is_allowed(void **state)
{
	(void)state;
	arena_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			arena_alloc__many_sizes__zeroed_aligned_and_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(
			arena_alloc__size_zero__gives_pointers_of_their_own, setup, teardown),
		cmocka_unit_test_setup_teardown(
			arena_alloc__impossible_sizes__are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
			arena_clear__after_use__gives_zeroed_memory_again, setup, teardown),
		cmocka_unit_test_setup_teardown(
			arena_strings__copies__are_terminated, setup, teardown),
		cmocka_unit_test_setup_teardown(
			arena_printf__longer_than_a_block__is_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(
			arena_extend__item_by_item__keeps_what_is_there, setup, teardown),
		cmocka_unit_test_setup_teardown(
			arena_extend__impossible_size__leaves_the_array, setup, teardown),
		cmocka_unit_test(arena_free__null__is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
