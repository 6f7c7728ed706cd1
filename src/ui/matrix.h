/* SPDX-License-Identifier: MIT */
/*
 * A table of words with one marked cell, wider than the window if need be.
 */
#ifndef TOBAN_SRC_UI_MATRIX_H
#define TOBAN_SRC_UI_MATRIX_H

#include <stdbool.h>

#include "paint.h"

struct matrix {
	int rows;
	int cols;
	int row; /* the marked cell */
	int col;
	int top; /* first row and column in view */
	int left;
	int rows_in_view;
};

/* What stands where; texts live until the next call. */
struct matrix_model {
	const void *ctx;
	const char *(*row_label)(const void *ctx, int row);
	const char *(*col_label)(const void *ctx, int col);
	const char *(*cell)(const void *ctx, int row, int col, enum role *ret_role);
	/* Sums: of a row (col < 0), of a column (row < 0), of everything (both). */
	const char *(*total)(const void *ctx, int row, int col);
	const char *label_head; /* translated heading of the rows */
	const char *total_head; /* of the sums, right and below */
};

/* Where the columns stand in a window; made of numbers alone. */
struct matrix_layout {
	int label_cols; /* from column 1 on */
	int first;      /* column of the first cell */
	int cell_cols;  /* each followed by one blank */
	int in_view;    /* cells that fit */
	int total;      /* column of the rows' sums */
};

enum { MATRIX_TOTAL_COLS = 6 };

/* `widest`: columns of the widest cell or heading; `n` columns of cells. */
struct matrix_layout matrix_layout_for(int cols, int n, int widest);

/* Takes over a new size, keeping the mark inside. */
void matrix_resize(struct matrix *matrix, int rows, int cols);

/* Movement keys; true when used. */
bool matrix_key(struct matrix *matrix, int code);

void matrix_paint(struct matrix *matrix, struct canvas *c, const struct matrix_model *model);

#endif
