/* SPDX-License-Identifier: MIT */
/*
 * How the duty board looks: the table, and what is known of the marked row.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "board.h"
#include "doc.h"
#include "toban/base/i18n.h"

enum {
	COL_MARKER = 1,
	COL_DUE = 3,
	DUE_COLS = 8,
	COL_ID = 12,
	ID_COLS = 8,
	COL_CLASS = 21,
	WIDE_FROM = 120, /* from here on the detail stands beside the table */
	DETAIL_COLS = 50,
	DETAIL_ROWS = 4,
};

/* Columns that grow with the terminal. */
struct layout {
	int class_cols;
	int waiting_cols;
	int title_col;
};

static struct layout
layout_for(int cols)
{
	struct layout l = { 14, 22, 0 };

	if (cols < 72) {
		l = (struct layout){ 10, 15, 0 };
	} else if (cols >= 110) {
		l = (struct layout){ 24, 30, 0 };
	}
	l.title_col = COL_CLASS + l.class_cols + 1 + l.waiting_cols + 1;
	return l;
}

static const char *
whose_words(enum whose whose)
{
	static const char *const words[WHOSE_COUNT] = {
		[WHOSE_ALL] = N_("show: all"),
		[WHOSE_DEPARTMENT] = N_("show: department"),
		[WHOSE_MINE] = N_("show: mine"),
	};

	return _(words[whose]);
}

static void
add_count(struct str *out, const char *label, const json_t *counts, const char *key)
{
	str_addf(out, "%s%s %lld", out->len > 0 ? " | " : "", label,
		(long long)doc_int(counts, key));
}

void
board_head(struct screen *screen, struct head *head)
{
	struct board *board = (struct board *)screen;

	add_count(&head->state, _("Mine"), board->counts, "mine");
	add_count(&head->state, _("Department"), board->counts, "department");
	add_count(&head->state, _("Open"), board->counts, "open");
	add_count(&head->state, _("Overdue"), board->counts, "overdue");
	if (board->words) {
		str_addf(&head->state_right, "/%s", board->words);
	} else {
		str_add(&head->state_right, whose_words(board->whose));
		str_add(&head->state_right, board->closed ? _(", also closed") : "");
	}
}

static void
paint_headings(const struct board *board, struct canvas *c, const struct layout *l)
{
	paint_right(c, (struct place){ 0, COL_DUE, DUE_COLS }, ROLE_HEAD,
		board->absolute ? _("DUE AT") : _("DUE IN"));
	(void)paint_text(c, (struct place){ 0, COL_ID, ID_COLS }, ROLE_HEAD, _("ID"));
	(void)paint_text(c, (struct place){ 0, COL_CLASS, l->class_cols }, ROLE_HEAD, _("CLASS"));
	(void)paint_text(c, (struct place){ 0, COL_CLASS + l->class_cols + 1, l->waiting_cols },
		ROLE_HEAD, _("WAITING FOR"));
	(void)paint_text(c, (struct place){ 0, l->title_col, 0 }, ROLE_HEAD, _("TITLE"));
}

/* The marker and its role: major before overdue before mine. */
static const char *
marker_of(const struct book *book, const json_t *row, enum role *ret_role)
{
	const char *major = doc_text(row, "major");

	*ret_role = ROLE_TEXT;
	if (strcmp(major, "yes") == 0 || strcmp(major, "proposed") == 0) {
		*ret_role = ROLE_MAJOR;
		return "!!";
	}
	if (doc_flag(row, "overdue")) {
		*ret_role = ROLE_OVERDUE;
		return "!";
	}
	if (book_waits_for_me(book, doc_list(row, "waiting_for"))) {
		*ret_role = ROLE_MINE;
		return "*";
	}
	return "";
}

static void
due_text(struct board *board, const json_t *row, char out[STAMP_SIZE])
{
	struct book *book = &board->base.app->book;
	stamp due = doc_time(row, "due_at");

	if (!board->absolute || due == STAMP_NONE) {
		book_left(book, due, out);
		return;
	}
	book_time(book, due, out);
	/* Another day: the date says more than the minute. */
	out[strlen(out) > DUE_COLS ? strcspn(out, " ") : strlen(out)] = '\0';
}

/* One's own step comes first; of the others the first is named and the rest counted. */
static void
waiting_text(struct book *book, const json_t *row, struct str *out)
{
	const json_t *waiting = doc_list(row, "waiting_for");
	size_t n = json_array_size(waiting);

	if (n == 0) {
		str_add(out, book_state(book, doc_text(row, "state")));
		return;
	}
	for (size_t i = 0; i < n && out->len == 0; i++) {
		const json_t *each = json_array_get(waiting, i);

		if (book_is_me(book, each)) {
			str_addf(out, "%s: %s", _("you"), book_step(book, doc_text(each, "step")));
		}
	}
	if (out->len == 0) {
		book_waiting(book, json_array_get(waiting, 0), out);
	}
	if (n > 1) {
		str_addf(out, " +%zu", n - 1);
	}
}

static void
paint_incident(struct board *board, struct canvas *c, int at, const json_t *row)
{
	struct book *book = &board->base.app->book;
	struct layout l = layout_for(c->cols);
	struct str text = STR_INIT;
	enum role role;
	const char *marker = marker_of(book, row, &role);
	char due[STAMP_SIZE];

	(void)paint_text(c, (struct place){ at, COL_MARKER, 2 }, role, marker);
	due_text(board, row, due);
	paint_right(c, (struct place){ at, COL_DUE, DUE_COLS },
		role == ROLE_MINE ? ROLE_TEXT : role, due);
	(void)paint_text(c, (struct place){ at, COL_ID, ID_COLS },
		role == ROLE_MINE ? ROLE_MINE : ROLE_TEXT, doc_text(row, "id"));
	if (l.class_cols < 20) {
		book_short_category(book, doc_text(row, "category"), &text);
	} else {
		book_category(book, doc_text(row, "category"), &text);
	}
	(void)paint_words(
		c, (struct place){ at, COL_CLASS, l.class_cols }, ROLE_TEXT, str_text(&text));
	str_clear(&text);
	waiting_text(book, row, &text);
	(void)paint_words(c, (struct place){ at, COL_CLASS + l.class_cols + 1, l.waiting_cols },
		ROLE_TEXT, str_text(&text));
	str_clear(&text);
	if (doc_flag(row, "drill")) {
		str_add(&text, "[訓練/DRILL] ");
	}
	str_add(&text, doc_text(row, "title"));
	(void)paint_text(c, (struct place){ at, l.title_col, 0 }, ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static void
paint_draft(struct board *board, struct canvas *c, int at, const json_t *row)
{
	struct book *book = &board->base.app->book;
	struct layout l = layout_for(c->cols);
	bool report = strcmp(doc_text(row, "form"), "report") == 0;
	const char *title = doc_text(row, "title");
	struct str what = STR_INIT;

	(void)paint_text(c, (struct place){ at, COL_MARKER, 2 }, ROLE_QUIET, _("D"));
	paint_right(c, (struct place){ at, COL_DUE, DUE_COLS }, ROLE_QUIET, _("draft"));
	(void)paint_text(c, (struct place){ at, COL_ID, ID_COLS }, ROLE_TEXT,
		report ? doc_text(row, "draft") : doc_text(row, "subject"));
	(void)paint_text(c, (struct place){ at, COL_CLASS, l.class_cols }, ROLE_QUIET, "-");
	str_addf(&what, "%s: %s", _("you"),
		report ? _("finish and send") : book_step(book, doc_text(row, "form")));
	(void)paint_words(c, (struct place){ at, COL_CLASS + l.class_cols + 1, l.waiting_cols },
		ROLE_TEXT, str_text(&what));
	(void)paint_text(c, (struct place){ at, l.title_col, 0 }, title[0] ? ROLE_TEXT : ROLE_QUIET,
		title[0] ? title : _("(no title yet)"));
	str_release(&what);
}

/* "Chain  佐藤 ok 22:25 > CISO -": names where they are known, roles where not. */
static void
add_chain(struct book *book, const json_t *show, struct str *out)
{
	json_t *chain = book_chain(book, show);
	size_t i;
	json_t *link;

	str_addf(out, "%s  ", _("Told"));
	json_array_foreach(chain, i, link)
	{
		const char *person = doc_text(link, "person");
		stamp acked = doc_time(link, "acknowledged_at");
		stamp seen = doc_time(link, "seen_at");
		char at[STAMP_SIZE] = "";

		str_add(out, i > 0 ? " > " : "");
		if (person[0]) {
			book_short_person(book, person, out);
		} else {
			str_add(out, book_role(book, doc_text(link, "role")));
		}
		book_time(book, acked != STAMP_NONE ? acked : seen, at);
		if (acked != STAMP_NONE) {
			str_addf(out, " %s %s", _("received"), at);
		} else if (seen != STAMP_NONE) {
			str_addf(out, " %s %s", _("seen"), at);
		} else if (doc_time(link, "notified_at") != STAMP_NONE) {
			str_addf(out, " %s", _("not yet"));
		} else {
			str_add(out, " -");
		}
	}
	json_decref(chain);
}

static void
add_waiting(struct board *board, const json_t *row, struct str *out)
{
	struct book *book = &board->base.app->book;
	stamp due = doc_time(row, "due_at");
	char at[STAMP_SIZE];
	char left[STAMP_SIZE];

	str_addf(out, "%s  ", _("Waiting for"));
	book_waiting_all(book, doc_list(row, "waiting_for"), out);
	if (json_array_size(doc_list(row, "waiting_for")) == 0) {
		str_add(out, _("nobody"));
	}
	if (due != STAMP_NONE) {
		book_time(book, due, at);
		book_left(book, due, left);
		str_addf(out, "   %s %s (%s)", _("due"), at, left);
	}
}

/* Paints one line of the detail; beside the table it may wrap. */
static int
detail_line(struct canvas *c, int row, enum role role, const char *text)
{
	if (c->rows <= DETAIL_ROWS) {
		(void)paint_words(c, (struct place){ row, 1, c->cols - 2 }, role, text);
		return row + 1;
	}
	return row + 1 +
		paint_wrapped(c, (struct place){ row, 1, c->cols - 2 }, (struct wrap){ .rows = 5 },
			role, text);
}

static void
paint_detail(struct board *board, struct canvas *c, const json_t *row)
{
	struct book *book = &board->base.app->book;
	struct str text = STR_INIT;
	char at[STAMP_SIZE];
	int line = 0;

	str_addf(&text, "%s  %s", doc_text(row, "id"), doc_text(row, "title"));
	line = detail_line(c, line, ROLE_TEXT, str_text(&text));
	str_clear(&text);
	book_category(book, doc_text(row, "category"), &text);
	str_addf(&text, "   %s   ", book_state(book, doc_text(row, "state")));
	book_time(book, doc_time(row, "reported_at"), at);
	str_say(&text, _("reported {time} by {name} ({department})"),
		(struct str_arg[]){ { "time", at },
			{ "name", book_person(book, doc_text(row, "finder")) },
			{ "department", book_department(book, doc_text(row, "department")) } },
		3);
	line = detail_line(c, line, ROLE_TEXT, str_text(&text));
	str_clear(&text);
	if (strcmp(doc_text(board->detail, "id"), doc_text(row, "id")) == 0) {
		add_chain(book, board->detail, &text);
	}
	line = detail_line(c, line, ROLE_TEXT, str_text(&text));
	str_clear(&text);
	add_waiting(board, row, &text);
	(void)detail_line(c, line,
		doc_flag(row, "overdue")                                        ? ROLE_OVERDUE
			: book_waits_for_me(book, doc_list(row, "waiting_for")) ? ROLE_MINE
										: ROLE_TEXT,
		str_text(&text));
	str_release(&text);
}

static void
paint_draft_detail(struct board *board, struct canvas *c, const json_t *row)
{
	struct book *book = &board->base.app->book;
	struct str text = STR_INIT;
	char at[STAMP_SIZE];

	book_time(book, doc_time(row, "saved_at"), at);
	str_say(&text, _("Draft {draft}, saved {time}. Nobody has been told yet."),
		(struct str_arg[]){ { "draft", doc_text(row, "draft") }, { "time", at } }, 2);
	(void)detail_line(c, 0, ROLE_HEAD, str_text(&text));
	(void)detail_line(c, c->rows <= DETAIL_ROWS ? 1 : 2, ROLE_TEXT,
		_("Enter continues it, d throws it away."));
	str_release(&text);
}

static void
paint_empty(struct board *board, struct canvas *c)
{
	const char *text = board->words
		? _("No incident holds all these words. Esc shows all again.")
		: board->whose == WHOSE_ALL
		? _("No open incidents. n: report one.")
		: _("Nothing here. w: show all departments. n: report an incident.");

	(void)paint_wrapped(c, (struct place){ 3, 3, c->cols - 6 }, (struct wrap){ .rows = 3 },
		ROLE_TEXT, text);
}

static void
paint_table(struct board *board, struct canvas *c)
{
	struct layout l = layout_for(c->cols);
	int rows = c->rows - 1;
	int top = list_view(&board->list, rows);

	paint_headings(board, c, &l);
	if (board->list.n == 0) {
		paint_empty(board, c);
		return;
	}
	for (int i = 0; i < rows && top + i < board->list.n; i++) {
		const json_t *row = json_array_get(board->rows, (size_t)(top + i));

		if (board_is_draft(row)) {
			paint_draft(board, c, i + 1, row);
		} else {
			paint_incident(board, c, i + 1, row);
		}
		if (top + i == board->list.selected) {
			paint_fill(c, (struct place){ i + 1, 0, 1 }, ROLE_SELECTED, ">");
			paint_caret(c, i + 1, 0, false);
		}
	}
}

void
board_paint(struct screen *screen, struct canvas *c)
{
	struct board *board = (struct board *)screen;
	bool wide = c->cols >= WIDE_FROM;
	int table_rows = wide ? c->rows : c->rows - DETAIL_ROWS - 1;
	int table_cols = wide ? c->cols - DETAIL_COLS - 2 : c->cols;
	struct canvas table = paint_part(c, (struct place){ 0, 0, table_cols }, table_rows);
	struct canvas detail = wide
		? paint_part(c, (struct place){ 0, table_cols + 2, DETAIL_COLS }, c->rows)
		: paint_part(c, (struct place){ table_rows + 1, 0, 0 }, DETAIL_ROWS);
	const json_t *row = board_selected(board);

	paint_table(board, &table);
	if (wide) {
		for (int i = 0; i < c->rows; i++) {
			(void)paint_text(c, (struct place){ i, table_cols, 1 }, ROLE_QUIET, "|");
		}
	} else {
		paint_rule(c, table_rows);
	}
	if (row && board_is_draft(row)) {
		paint_draft_detail(board, &detail, row);
	} else if (row) {
		paint_detail(board, &detail, row);
	}
	paint_part_done(c, &table);
	paint_part_done(c, &detail);
}
