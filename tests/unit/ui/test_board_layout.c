/* SPDX-License-Identifier: MIT */
/*
 * Where things stand on the duty board and an incident's page: nothing overlaps at any size, and
 * the panes appear where they are promised.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "board_layout.h"
#include "incident_layout.h"

static int
overlap(const struct pane *a, const struct pane *b)
{
	return a->row < b->row + b->rows && b->row < a->row + a->rows &&
		a->col < b->col + b->cols && b->col < a->col + a->cols;
}

static void
layout__every_size__is_inside_and_apart(void **state)
{
	(void)state;
	for (int cols = 60; cols <= 400; cols++) {
		for (int rows = 10; rows <= 100; rows += 3) {
			struct board_layout l = board_layout_for(cols, rows);
			const struct pane *panes[] = { &l.table, &l.detail, &l.log };

			for (int i = 0; i < 3; i++) {
				assert_true(panes[i]->row >= 0);
				assert_true(panes[i]->row + panes[i]->rows <= rows);
				assert_true(panes[i]->col + panes[i]->cols <= cols);
				assert_false(overlap(panes[i], panes[(i + 1) % 3]));
			}
			assert_true(l.table.rows >= 5);
			assert_true(l.detail.rows >= 4 && l.detail.cols >= 36);
			/* A title worth reading stands behind every other column. */
			assert_true(l.waiting_col == BOARD_COL_CLASS + l.class_cols + 1);
			assert_true(l.title_col == l.waiting_col + l.waiting_cols + 1);
			assert_true(l.table.cols - l.title_col >= 12);
			/* A wider window never leaves a title less than 80 columns do. */
			assert_true(cols < 80 || l.table.cols - l.title_col >= 21);
			assert_true(cols < 160 || l.table.cols - l.title_col >= 30);
			/* "Hasegawa: Acknowledge" and no less. */
			assert_true(l.waiting_cols >= 21);
		}
	}
}

static void
layout__wide_windows__show_more_beside_each_other(void **state)
{
	struct board_layout l;

	(void)state;
	l = board_layout_for(119, 19);
	assert_int_equal(l.detail.col, 0);
	assert_int_equal(l.table.cols, 119);
	l = board_layout_for(132, 35);
	assert_int_equal(l.detail.row, 0);
	assert_int_equal(l.detail.cols, 44);
	assert_int_equal(l.log.rows, 0);
	l = board_layout_for(160, 43);
	assert_int_equal(l.log.rows, 43);
	l = board_layout_for(200, 45);
	assert_int_equal(l.table.cols, 93);
	assert_int_equal(l.detail.cols, 56);
	assert_int_equal(l.log.cols, 45);
	assert_int_equal(l.log.col + l.log.cols, 200);
}

static void
mine_layout__every_size__leaves_titles_their_share(void **state)
{
	(void)state;
	for (int cols = 60; cols <= 400; cols++) {
		for (int rows = 10; rows <= 100; rows += 3) {
			struct mine_layout l = mine_layout_for(cols, rows);

			assert_false(overlap(&l.table, &l.detail));
			assert_true(l.table.rows >= 4 && l.detail.rows >= 4);
			assert_true(l.detail.col + l.detail.cols <= cols);
			assert_int_equal(l.detail.row == 0, cols >= 120);
			assert_true(l.what_cols >= 18);
			assert_true(l.table.cols - l.title_col >= (cols < 80 ? 18 : 26));
		}
	}
}

static void
check_page(int cols, int rows, int links)
{
	struct incident_layout l = incident_layout_for(cols, rows, links);
	const struct pane *panes[] = { &l.chain, &l.tabs, &l.body, &l.log, &l.next };

	for (int i = 0; i < 5; i++) {
		assert_true(panes[i]->row + panes[i]->rows <= rows);
		assert_true(panes[i]->col + panes[i]->cols <= cols);
		for (int k = i + 1; k < 5; k++) {
			assert_false(overlap(panes[i], panes[k]));
		}
	}
	assert_true(l.body.rows >= 4);
}

static void
page_layout__every_size__is_inside_and_apart(void **state)
{
	(void)state;
	for (int cols = 60; cols <= 300; cols += 7) {
		for (int rows = 10; rows <= 90; rows++) {
			check_page(cols, rows, 1 + (cols + rows) % 5);
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout__every_size__is_inside_and_apart),
		cmocka_unit_test(page_layout__every_size__is_inside_and_apart),
		cmocka_unit_test(layout__wide_windows__show_more_beside_each_other),
		cmocka_unit_test(mine_layout__every_size__leaves_titles_their_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
