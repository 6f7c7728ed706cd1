/* SPDX-License-Identifier: MIT */
/*
 * Lists and matrices: the mark stays on its row whatever the refresh brings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "keys.h"
#include "list.h"
#include "matrix.h"

static const char *
id_at(const void *ctx, int i)
{
	return ((const char *const *)ctx)[i];
}

static void
list__refresh__keeps_the_mark_on_its_row(void **state)
{
	static const char *const before[] = { "a", "b", "c" };
	static const char *const after[] = { "new", "a", "b", "c" };
	static const char *const gone[] = { "new", "a" };
	struct list list = { 0 };

	(void)state;
	list_update(&list, 3, id_at, before);
	assert_true(list_key(&list, K_DOWN));
	list_anchor(&list, before[list.selected]);
	list_update(&list, 4, id_at, after);
	assert_int_equal(list.selected, 2);
	list_update(&list, 2, id_at, gone);
	assert_int_equal(list.selected, 1);
	list_update(&list, 0, id_at, gone);
	assert_int_equal(list.selected, 0);
	list_release(&list);
}

struct move {
	int key;
	int from;
	int expected;
};

static void
list__movement_keys__stay_inside(void **state)
{
	static const struct move moves[] = {
		{ K_UP, 0, 0 },
		{ K_DOWN, 98, 99 },
		{ K_DOWN, 99, 99 },
		{ 'j', 5, 6 },
		{ 'k', 5, 4 },
		{ 'G', 5, 99 },
		{ 'g', 5, 0 },
		{ K_END, 5, 99 },
		{ K_HOME, 5, 0 },
		{ K_PGDN, 5, 14 },
		{ K_PGUP, 5, 0 },
		{ K_CTRL('D'), 5, 10 },
		{ K_CTRL('U'), 5, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		struct list list = { .n = 100, .rows = 10, .selected = moves[i].from };

		assert_true(list_key(&list, moves[i].key));
		assert_int_equal(list.selected, moves[i].expected);
	}
}

static void
list__view__follows_the_mark_and_fills_the_window(void **state)
{
	struct list list = { .n = 30, .selected = 29 };

	(void)state;
	assert_int_equal(list_view(&list, 10), 20);
	list.selected = 25;
	assert_int_equal(list_view(&list, 10), 20);
	list.selected = 3;
	assert_int_equal(list_view(&list, 10), 3);
	/* A larger window shows as much as there is. */
	list.selected = 29;
	assert_int_equal(list_view(&list, 40), 0);
}

static void
matrix__keys__stay_inside(void **state)
{
	struct matrix matrix = { 0 };

	(void)state;
	matrix_resize(&matrix, 2, 3);
	assert_true(matrix_key(&matrix, K_LEFT));
	assert_int_equal(matrix.col, 0);
	assert_true(matrix_key(&matrix, K_END));
	assert_true(matrix_key(&matrix, K_DOWN));
	assert_true(matrix_key(&matrix, K_DOWN));
	assert_int_equal(matrix.col, 2);
	assert_int_equal(matrix.row, 1);
	matrix_resize(&matrix, 1, 1);
	assert_int_equal(matrix.col, 0);
	assert_int_equal(matrix.row, 0);
	assert_false(matrix_key(&matrix, 'z'));
}

struct fold {
	int typed;
	int meant;
	int kana;
};

static void
key__command__folds_full_width_and_knows_kana(void **state)
{
	static const struct fold folds[] = {
		{ 'a', 'a', 0 },
		{ 0xff41, 'a', 0 },
		{ 0xff1f, '?', 0 },
		{ 0x3042, 0x3042, 1 },
		{ 0xff76, 0xff76, 1 },
		{ 0x6f0f, 0x6f0f, 1 },
		{ K_DOWN, K_DOWN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
		struct key key = { .code = folds[i].typed };

		assert_int_equal(key_command(&key), folds[i].meant);
		assert_int_equal(key_is_kana(&key), folds[i].kana);
	}
}

static void
matrix__layout__shows_whole_columns_and_the_sums(void **state)
{
	(void)state;
	for (int cols = 60; cols <= 240; cols++) {
		for (int n = 1; n <= 30; n++) {
			struct matrix_layout l = matrix_layout_for(cols, n, 4 + n % 9);

			assert_true(l.in_view >= 1 && l.in_view <= n);
			assert_true(l.label_cols >= 18);
			assert_true(l.first > 1 + l.label_cols);
			assert_true(l.total >= l.first + l.in_view * (l.cell_cols + 1));
			assert_true(l.total + MATRIX_TOTAL_COLS <= cols);
		}
	}
	/* What fits is shown; what does not is scrolled. */
	assert_int_equal(matrix_layout_for(80, 4, 6).in_view, 4);
	assert_true(matrix_layout_for(80, 12, 6).in_view < 12);
	assert_int_equal(matrix_layout_for(160, 12, 6).in_view, 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list__refresh__keeps_the_mark_on_its_row),
		cmocka_unit_test(list__movement_keys__stay_inside),
		cmocka_unit_test(list__view__follows_the_mark_and_fills_the_window),
		cmocka_unit_test(matrix__keys__stay_inside),
		cmocka_unit_test(key__command__folds_full_width_and_knows_kana),
		cmocka_unit_test(matrix__layout__shows_whole_columns_and_the_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
