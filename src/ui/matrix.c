/* SPDX-License-Identifier: MIT */
/*
 * A table of words with one marked cell.
 */
#include "matrix.h"

#include "keys.h"

enum { CELL_MIN = 6, CELL_MAX = 16, GAP = 1, LABEL_MIN = 20 };

static int
clamp(int value, int n)
{
	if (value >= n) {
		value = n - 1;
	}
	return value < 0 ? 0 : value;
}

void
matrix_resize(struct matrix *matrix, int rows, int cols)
{
	matrix->rows = rows;
	matrix->cols = cols;
	matrix->row = clamp(matrix->row, rows);
	matrix->col = clamp(matrix->col, cols);
}

bool
matrix_key(struct matrix *matrix, int code)
{
	switch (code) {
	case K_UP:
	case 'k':
		matrix->row--;
		break;
	case K_DOWN:
	case 'j':
		matrix->row++;
		break;
	case K_LEFT:
	case 'h':
	case K_BACKTAB:
		matrix->col--;
		break;
	case K_RIGHT:
	case 'l':
	case K_TAB:
		matrix->col++;
		break;
	case K_HOME:
		matrix->col = 0;
		break;
	case K_END:
		matrix->col = matrix->cols - 1;
		break;
	case K_PGUP:
		matrix->row -= matrix->rows_in_view;
		break;
	case K_PGDN:
		matrix->row += matrix->rows_in_view;
		break;
	default:
		return false;
	}
	matrix->row = clamp(matrix->row, matrix->rows);
	matrix->col = clamp(matrix->col, matrix->cols);
	return true;
}

/* Wide enough for the widest word, so that columns line up. */
static int
cell_cols(const struct matrix *matrix, const struct matrix_model *model)
{
	int widest = CELL_MIN;

	for (int col = 0; col < matrix->cols; col++) {
		int width = paint_width(model->col_label(model->ctx, col));

		widest = width > widest ? width : widest;
		for (int row = 0; row < matrix->rows; row++) {
			enum role role;

			width = paint_width(model->cell(model->ctx, row, col, &role));
			widest = width > widest ? width : widest;
		}
	}
	return widest > CELL_MAX ? CELL_MAX : widest;
}

static void
paint_row(struct matrix *matrix, struct canvas *c, int row, const struct matrix_model *model,
	struct place cell)
{
	for (int col = matrix->left; col < matrix->cols; col++) {
		bool marked = row == matrix->row && col == matrix->col;
		enum role role = ROLE_TEXT;
		const char *text = model->cell(model->ctx, row, col, &role);

		if (cell.col + cell.cols > c->cols) {
			break;
		}
		if (marked) {
			(void)paint_text(
				c, (struct place){ cell.row, cell.col - 1, 1 }, ROLE_SELECTED, ">");
			paint_caret(c, cell.row, cell.col - 1, false);
		}
		(void)paint_text(c, cell, role, text);
		cell.col += cell.cols + GAP;
	}
}

void
matrix_paint(struct matrix *matrix, struct canvas *c, const struct matrix_model *model)
{
	int cols = cell_cols(matrix, model);
	int wanted = matrix->cols * (cols + GAP);
	int label = c->cols - wanted - 3;
	int in_view;
	int rows = c->rows - 1;

	label = label < LABEL_MIN ? LABEL_MIN : label > c->cols / 2 ? c->cols / 2 : label;
	in_view = (c->cols - label - 3) / (cols + GAP);
	in_view = in_view < 1 ? 1 : in_view;
	matrix->rows_in_view = rows;
	matrix->left = matrix->col < matrix->left ? matrix->col : matrix->left;
	matrix->left =
		matrix->col >= matrix->left + in_view ? matrix->col - in_view + 1 : matrix->left;
	matrix->top = matrix->row < matrix->top ? matrix->row : matrix->top;
	matrix->top = matrix->row >= matrix->top + rows ? matrix->row - rows + 1 : matrix->top;
	for (int i = 0; i < in_view && matrix->left + i < matrix->cols; i++) {
		(void)paint_text(c, (struct place){ 0, label + 3 + i * (cols + GAP), cols },
			ROLE_HEAD, model->col_label(model->ctx, matrix->left + i));
	}
	for (int i = 0; i < rows && matrix->top + i < matrix->rows; i++) {
		int row = matrix->top + i;

		(void)paint_text(c, (struct place){ i + 1, 1, label },
			row == matrix->row ? ROLE_HEAD : ROLE_TEXT,
			model->row_label(model->ctx, row));
		paint_row(matrix, c, row, model, (struct place){ i + 1, label + 3, cols });
	}
}
