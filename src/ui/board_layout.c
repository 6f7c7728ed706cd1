/* SPDX-License-Identifier: MIT */
/*
 * Where things stand on the duty board.
 */
#include "board_layout.h"

enum {
	NARROW_BELOW = 72, /* columns below which a class is its number alone */
	BESIDE_FROM = 120, /* columns from which the detail stands beside the table */
	THREE_FROM = 160,  /* columns from which the log has a pane of its own */
	BETWEEN = 3,       /* a blank, a rule, a blank */
	DETAIL_LEAST = 36,
	DETAIL_MOST = 70,
	LOG_LEAST = 29,
	LOG_MOST = 60,
	CLASS_NUMBER = 4,
	CLASS_SHORT = 14, /* "2 サービス障害" */
	CLASS_WHOLE = 24,
	WAITING_LEAST = 22, /* "Hasegawa: Acknowledge" */
	WAITING_MOST = 32,
	TITLE_LEAST = 12,
	TITLE_WANTED = 30, /* before any other column grows */
	MINE_BELOW = 5,    /* rows of the detail of what waits for a person */
	SHORT_BELOW = 14,
	MINE_WHAT_MOST = 36,
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

/* Titles have their share first; what is over goes to whom it waits for, then to the class. */
static void
place_table_columns(struct board_layout *l)
{
	int room = l->table.cols - BOARD_COL_CLASS;
	int spare;

	l->class_cols = l->table.cols < NARROW_BELOW ? CLASS_NUMBER : CLASS_SHORT;
	room -= l->class_cols + 2;
	l->waiting_cols = most(WAITING_LEAST, room - TITLE_LEAST);
	spare = room - l->waiting_cols - TITLE_WANTED;
	if (spare > 0) {
		l->waiting_cols = most(l->waiting_cols + spare / 2, WAITING_MOST);
	}
	if (room - l->waiting_cols >= TITLE_WANTED + CLASS_WHOLE - CLASS_SHORT) {
		l->class_cols = CLASS_WHOLE;
	}
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
		l.detail.cols = DETAIL_LEAST + (cols - BESIDE_FROM) * 2 / 3;
	} else {
		l.detail.cols = most(DETAIL_LEAST + (cols - THREE_FROM) / 2, DETAIL_MOST);
		l.log.cols = most(LOG_LEAST + (cols - THREE_FROM) * 2 / 5, LOG_MOST);
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

struct mine_layout
mine_layout_for(int cols, int rows)
{
	struct mine_layout l = { .table = { 0, 0, rows, cols } };
	int below = rows < SHORT_BELOW ? MINE_BELOW - 1 : MINE_BELOW;
	int room;

	if (cols < BESIDE_FROM) {
		l.table.rows = rows - below - 1;
		l.detail = (struct pane){ rows - below, 0, below, cols };
	} else {
		l.detail.cols = most(DETAIL_LEAST + 4 + (cols - BESIDE_FROM) / 2, DETAIL_MOST);
		l.detail = (struct pane){ 0, cols - l.detail.cols, rows, l.detail.cols };
		l.table.cols = l.detail.col - BETWEEN;
	}
	room = l.table.cols - BOARD_COL_CLASS - 1;
	l.what_cols = most(room / 2, MINE_WHAT_MOST);
	l.title_col = BOARD_COL_CLASS + l.what_cols + 1;
	return l;
}
