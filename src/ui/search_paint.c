/* SPDX-License-Identifier: MIT */
/*
 * The search screen: the question, what was found, and below it (beside it where
 * there is room) the places in the selected case, or how to ask.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "search.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

enum {
	BELOW_ROWS = 6,  /* the part below the list, with its rule */
	SMALL_ROWS = 14, /* of the body: then one place less is shown */
	WIDE_FROM = 120, /* from here on the places stand beside the list */
	STATE_FROM = 76, /* from here on the list has class and state */
	CLASS_COL = 22,
	CLASS_COLS = 14,
	STATE_COLS = 15,
	SIDE_PERCENT = 42
};

void
search_head(struct screen *screen, struct head *head)
{
	const json_t *me = book_my_record(&screen->app->book);

	if (((const struct search *)screen)->stopped) {
		str_add(&head->state,
			_("Stopped after opening 2,000 cases: narrow it by since: or dept:."));
		return;
	}
	/* Never a number: how much is hidden is not for those it is hidden from. */
	str_add(&head->state,
		doc_holds(doc_list(me, "roles"), "auditor")
			? _("All departments; cases that name you are left out.")
			: _("Searched: every case that you may read, no other."));
}

/* --- marked text ---------------------------------------------------------------------- */

/* The byte at which the code point `n` of the text begins. */
static size_t
byte_of(const char *text, size_t n)
{
	size_t at = 0;

	for (; text[at]; at++) {
		if (((unsigned char)text[at] & 0xc0) != 0x80 && n-- == 0) {
			break;
		}
	}
	return at;
}

/* Paints a part of the text on one row; returns the columns it took. */
static int
paint_piece(struct canvas *c, struct place at, enum role role, const char *text, size_t len)
{
	struct str shown = STR_INIT;
	int cols = 0;

	text_show(&shown, text, len, TEXT_FOLD);
	if (at.cols > 0) {
		cols = paint_text(c, at, role, str_text(&shown));
	}
	str_release(&shown);
	return cols;
}

/* Columns of the whole text with its brackets. */
static int
marked_width(const json_t *hit)
{
	return paint_width(doc_text(hit, "text")) +
		2 * (int)json_array_size(doc_list(hit, "marks"));
}

/* The text of a place with its words in brackets; what does not fit ends with dots. */
static void
paint_marked(struct canvas *c, struct place at, enum role role, const json_t *hit)
{
	const char *text = doc_text(hit, "text");
	const char *dots = marked_width(hit) > at.cols ? text_dots(at.cols) : "";
	int end = at.col + at.cols - (int)strlen(dots);
	size_t done = 0;
	size_t i;
	json_t *mark;

	json_array_foreach(doc_list(hit, "marks"), i, mark)
	{
		size_t start = (size_t)json_integer_value(json_array_get(mark, 0));
		size_t from = byte_of(text, start);
		size_t to =
			byte_of(text, start + (size_t)json_integer_value(json_array_get(mark, 1)));

		at.col += paint_piece(c, (struct place){ at.row, at.col, end - at.col }, role,
			text + done, from - done);
		at.col += paint_piece(
			c, (struct place){ at.row, at.col, end - at.col }, ROLE_HEAD, "[", 1);
		at.col += paint_piece(c, (struct place){ at.row, at.col, end - at.col }, ROLE_HEAD,
			text + from, to - from);
		at.col += paint_piece(
			c, (struct place){ at.row, at.col, end - at.col }, ROLE_HEAD, "]", 1);
		done = to;
	}
	at.col += paint_piece(c, (struct place){ at.row, at.col, end - at.col }, role, text + done,
		strlen(text + done));
	(void)paint_text(c, (struct place){ at.row, at.col, (int)strlen(dots) }, role, dots);
}

/* --- the list -------------------------------------------------------------------------- */

static void
paint_columns(struct canvas *c, int row)
{
	bool wide = c->cols >= STATE_FROM;
	struct span spans[] = {
		{ 2, ROLE_HEAD, "" },
		{ 9, ROLE_HEAD, _("ID") },
		{ 11, ROLE_HEAD, _("REPORTED") },
		{ wide ? CLASS_COLS + 1 : -1, ROLE_HEAD, _("CLASS") },
		{ wide ? STATE_COLS + 1 : -1, ROLE_HEAD, _("STATE") },
		{ 0, ROLE_HEAD, _("TITLE") },
	};
	int col = 0;

	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		int cols = spans[i].cols > 0 ? spans[i].cols - 1 : c->cols - col;

		if (spans[i].cols >= 0) {
			(void)paint_text(
				c, (struct place){ row, col, cols }, ROLE_HEAD, spans[i].text);
			col += spans[i].cols;
		}
	}
}

/* The place in the title, NULL: no word stands in it as it is now. */
static const json_t *
title_hit(const json_t *row)
{
	size_t i;
	json_t *hit;

	json_array_foreach(doc_list(row, "hits"), i, hit)
	{
		if (strcmp(doc_text(hit, "field"), "title") == 0 &&
			strcmp(doc_text(hit, "text"), doc_text(row, "title")) == 0) {
			return hit;
		}
	}
	return NULL;
}

static void
paint_title(struct canvas *c, struct place at, enum role role, const json_t *row)
{
	const json_t *hit = title_hit(row);

	if (doc_flag(row, "drill")) {
		int cols = paint_text(c, at, ROLE_QUIET, _("DRILL"));

		at.col += cols + 1;
		at.cols -= cols + 1;
	}
	if (hit) {
		paint_marked(c, at, role, hit);
	} else {
		(void)paint_cut(c, at, role, doc_text(row, "title"));
	}
}

static void
paint_row(struct search *search, struct canvas *c, int at, int i)
{
	struct book *book = &search->base.app->book;
	const json_t *row = json_array_get(search->rows, (size_t)i);
	bool marked = i == search->list.selected;
	enum role role = marked ? ROLE_HEAD : ROLE_TEXT;
	struct str class = STR_INIT;
	char day[11];
	int col = CLASS_COL;

	(void)snprintf(day, sizeof(day), "%.10s", doc_text(row, "reported_at"));
	(void)paint_text(c, (struct place){ at, 0, 1 }, ROLE_SELECTED, marked ? ">" : "");
	(void)paint_text(c, (struct place){ at, 2, 8 }, role, doc_text(row, "id"));
	(void)paint_text(c, (struct place){ at, 11, 10 }, role, day);
	if (c->cols >= STATE_FROM) {
		book_short_category(book, doc_text(row, "category"), &class);
		(void)paint_cut(c, (struct place){ at, col, CLASS_COLS }, role, str_text(&class));
		col += CLASS_COLS + 1;
		(void)paint_cut(c, (struct place){ at, col, STATE_COLS }, role,
			book_state(book, doc_text(row, "state")));
		col += STATE_COLS + 1;
	}
	paint_title(c, (struct place){ at, col, c->cols - col }, role, row);
	str_release(&class);
}

/* Nothing was found: what was asked, and what may help. */
static void
paint_nothing(struct search *search, struct canvas *c)
{
	struct str text = STR_INIT;

	if (search->fault) {
		(void)paint_wrapped(c, (struct place){ 0, 2, c->cols - 3 },
			(struct wrap){ .rows = c->rows }, ROLE_OVERDUE, search->fault);
		return;
	}
	if (!search->asked || search->asked[0] == '\0') {
		(void)paint_text(c, (struct place){ 0, 2, 0 }, ROLE_QUIET,
			_("Type what you remember: words, a number, a name."));
		return;
	}
	str_say(&text,
		_("Nothing found for {query} in titles, situations, places, assets and "
		  "entries."),
		(struct str_arg[]){ { "query", search->asked } }, 1);
	(void)paint_wrapped(c, (struct place){ 0, 2, c->cols - 3 }, (struct wrap){ .rows = 3 },
		ROLE_TEXT, str_text(&text));
	(void)paint_wrapped(c, (struct place){ 3, 2, c->cols - 3 }, (struct wrap){ .rows = 3 },
		ROLE_QUIET,
		_("Try fewer or shorter words, a later until:, or leave a filter out."));
	str_release(&text);
}

static void
paint_list(struct search *search, struct canvas *c)
{
	struct canvas rows = paint_part(c, (struct place){ 1, 0, 0 }, c->rows - 1);
	int top = list_view(&search->list, rows.rows);

	if (search->fault || search->list.n == 0) {
		paint_nothing(search, &rows);
	} else {
		paint_columns(c, 0);
		for (int i = 0; i < rows.rows && top + i < search->list.n; i++) {
			paint_row(search, &rows, i, top + i);
		}
	}
	paint_part_done(c, &rows);
}

/* --- below or beside ------------------------------------------------------------------- */

static void
paint_help(struct canvas *c)
{
	static const char *const lines[] = {
		N_("words: all must match, \"exact phrase\", -not"),
		N_("id:26-01  class:3  state:open  mine  dept:dc  owner:  by:"),
		N_("since:2025-04  until:yesterday  since:-30d  has:evidence"),
		N_("overdue:yes  major:yes  drill:no  -class:6"),
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		(void)paint_text(
			c, (struct place){ 1 + (int)i, 1, c->cols - 2 }, ROLE_QUIET, _(lines[i]));
	}
}

/* "11-22 22:41 note, 佐藤" and the text, on two rows. */
static void
paint_place(struct search *search, struct canvas *c, int at, int i)
{
	struct book *book = &search->base.app->book;
	const json_t *hit = json_array_get(doc_list(search_row(search), "hits"), (size_t)i);
	struct str text = STR_INIT;
	char time[STAMP_SIZE];

	book_time(book, doc_time(hit, "at"), time);
	str_addf(&text, "%s  %s  %s", time, book_kind(book, doc_text(hit, "kind")),
		book_person(book, doc_text(hit, "actor")));
	(void)paint_text(c, (struct place){ at, 1, 1 }, ROLE_SELECTED, i == search->hit ? ">" : "");
	(void)paint_text(c, (struct place){ at, 3, c->cols - 4 }, ROLE_QUIET, str_text(&text));
	paint_marked(c, (struct place){ at + 1, 3, c->cols - 4 }, ROLE_TEXT, hit);
	str_release(&text);
}

static void
paint_places(struct search *search, struct canvas *c)
{
	const json_t *row = search_row(search);
	int n = (int)json_array_size(doc_list(row, "hits"));
	int fit = (c->rows - 2) / 2;
	int first = search->hit < fit ? 0 : search->hit - fit + 1;
	struct str text = STR_INIT;

	if (!search->reading || !row) {
		paint_help(c);
		return;
	}
	if (n == 0) {
		str_say(&text, _("{id}: found by its number or by filters"),
			(struct str_arg[]){ { "id", doc_text(row, "id") } }, 1);
	} else {
		str_addf(&text, "%s > %s %d/%d", doc_text(row, "id"), _("place"), search->hit + 1,
			n);
	}
	(void)paint_text(c, (struct place){ 1, 1, c->cols - 2 }, ROLE_HEAD, str_text(&text));
	for (int i = 0; i < fit && first + i < n; i++) {
		paint_place(search, c, 2 + 2 * i, first + i);
	}
	str_release(&text);
}

/* "11 found", "at least 500 found". */
static void
paint_count(struct search *search, struct canvas *c, int *ret_cols)
{
	struct str text = STR_INIT;
	char n[32];

	*ret_cols = 0;
	if (!search->asked || search->asked[0] == '\0' || search->fault) {
		return;
	}
	(void)snprintf(n, sizeof(n), "%lld", (long long)search->found);
	str_say(&text, search->all ? _("{n} found") : _("{n} or more found"),
		(struct str_arg[]){ { "n", n } }, 1);
	*ret_cols = paint_width(str_text(&text)) + 1;
	paint_right(c, (struct place){ 0, c->cols - *ret_cols, *ret_cols - 1 }, ROLE_HEAD,
		str_text(&text));
	str_release(&text);
}

void
search_paint(struct screen *screen, struct canvas *c)
{
	struct search *search = (struct search *)screen;
	bool wide = c->cols >= WIDE_FROM;
	int side = wide ? c->cols * SIDE_PERCENT / 100 : 0;
	int below = wide ? 0 : c->rows < SMALL_ROWS ? BELOW_ROWS - 2 : BELOW_ROWS;
	struct canvas list =
		paint_part(c, (struct place){ 2, 0, c->cols - side }, c->rows - 2 - below);
	struct canvas more = wide
		? paint_part(c, (struct place){ 1, c->cols - side + 1, side - 1 }, c->rows - 1)
		: paint_part(c, (struct place){ c->rows - below, 0, 0 }, below);
	int count;

	paint_rule(c, 1);
	paint_list(search, &list);
	if (!wide) {
		paint_rule(&more, 0);
	}
	paint_places(search, &more);
	paint_part_done(c, &list);
	paint_part_done(c, &more);
	paint_count(search, c, &count);
	(void)paint_text(c, (struct place){ 0, 1, 1 }, ROLE_TITLE, "/");
	edit_paint(&search->query, c, (struct place){ 0, 3, c->cols - 5 - count }, 1,
		!search->reading);
}
