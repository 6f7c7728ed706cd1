/* SPDX-License-Identifier: MIT */
/*
 * How a text under edit is laid out and painted.  Two offsets run side by
 * side: in the text as stored and in the text as shown, where a control
 * character has become a mark of several columns.
 */
#include "edit.h"

#include <stdlib.h>
#include <string.h>

static void
map_clusters(struct edit *edit)
{
	const char *text = str_text(&edit->text);
	size_t len = edit->text.len;
	size_t n = 0;

	str_clear(&edit->shown);
	for (size_t pos = 0; pos < len; n++) {
		size_t next = text_next(text, len, pos);

		edit->raw_at[n] = pos;
		edit->shown_at[n] = edit->shown.len;
		text_show(&edit->shown, text + pos, next - pos, TEXT_KEEP_NEWLINE);
		pos = next;
	}
	edit->raw_at[n] = len;
	edit->shown_at[n] = edit->shown.len;
	edit->n_clusters = n;
}

static void
drop_layout(struct edit *edit)
{
	free(edit->rows);
	free(edit->raw_at);
	free(edit->shown_at);
	edit->rows = NULL;
	edit->raw_at = NULL;
	edit->shown_at = NULL;
	edit->n_rows = 0;
	edit->n_clusters = 0;
	edit->laid_out = false;
}

void
edit_layout(struct edit *edit, int cols)
{
	size_t room = edit->text.len + 1;
	int circle = text_width("\xe2\x97\x8b", 3);

	if (cols < 2) {
		cols = 2;
	}
	if (edit->laid_out && edit->cols == cols && edit->circle == circle) {
		return;
	}
	drop_layout(edit);
	edit->cols = cols;
	edit->circle = circle; /* the terminal may tell it late */
	edit->raw_at = calloc(room, sizeof(*edit->raw_at));
	edit->shown_at = calloc(room, sizeof(*edit->shown_at));
	if (!edit->raw_at || !edit->shown_at) {
		drop_layout(edit);
		return;
	}
	map_clusters(edit);
	if (edit->area &&
		text_wrap(str_text(&edit->shown), edit->shown.len, cols, &edit->rows,
			&edit->n_rows) != ERR_OK) {
		drop_layout(edit);
		return;
	}
	edit->laid_out = true;
}

/* The greatest cluster whose offset in `offsets` is not beyond `offset`. */
static size_t
find_cluster(const size_t *offsets, size_t n, size_t offset)
{
	size_t low = 0;
	size_t high = n;

	while (low < high) {
		size_t middle = low + (high - low + 1) / 2;

		if (offsets[middle] <= offset) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}
	return low;
}

static size_t
shown_offset(const struct edit *edit, size_t raw)
{
	return edit->shown_at[find_cluster(edit->raw_at, edit->n_clusters, raw)];
}

/* The row that shows the byte `offset` of the shown text. */
static size_t
row_of(const struct edit *edit, size_t offset)
{
	size_t row = 0;

	while (row + 1 < edit->n_rows && edit->rows[row + 1].start <= offset) {
		row++;
	}
	return row;
}

void
edit_locate(struct edit *edit, int *ret_row, int *ret_col)
{
	size_t offset;
	size_t row;

	*ret_row = 0;
	*ret_col = 0;
	if (!edit->laid_out) {
		return;
	}
	offset = shown_offset(edit, edit->caret);
	if (!edit->area) {
		*ret_col = text_width(str_text(&edit->shown), offset);
		return;
	}
	row = row_of(edit, offset);
	*ret_row = (int)row;
	/* The caret may stand behind blanks the wrap swallowed. */
	if (offset > edit->rows[row].end) {
		offset = edit->rows[row].end;
	}
	*ret_col = text_width(
		str_text(&edit->shown) + edit->rows[row].start, offset - edit->rows[row].start);
	if (*ret_col >= edit->cols) {
		*ret_col = edit->cols - 1;
	}
}

size_t
edit_offset_at(struct edit *edit, int row, int col)
{
	const char *shown = str_text(&edit->shown);
	struct text_row line = { 0, edit->shown.len };
	size_t pos;

	if (!edit->laid_out) {
		return edit->caret;
	}
	if (edit->area) {
		line = edit->rows[row];
	}
	pos = line.start;
	while (pos < line.end) {
		size_t next = text_next(shown, line.end, pos);

		if (text_width(shown + line.start, next - line.start) > col) {
			break;
		}
		pos = next;
	}
	/* The end of a wrapped row is the start of the next: stay in this one. */
	if (edit->area && pos == line.end && (size_t)row + 1 < edit->n_rows &&
		edit->rows[row + 1].start == pos && pos > line.start) {
		pos = text_prev(shown, line.end, pos);
	}
	return edit->raw_at[find_cluster(edit->shown_at, edit->n_clusters, pos)];
}

int
edit_rows(struct edit *edit, int cols)
{
	edit_layout(edit, cols);
	return edit->n_rows > 0 ? (int)edit->n_rows : 1;
}

static void
paint_piece(struct edit *edit, struct canvas *c, struct place at, struct text_row piece)
{
	char *text = strndup(str_text(&edit->shown) + piece.start, piece.end - piece.start);

	(void)paint_text(c, at, ROLE_TEXT, text);
	free(text);
}

static void
paint_line(struct edit *edit, struct canvas *c, struct place at, bool focus)
{
	struct text_row piece = { 0, edit->shown.len };
	const char *shown = str_text(&edit->shown);
	int row;
	int col;

	edit_locate(edit, &row, &col);
	if (!focus) {
		edit->first = 0;
	} else if (col - edit->first >= at.cols) {
		/* Jump by a third, so that not every key scrolls the field. */
		edit->first = col - at.cols + 1 + at.cols / 3;
	} else if (col < edit->first) {
		edit->first = col > at.cols / 3 ? col - at.cols / 3 : 0;
	}
	while (piece.start < piece.end && text_width(shown, piece.start) < edit->first) {
		piece.start = text_next(shown, edit->shown.len, piece.start);
	}
	/* A wide character may not start at the wanted column. */
	edit->first = text_width(shown, piece.start);
	paint_piece(edit, c, at, piece);
	if (focus) {
		paint_caret(c, at.row, at.col + col - edit->first, true);
	}
}

void
edit_paint(struct edit *edit, struct canvas *c, struct place at, int rows, bool focus)
{
	int row;
	int col;

	edit->seen = rows;
	edit_layout(edit, at.cols);
	if (!edit->laid_out) {
		return;
	}
	if (!edit->area) {
		paint_line(edit, c, at, focus);
		return;
	}
	edit_locate(edit, &row, &col);
	if (row < edit->first) {
		edit->first = row;
	} else if (row >= edit->first + rows) {
		edit->first = row - rows + 1;
	}
	if (edit->first > 0 && edit->first + rows > (int)edit->n_rows) {
		edit->first = (int)edit->n_rows > rows ? (int)edit->n_rows - rows : 0;
	}
	for (int i = 0; i < rows && (size_t)(edit->first + i) < edit->n_rows; i++) {
		paint_piece(edit, c, (struct place){ at.row + i, at.col, at.cols },
			edit->rows[edit->first + i]);
	}
	if (focus) {
		paint_caret(c, at.row + row - edit->first, at.col + col, true);
	}
}
