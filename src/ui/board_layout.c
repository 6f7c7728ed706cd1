/* SPDX-License-Identifier: MIT */
/*
 * Where things stand on the duty board.
 */
#include "board_layout.h"

enum {
	BESIDE_FROM = 120, /* columns from which the detail stands beside the table */
	THREE_FROM = 160,  /* columns from which the log has a pane of its own */
	BETWEEN = 3,       /* a blank, a rule, a blank */
	DETAIL_MOST = 70,
	LOG_MOST = 60,
};

static int
most(int value, int limit)
{
	return value < limit ? value : limit;
}

/* Rows of the detail below the table: short windows keep them for the table. */
static int
rows_below(int rows)
{
	return rows >= 30 ? 10 : rows >= 18 ? 5 : 4;
}

static void
place_table_columns(struct board_layout *l)
{
	int cols = l->table.cols;

	l->class_cols = cols < 72 ? 10 : cols < 110 ? 14 : 24;
	l->waiting_cols = cols < 72 ? 15 : cols < 88 ? 22 : cols < 100 ? 26 : 32;
	l->waiting_col = BOARD_COL_CLASS + l->class_cols + 1;
	l->title_col = l->waiting_col + l->waiting_cols + 1;
}

struct board_layout
board_layout_for(int cols, int rows)
{
	struct board_layout l = { .table = { 0, 0, rows, cols } };
	int below = rows_below(rows);

	if (cols < BESIDE_FROM) {
		l.table.rows = rows - below - 1;
		l.detail = (struct pane){ rows - below, 0, below, cols };
	} else if (cols < THREE_FROM) {
		l.detail.cols = most(40 + (cols - BESIDE_FROM) * 10 / 12, 50);
	} else {
		l.detail.cols = most(40 + (cols - THREE_FROM) / 2, DETAIL_MOST);
		l.log.cols = most(36 + (cols - THREE_FROM) / 4, LOG_MOST);
		l.log = (struct pane){ 0, cols - l.log.cols, rows, l.log.cols };
	}
	if (cols >= BESIDE_FROM) {
		int end = l.log.rows > 0 ? l.log.col - BETWEEN : cols;

		l.detail = (struct pane){ 0, end - l.detail.cols, rows, l.detail.cols };
		l.table.cols = l.detail.col - BETWEEN;
	}
	place_table_columns(&l);
	return l;
}
