/* SPDX-License-Identifier: MIT */
/*
 * How a form looks: labels on the left, entries on the right, problems below
 * their entries, and at the foot the help of the field in focus.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "form_part.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "value.h"

enum {
	LABEL_COL = 2,
	LABEL_COLS_MAX = 26,
	HELP_ROWS = 2,
	AREA_ROWS_MAX = 10,
	AREA_ROWS_DEFAULT = 4,
	SHORT_COLS = 24, /* of the entry of a moment */
	ECHO_COLS = 26,  /* of what it means, beside it */
	READ_COLS = 82,  /* of any entry at most: longer rows are hard to read */
};

struct layout {
	int label_cols;
	int entry_col;
	int entry_cols;
	int area_rows; /* at most: the caret must be in view whatever is written */
};

static struct layout
layout_for(const struct form *form, int cols, int rows)
{
	struct layout l = { 0 };

	for (int i = 0; i < form->n; i++) {
		int width = paint_width(form->fields[i].label);

		l.label_cols = width > l.label_cols ? width : l.label_cols;
	}
	if (l.label_cols > LABEL_COLS_MAX) {
		l.label_cols = LABEL_COLS_MAX;
	}
	l.entry_col = LABEL_COL + l.label_cols + 2;
	l.entry_cols = cols - l.entry_col - 2;
	l.entry_cols = l.entry_cols < READ_COLS ? l.entry_cols : READ_COLS;
	l.area_rows = rows < AREA_ROWS_MAX ? rows : AREA_ROWS_MAX;
	return l;
}

/* What a chooser shows in words. */
static void
entry_words(struct form *form, struct field *field, struct str *out)
{
	struct book *book = &form->owner->app->book;
	size_t i;
	json_t *key;

	if (field->entry == ENTRY_MEASURES) {
		measures_words(field->value, out);
	} else if (field->entry == ENTRY_PICK && json_is_string(field->value)) {
		const json_t *option =
			doc_find(field->options, "key", json_string_value(field->value));
		const char *label = doc_words_of(option, "label");

		str_add(out, label[0] ? label : json_string_value(field->value));
	} else if (field->entry == ENTRY_MANY) {
		json_array_foreach(field->value, i, key)
		{
			const char *id = json_string_value(key) ? json_string_value(key) : "";
			const json_t *option = doc_find(field->options, "key", id);
			const char *label = doc_words_of(option, "label");

			str_addf(out, "%s%s", i > 0 ? _(", ") : "", label[0] ? label : id);
		}
	} else {
		value_words(book, field->def, field->value, out);
	}
	if (out->len == 0) {
		str_add(out, field->entry == ENTRY_FIXED ? "-" : _("(Enter: choose)"));
	}
}

static void
radio_words(const struct field *field, struct str *out)
{
	const char *chosen = json_string_value(field->value);
	size_t i;
	json_t *option;

	json_array_foreach(field->options, i, option)
	{
		bool on = chosen && strcmp(doc_text(option, "key"), chosen) == 0;

		str_addf(out, "%s(%c) %s", i > 0 ? "   " : "", on ? '*' : ' ',
			doc_words_of(option, "label"));
	}
}

/* Choices that do not fit one row stand below each other. */
static bool
radio_is_tall(const struct field *field, int cols)
{
	struct str text = STR_INIT;
	bool tall;

	radio_words(field, &text);
	tall = paint_width(str_text(&text)) > cols;
	str_release(&text);
	return tall;
}

static int
area_rows(struct field *field, const struct layout *l)
{
	int rows = (int)doc_int(field->def, "rows");
	int content = edit_rows(&field->edit, l->entry_cols - 2);

	rows = rows > 0 ? rows : AREA_ROWS_DEFAULT;
	rows = content > rows ? content : rows;
	return rows > l->area_rows ? l->area_rows : rows;
}

/* A moment and its meaning share a row where they can; all else says it below. */
static bool
echo_beside(const struct field *field, const struct layout *l)
{
	return form_is_short(field) && l->entry_cols >= SHORT_COLS + ECHO_COLS;
}

static int
entry_rows(struct form *form, struct field *field, const struct layout *l)
{
	struct str text = STR_INIT;
	int rows = 1;

	switch (field->entry) {
	case ENTRY_LINE:
		rows = form_echoes(form, field) && !echo_beside(field, l) ? 2 : 1;
		break;
	case ENTRY_AREA:
		rows = area_rows(field, l);
		break;
	case ENTRY_RADIO:
		rows = radio_is_tall(field, l->entry_cols) ? (int)json_array_size(field->options)
							   : 1;
		break;
	default:
		entry_words(form, field, &text);
		rows = paint_wrap_rows(str_text(&text), l->entry_cols);
		break;
	}
	str_release(&text);
	return rows;
}

static int
field_rows(struct form *form, struct field *field, const struct layout *l)
{
	int rows = entry_rows(form, field, l);
	int label = paint_wrap_rows(field->label, l->label_cols);

	rows = label > rows ? label : rows;
	return rows + (field->problem ? paint_wrap_rows(field->problem, l->entry_cols - 2) : 0);
}

static void
paint_radio(struct field *field, struct canvas *c, int row, const struct layout *l)
{
	bool tall = radio_is_tall(field, l->entry_cols);
	const char *chosen = json_string_value(field->value);
	int col = l->entry_col;
	size_t i;
	json_t *option;

	field->tall = tall;
	json_array_foreach(field->options, i, option)
	{
		bool on = chosen && strcmp(doc_text(option, "key"), chosen) == 0;
		struct str text = STR_INIT;

		str_addf(&text, "(%c) %s", on ? '*' : ' ', doc_words_of(option, "label"));
		col += paint_text(c, (struct place){ row, col, 0 }, on ? ROLE_HEAD : ROLE_TEXT,
			str_text(&text));
		col += 3;
		str_release(&text);
		if (tall) {
			col = l->entry_col;
			row++;
		}
	}
}

static void
paint_echo(
	struct form *form, struct field *field, struct canvas *c, int row, const struct layout *l)
{
	bool beside = echo_beside(field, l);
	int col = l->entry_col + (beside ? SHORT_COLS + 1 : 1);
	struct str text = STR_INIT;
	enum echo echo = form_echo(form, field, &text);

	if (echo != ECHO_NONE) {
		(void)paint_text(c,
			(struct place){ row + !beside, col, l->entry_col + l->entry_cols - col },
			echo == ECHO_FAULT ? ROLE_OVERDUE : ROLE_QUIET, str_text(&text));
	}
	str_release(&text);
}

static void
paint_line_entry(
	struct form *form, struct field *field, struct canvas *c, int row, const struct layout *l)
{
	bool focus = field == &form->fields[form->focus];
	int cols = echo_beside(field, l) ? SHORT_COLS : l->entry_cols;
	struct place at = { row, l->entry_col + 1, cols - 2 };

	if (form_echoes(form, field)) {
		paint_echo(form, field, c, row, l);
	}
	edit_paint(&field->edit, c, at, 1, focus);
	/* An edge that lets text through is open: there is more behind it. */
	(void)paint_text(c, (struct place){ row, l->entry_col, 1 }, ROLE_QUIET,
		field->edit.first > 0 ? "<" : "[");
	(void)paint_text(c, (struct place){ row, l->entry_col + cols - 1, 1 }, ROLE_QUIET,
		paint_width(edit_text(&field->edit)) > field->edit.first + at.cols ? ">" : "]");
}

/* Rows of the text that are out of view, said below the label. */
static void
paint_hidden(const struct field *field, struct canvas *c, struct place label, int rows)
{
	int hidden = (int)field->edit.n_rows - rows;
	int used = paint_wrap_rows(field->label, label.cols);
	struct str number = STR_INIT;
	struct str text = STR_INIT;

	if (hidden <= 0 || used >= rows) {
		return;
	}
	str_addf(&number, "%d", hidden);
	str_say(&text, P_("+{n} row", "+{n} rows", (unsigned long)hidden),
		&(struct str_arg){ "n", str_text(&number) }, 1);
	(void)paint_text(c, (struct place){ label.row + rows - 1, label.col, label.cols },
		ROLE_QUIET, str_text(&text));
	str_release(&number);
	str_release(&text);
}

static void
paint_area_entry(struct field *field, struct canvas *c, int row, const struct layout *l, bool focus)
{
	struct place at = { row, l->entry_col + 2, l->entry_cols - 2 };
	int rows = area_rows(field, l);

	for (int i = 0; i < rows; i++) {
		(void)paint_text(c, (struct place){ row + i, l->entry_col, 1 }, ROLE_QUIET, "|");
	}
	edit_paint(&field->edit, c, at, rows, focus);
	paint_hidden(field, c, (struct place){ row, LABEL_COL, l->label_cols }, rows);
}

static void
paint_entry(
	struct form *form, struct canvas *c, int row, const struct layout *l, struct field *field)
{
	bool focus = field == &form->fields[form->focus];
	struct str text = STR_INIT;

	switch (field->entry) {
	case ENTRY_LINE:
		paint_line_entry(form, field, c, row, l);
		return;
	case ENTRY_AREA:
		paint_area_entry(field, c, row, l, focus);
		return;
	case ENTRY_RADIO:
		paint_radio(field, c, row, l);
		row += focus && field->tall ? field->at : 0;
		break;
	default:
		entry_words(form, field, &text);
		(void)paint_wrapped(c, (struct place){ row, l->entry_col, l->entry_cols },
			(struct wrap){ .rows = AREA_ROWS_MAX },
			field->value ? ROLE_TEXT : ROLE_QUIET, str_text(&text));
		str_release(&text);
		break;
	}
	if (focus) {
		paint_caret(c, row, l->entry_col + (field->entry == ENTRY_RADIO), true);
	}
}

static void
paint_field(
	struct form *form, struct canvas *c, int row, const struct layout *l, struct field *field)
{
	bool focus = field == &form->fields[form->focus];

	if (focus) {
		(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, ">");
	}
	(void)paint_wrapped(c, (struct place){ row, LABEL_COL, l->label_cols },
		(struct wrap){ .rows = 3 }, focus ? ROLE_HEAD : ROLE_TEXT, field->label);
	if (doc_flag(field->def, "required")) {
		(void)paint_text(c, (struct place){ row, LABEL_COL - 1, 1 }, ROLE_OVERDUE, "*");
	}
	paint_entry(form, c, row, l, field);
	if (field->problem) {
		int height = paint_wrap_rows(field->problem, l->entry_cols - 2);
		int at = row + field_rows(form, field, l) - height;

		(void)paint_text(c, (struct place){ at, l->entry_col, 1 }, ROLE_OVERDUE, "!");
		(void)paint_wrapped(c, (struct place){ at, l->entry_col + 2, l->entry_cols - 2 },
			(struct wrap){ .rows = height }, ROLE_OVERDUE, field->problem);
	}
}

static void
scroll_to_focus(struct form *form, const struct layout *l, int rows)
{
	int first = 0;
	int height = 0;

	for (int i = 0; i <= form->focus && i < form->n; i++) {
		first += height;
		height = field_rows(form, &form->fields[i], l);
	}
	if (first + height > form->top + rows) {
		form->top = first + height - rows;
	}
	if (first < form->top) {
		form->top = first;
	}
}

static void
paint_help(struct form *form, struct canvas *c, int row)
{
	const struct field *field = &form->fields[form->focus];
	struct str text = STR_INIT;

	paint_rule(c, row);
	str_add(&text, doc_words_of(field->def, "help"));
	if (text.len == 0) {
		switch (field->entry) {
		case ENTRY_AREA:
			str_add(&text,
				_("Enter: new line. Ctrl-E: the whole window. Ctrl-_: undo."));
			break;
		case ENTRY_RADIO:
			str_add(&text,
				field->tall ? _("Up and Down go through the choices, Space takes "
						"one. Tab: next field.")
					    : _("Space or the arrow keys choose."));
			break;
		case ENTRY_LINE:
			break;
		default:
			str_add(&text, _("Enter or Space opens the list to choose from."));
			break;
		}
	}
	(void)paint_wrapped(c, (struct place){ row + 1, 1, c->cols - 2 },
		(struct wrap){ .rows = HELP_ROWS }, ROLE_QUIET, str_text(&text));
	str_release(&text);
}

/* In the rule: fields that are out of view, so that nobody takes the last row for the end. */
static void
paint_out_of_view(struct canvas *c, int row, int above, int below)
{
	const struct {
		int n;
		const char *words;
	} parts[] = {
		{ above, P_("{n} field above", "{n} fields above", (unsigned long)above) },
		{ below, P_("{n} field below", "{n} fields below", (unsigned long)below) },
	};
	struct str text = STR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char number[16];

		snprintf(number, sizeof(number), "%d", parts[i].n);
		if (parts[i].n > 0) {
			str_add(&text, text.len > 0 ? " / " : " ");
			str_say(&text, parts[i].words, &(struct str_arg){ "n", number }, 1);
		}
	}
	if (text.len > 0) {
		str_add(&text, " ");
		paint_right(c, (struct place){ row, 0, c->cols - 2 }, ROLE_QUIET, str_text(&text));
	}
	str_release(&text);
}

/* How much is written, how much may be, and the way back. */
static void
paint_zoom_state(const struct field *field, struct canvas *c)
{
	struct str chars = STR_INIT;
	struct str limit = STR_INIT;
	struct str text = STR_INIT;

	str_addf(&chars, "%zu", edit_chars(&field->edit));
	str_addf(&limit, "%zu", field->edit.max_chars);
	str_say(&text,
		field->edit.max_chars > 0 ? _("{n} of at most {max} characters")
					  : _("{n} characters"),
		(struct str_arg[]){ { "n", str_text(&chars) }, { "max", str_text(&limit) } }, 2);
	str_addf(&text, "   %s", _("Esc: back to the form, with the text"));
	paint_rule(c, c->rows - 2);
	(void)paint_text(
		c, (struct place){ c->rows - 1, 1, c->cols - 2 }, ROLE_QUIET, str_text(&text));
	str_release(&chars);
	str_release(&limit);
	str_release(&text);
}

/* Another way to write it, at the right of its name, where there is one. */
static void
paint_zoom_editor(const struct form *form, struct canvas *c)
{
	struct str text = STR_INIT;
	struct str why = STR_INIT;

	str_addf(&text, "Ctrl-O: %s", _("own editor"));
	if (!form_editor_refused(form, &why)) {
		int cols = paint_width(str_text(&text));

		(void)paint_text(c, (struct place){ 0, c->cols - cols - 1, cols }, ROLE_QUIET,
			str_text(&text));
	}
	str_release(&text);
	str_release(&why);
}

static void
paint_zoomed(struct form *form, struct canvas *c)
{
	struct field *field = &form->fields[form->focus];

	(void)paint_text(c, (struct place){ 0, 1, 0 }, ROLE_HEAD, field->label);
	paint_zoom_editor(form, c);
	paint_zoom_state(field, c);
	edit_paint(&field->edit, c, (struct place){ 1, 2, c->cols - 4 }, c->rows - 3, true);
}

void
form_paint(struct form *form, struct canvas *c)
{
	int rows = c->rows - HELP_ROWS - 1;
	struct layout l = layout_for(form, c->cols, rows);
	struct canvas body = paint_part(c, (struct place){ 0, 0, 0 }, rows);
	int above = 0;
	int below = 0;
	int row;

	if (form->n == 0) {
		(void)paint_text(c, (struct place){ 1, 2, 0 }, ROLE_TEXT,
			_("Nothing has to be filled in. Ctrl-S sends."));
		paint_caret(c, 1, 2, false);
		return;
	}
	if (form->zoomed) {
		paint_zoomed(form, c);
		return;
	}
	scroll_to_focus(form, &l, rows);
	row = -form->top;
	for (int i = 0; i < form->n; i++) {
		int height = field_rows(form, &form->fields[i], &l);

		if (row + height > 0 && row < rows) {
			paint_field(form, &body, row, &l, &form->fields[i]);
		}
		above += row + height <= 0;
		below += row >= rows;
		row += height;
	}
	paint_part_done(c, &body);
	paint_help(form, c, rows);
	paint_out_of_view(c, rows, above, below);
}
