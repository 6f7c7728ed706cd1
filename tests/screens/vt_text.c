/* SPDX-License-Identifier: MIT */
/*
 * Reading the screen of the terminal for tests: text, looks, cursor.
 */
#include "vt_parts.h"

static void
add_char(struct str *out, uint32_t ch)
{
	char utf8[4];
	size_t n = 0;

	if (ch < 0x80) {
		utf8[n++] = (char)ch;
	} else if (ch < 0x800) {
		utf8[n++] = (char)(0xc0 | ch >> 6);
		utf8[n++] = (char)(0x80 | (ch & 0x3f));
	} else if (ch < 0x10000) {
		utf8[n++] = (char)(0xe0 | ch >> 12);
		utf8[n++] = (char)(0x80 | (ch >> 6 & 0x3f));
		utf8[n++] = (char)(0x80 | (ch & 0x3f));
	} else {
		utf8[n++] = (char)(0xf0 | ch >> 18);
		utf8[n++] = (char)(0x80 | (ch >> 12 & 0x3f));
		utf8[n++] = (char)(0x80 | (ch >> 6 & 0x3f));
		utf8[n++] = (char)(0x80 | (ch & 0x3f));
	}
	str_add_n(out, utf8, n);
}

static void
add_row(struct vt *vt, int row)
{
	size_t end = vt->text.len;

	for (int col = 0; col < vt->cols; col++) {
		VTermScreenCell cell;

		(void)vterm_screen_get_cell(
			vt->screen, (VTermPos){ .row = row, .col = col }, &cell);
		if (cell.chars[0] == (uint32_t)-1) {
			continue;
		}
		if (cell.chars[0] == 0 || cell.chars[0] == ' ') {
			str_add_char(&vt->text, ' ');
			continue;
		}
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++) {
			add_char(&vt->text, wide_origin(cell.chars[i]));
		}
		end = vt->text.len;
	}
	str_truncate(&vt->text, end);
}

const char *
vt_row(struct vt *vt, int row)
{
	str_clear(&vt->text);
	add_row(vt, row);
	return str_text(&vt->text);
}

const char *
vt_text(struct vt *vt)
{
	str_clear(&vt->text);
	for (int row = 0; row < vt->rows; row++) {
		add_row(vt, row);
		str_add_char(&vt->text, '\n');
	}
	return str_text(&vt->text);
}

struct vt_cell
vt_cell(struct vt *vt, int row, int col)
{
	VTermScreenCell cell;

	(void)vterm_screen_get_cell(vt->screen, (VTermPos){ .row = row, .col = col }, &cell);
	return (struct vt_cell){
		.ch = wide_origin(cell.chars[0]),
		.width = cell.width,
		.reverse = cell.attrs.reverse,
		.bold = cell.attrs.bold,
		.underline = cell.attrs.underline != 0,
		.color = VTERM_COLOR_IS_INDEXED(&cell.fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)
			? cell.fg.indexed.idx
			: -1,
	};
}

void
vt_cursor(struct vt *vt, int *ret_row, int *ret_col, bool *ret_visible)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(vt->vterm), &pos);
	*ret_row = pos.row;
	*ret_col = pos.col;
	if (ret_visible) {
		*ret_visible = vt->cursor_visible;
	}
}

static bool
same_look(struct vt_cell a, struct vt_cell b)
{
	return a.reverse == b.reverse && a.bold == b.bold && a.underline == b.underline &&
		a.color == b.color;
}

/* "12+4 bold 196" for the cells of a row that look alike. */
static void
add_look(struct str *out, int from, int to, struct vt_cell look)
{
	str_addf(out, "%s%d+%d", out->len > 0 && str_text(out)[out->len - 1] != ':' ? "; " : " ",
		from, to - from);
	str_add(out, look.bold ? " bold" : "");
	str_add(out, look.underline ? " underline" : "");
	str_add(out, look.reverse ? " reverse" : "");
	if (look.color >= 0) {
		str_addf(out, " %d", look.color);
	}
}

static void
add_looks(struct vt *vt, int row)
{
	struct vt_cell plain = { .color = -1 };
	struct vt_cell look = plain;
	bool any = false;
	int from = 0;

	for (int col = 0; col <= vt->cols; col++) {
		struct vt_cell cell = col < vt->cols ? vt_cell(vt, row, col) : plain;

		if (cell.ch == (uint32_t)-1 || same_look(cell, look)) {
			continue;
		}
		if (!same_look(look, plain)) {
			str_add(&vt->text, any ? "" : ":");
			add_look(&vt->text, from, col, look);
			any = true;
		}
		look = cell;
		from = col;
	}
	str_add(&vt->text, any ? "\n" : "");
}

const char *
vt_dump(struct vt *vt)
{
	int row;
	int col;
	bool visible;

	str_clear(&vt->text);
	for (row = 0; row < vt->rows; row++) {
		str_add_char(&vt->text, '|');
		add_row(vt, row);
		str_add_char(&vt->text, '\n');
		add_looks(vt, row);
	}
	vt_cursor(vt, &row, &col, &visible);
	str_addf(&vt->text, "cursor %d,%d%s\n", row, col, visible ? "" : " hidden");
	return str_text(&vt->text);
}
