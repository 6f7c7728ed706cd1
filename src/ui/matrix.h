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
};

/* Takes over a new size, keeping the mark inside. */
void matrix_resize(struct matrix *matrix, int rows, int cols);

/* Movement keys; true when used. */
bool matrix_key(struct matrix *matrix, int code);

void matrix_paint(struct matrix *matrix, struct canvas *c, const struct matrix_model *model);

#endif
