/* SPDX-License-Identifier: MIT */
/*
 * Where things stand on the duty board, for every size: no terminal is asked,
 * so that it can be tested by numbers.
 */
#ifndef TOBAN_SRC_UI_BOARD_LAYOUT_H
#define TOBAN_SRC_UI_BOARD_LAYOUT_H

/* A part of the body; rows == 0: not shown at this size. */
struct pane {
	int row;
	int col;
	int rows;
	int cols;
};

/*
 * The panes never overlap; between those that stand side by side is one blank
 * or rule column on each side.  Columns of the table are relative to it.
 */
struct board_layout {
	struct pane table;
	struct pane detail; /* below the table, or from 120 columns on beside it */
	struct pane log;    /* from 160 columns on */
	int class_cols;
	int waiting_col;
	int waiting_cols;
	int title_col;
};

enum {
	BOARD_COL_MARKER = 1,
	BOARD_COL_DUE = 3,
	BOARD_DUE_COLS = 8,
	BOARD_COL_ID = 12,
	BOARD_ID_COLS = 8,
	BOARD_COL_CLASS = 21,
	BOARD_CLASS_SHORT = 8, /* from this width on a category has a word behind its number */
	BOARD_CLASS_FULL = 20, /* from this width on it is written out */
};

/* For a body of at least 60 columns and 10 rows. */
struct board_layout board_layout_for(int cols, int rows);

/* The same of what waits for a person: what to do stands where the board has the class. */
struct mine_layout {
	struct pane table;
	struct pane detail; /* below the table, or from 120 columns on beside it */
	int what_cols;
	int title_col;
};

struct mine_layout mine_layout_for(int cols, int rows);

#endif
