/* SPDX-License-Identifier: MIT */
/*
 * A table of words with one marked cell.
 */
#include "matrix.h"

#include "keys.h"

enum { CELL_MIN = 6, CELL_MAX = 16, GAP = 1, LABEL_MIN = 18 };

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

/* The widest word of all cells and headings, so that columns line up. */
static int
widest_word(const struct matrix *matrix, const struct matrix_model *model)
{
	int widest = 0;

	for (int col = 0; col < matrix->cols; col++) {
		int width = paint_width(model->col_label(model->ctx, col));

		widest = width > widest ? width : widest;
		for (int row = 0; row < matrix->rows; row++) {
			enum role role;

			width = paint_width(model->cell(model->ctx, row, col, &role));
			widest = width > widest ? width : widest;
		}
	}
	return widest;
}

struct matrix_layout
matrix_layout_for(int cols, int n, int widest)
{
	struct matrix_layout l = { .cell_cols = widest < CELL_MIN ? CELL_MIN : widest };
	int most = cols / 2;
	int step;

	l.cell_cols = l.cell_cols > CELL_MAX ? CELL_MAX : l.cell_cols;
	step = l.cell_cols + GAP;
	/* The label takes what the cells leave, within reason. */
	l.label_cols = cols - n * step - MATRIX_TOTAL_COLS - 5;
	l.label_cols = l.label_cols > most ? most : l.label_cols;
	l.label_cols = l.label_cols < LABEL_MIN ? LABEL_MIN : l.label_cols;
	l.first = 1 + l.label_cols + 2;
	l.in_view = (cols - l.first - MATRIX_TOTAL_COLS - 1) / step;
	l.in_view = l.in_view > n ? n : l.in_view < 1 ? 1 : l.in_view;
	l.total = l.first + l.in_view * step + 1;
	return l;
}

/* Scrolls so that the marked cell is in view. */
static void
scroll(struct matrix *matrix, int cols, int rows)
{
	matrix->rows_in_view = rows;
	if (matrix->col < matrix->left) {
		matrix->left = matrix->col;
	} else if (matrix->col >= matrix->left + cols) {
		matrix->left = matrix->col - cols + 1;
	}
	if (matrix->left + cols > matrix->cols) {
		matrix->left = matrix->cols > cols ? matrix->cols - cols : 0;
	}
	if (matrix->row < matrix->top) {
		matrix->top = matrix->row;
	} else if (matrix->row >= matrix->top + rows) {
		matrix->top = matrix->row - rows + 1;
	}
}

/* Headings, and marks where columns continue outside. */
static void
paint_head(const struct matrix *matrix, struct canvas *c, const struct matrix_model *model,
	const struct matrix_layout *l)
{
	(void)paint_text(c, (struct place){ 0, 1, l->label_cols }, ROLE_HEAD, model->label_head);
	for (int i = 0; i < l->in_view && matrix->left + i < matrix->cols; i++) {
		(void)paint_text(c,
			(struct place){ 0, l->first + i * (l->cell_cols + GAP), l->cell_cols },
			ROLE_HEAD, model->col_label(model->ctx, matrix->left + i));
	}
	if (matrix->left > 0) {
		(void)paint_text(c, (struct place){ 0, l->first - 2, 1 }, ROLE_SELECTED, "<");
	}
	if (matrix->left + l->in_view < matrix->cols) {
		(void)paint_text(c, (struct place){ 0, l->total - 1, 1 }, ROLE_SELECTED, ">");
	}
	(void)paint_text(
		c, (struct place){ 0, l->total, MATRIX_TOTAL_COLS }, ROLE_HEAD, model->total_head);
}

static void
paint_row(struct matrix *matrix, struct canvas *c, int at, const struct matrix_model *model,
	const struct matrix_layout *l)
{
	int row = matrix->top + at - 1;
	struct place cell = { at, l->first, l->cell_cols };

	(void)paint_cut(c, (struct place){ at, 1, l->label_cols },
		row == matrix->row ? ROLE_HEAD : ROLE_TEXT, model->row_label(model->ctx, row));
	for (int i = 0; i < l->in_view && matrix->left + i < matrix->cols; i++) {
		int col = matrix->left + i;
		enum role role = ROLE_TEXT;
		const char *text = model->cell(model->ctx, row, col, &role);

		if (row == matrix->row && col == matrix->col) {
			(void)paint_text(
				c, (struct place){ at, cell.col - 1, 1 }, ROLE_SELECTED, ">");
			paint_caret(c, at, cell.col - 1, false);
		}
		(void)paint_text(c, cell, role, text);
		cell.col += l->cell_cols + GAP;
	}
	(void)paint_text(c, (struct place){ at, l->total, MATRIX_TOTAL_COLS }, ROLE_QUIET,
		model->total(model->ctx, row, -1));
}

/* The sums of the columns; they stand apart where there is room. */
static void
paint_totals(const struct matrix *matrix, struct canvas *c, int at,
	const struct matrix_model *model, const struct matrix_layout *l)
{
	(void)paint_text(c, (struct place){ at, 1, l->label_cols }, ROLE_QUIET, model->total_head);
	for (int i = 0; i < l->in_view && matrix->left + i < matrix->cols; i++) {
		(void)paint_text(c,
			(struct place){ at, l->first + i * (l->cell_cols + GAP), l->cell_cols },
			ROLE_QUIET, model->total(model->ctx, -1, matrix->left + i));
	}
	(void)paint_text(c, (struct place){ at, l->total, MATRIX_TOTAL_COLS }, ROLE_HEAD,
		model->total(model->ctx, -1, -1));
}

void
matrix_paint(struct matrix *matrix, struct canvas *c, const struct matrix_model *model)
{
	struct matrix_layout l =
		matrix_layout_for(c->cols, matrix->cols, widest_word(matrix, model));
	int rows = c->rows - 2;
	int shown;

	scroll(matrix, l.in_view, rows);
	paint_head(matrix, c, model, &l);
	for (shown = 0; shown < rows && matrix->top + shown < matrix->rows; shown++) {
		paint_row(matrix, c, shown + 1, model, &l);
	}
	if (matrix->top > 0) {
		(void)paint_text(c, (struct place){ 1, 0, 1 }, ROLE_SELECTED, "^");
	}
	if (matrix->top + shown < matrix->rows) {
		(void)paint_text(c, (struct place){ shown, 0, 1 }, ROLE_SELECTED, "v");
	}
	paint_totals(matrix, c, shown + 1 + (shown + 1 < rows), model, &l);
}
