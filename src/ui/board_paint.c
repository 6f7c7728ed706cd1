/* SPDX-License-Identifier: MIT */
/*
 * How the duty board looks: the first rows and the table.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "board.h"
#include "doc.h"
#include "handover.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

static const char *
whose_words(enum whose whose)
{
	static const char *const words[WHOSE_COUNT] = {
		[WHOSE_ALL] = N_("all departments"),
		[WHOSE_DEPARTMENT] = N_("department"),
		[WHOSE_MINE] = N_("mine"),
	};

	return _(words[whose]);
}

const char *
board_order_words(enum board_order order)
{
	static const char *const words[ORDER_COUNT] = {
		[ORDER_DUE] = N_("next due"),
		[ORDER_NEWEST] = N_("newest"),
		[ORDER_NUMBER] = N_("number"),
		[ORDER_CATEGORY] = N_("category"),
		[ORDER_STATE] = N_("state"),
	};

	return _(words[order]);
}

static void
add_count(struct str *out, const char *label, const json_t *counts, const char *key)
{
	str_addf(out, "%s%s %lld", out->len > 0 ? " | " : "", label,
		(long long)doc_int(counts, key));
}

/* What else waits, with the key that leads there, where there is any and room for it. */
static void
add_elsewhere(const struct board *board, int cols, struct str *out)
{
	const struct {
		const char *label;
		int64_t n;
	} items[] = {
		{ _("! m: undelivered"), doc_int(board->counts, "dead_letters") },
		{ _("! 2: emergency reading"), doc_int(board->counts, "glass") },
		{ _("2: keys"), board->keys },
		{ _("restricted"), doc_int(board->counts, "restricted") },
		{ _("8: alerts"), doc_int(json_object_get(board->counts, "alerts"), "open") },
	};

	for (size_t i = 0; i < ARRAY_LEN(items); i++) {
		struct str item = STR_INIT;

		str_addf(&item, " | %s %lld", items[i].label, (long long)items[i].n);
		if (items[i].n > 0 &&
			paint_width(str_text(out)) + paint_width(str_text(&item)) < cols) {
			str_add(out, str_text(&item));
		}
		str_release(&item);
	}
}

/* How much of filter and order is said; less, where row 2 is short. */
enum filter_words { WORDS_LABELLED, WORDS_BARE, WORDS_UNUSUAL, WORDS_FEW };

static void
add_choice(const struct board *board, enum filter_words words, struct str *out)
{
	bool usual = words >= WORDS_UNUSUAL && !board->closed;

	if (board->words) {
		str_addf(out, "/%s", board->words);
		return;
	}
	if (!usual) {
		str_add(out,
			words == WORDS_FEW      ? _("+closed")
				: board->closed ? _("open and closed")
						: _("open only"));
	}
	if (board->whose != WHOSE_ALL) {
		str_addf(out, "%s%s", usual ? "" : _(", "), whose_words(board->whose));
	}
}

/* "filter: open, mine  sort: next due". */
static void
add_filter(const struct board *board, enum filter_words words, struct str *out)
{
	bool labels = words == WORDS_LABELLED;

	str_add(out, labels ? _("filter: ") : "");
	add_choice(board, words, out);
	if (words == WORDS_FEW || (words == WORDS_UNUSUAL && board->order == ORDER_DUE)) {
		return;
	}
	str_addf(out, "  %s%s", labels ? _("sort: ") : "", board_order_words(board->order));
	/* More than can be sorted here: said, not hidden. */
	if (board->order != ORDER_DUE && json_is_string(board->next)) {
		str_addf(out, " (%s)", _("of those due first"));
	}
}

/*
 * Until somebody accepts the shift, that matters more than how the list is sorted: as much of
 * it as there is room for.
 */
static void
add_handover(const struct board *board, int cols, struct str *out)
{
	const json_t *handover = json_object_get(board->counts, "handover");
	const char *const labels[] = { _("handover pending:"), _("handover:") };

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		str_clear(out);
		str_addf(out, "%s%s ", doc_flag(handover, "mine") ? "* " : "", labels[i]);
		handover_words(&board->base.app->book, handover, out);
		if (paint_width(str_text(out)) <= cols) {
			return;
		}
	}
	str_clear(out);
	str_add(out, _("4: handover"));
}

void
board_head(struct screen *screen, struct head *head)
{
	struct board *board = (struct board *)screen;
	int rows;
	int cols;

	add_count(&head->state, _("Mine"), board->counts, "mine");
	add_count(&head->state, _("Department"), board->counts, "department");
	add_count(&head->state, _("Open"), board->counts, "open");
	add_count(&head->state, _("Overdue"), board->counts, "overdue");
	terminal_size(&rows, &cols);
	add_elsewhere(board, cols - 1, &head->state);
	cols -= paint_width(str_text(&head->state)) + 4;
	if (json_is_object(json_object_get(board->counts, "handover"))) {
		add_handover(board, cols, &head->state_right);
		return;
	}
	for (int words = WORDS_LABELLED; words <= WORDS_FEW; words++) {
		str_clear(&head->state_right);
		add_filter(board, (enum filter_words)words, &head->state_right);
		if (paint_width(str_text(&head->state_right)) <= cols) {
			return;
		}
	}
	/* The counts are never painted over. */
	str_clear(&head->state_right);
	if (cols > 0 && board->words) {
		struct str filter = STR_INIT;

		str_addf(&filter, "/%s", board->words);
		text_fit_dots(&head->state_right, str_text(&filter), filter.len, cols);
		str_release(&filter);
	}
}

static void
paint_headings(const struct board *board, struct canvas *c, const struct board_layout *l)
{
	paint_right(c, (struct place){ 0, BOARD_COL_DUE, BOARD_DUE_COLS }, ROLE_HEAD,
		board->absolute ? _("DUE AT") : _("DUE IN"));
	(void)paint_text(c, (struct place){ 0, BOARD_COL_ID, BOARD_ID_COLS }, ROLE_HEAD, _("ID"));
	(void)paint_text(c, (struct place){ 0, BOARD_COL_CLASS, l->class_cols }, ROLE_HEAD,
		l->class_cols < BOARD_CLASS_SHORT ? _("CL.") : _("CLASS"));
	(void)paint_text(c, (struct place){ 0, l->waiting_col, l->waiting_cols }, ROLE_HEAD,
		_("WAITING FOR"));
	(void)paint_text(c, (struct place){ 0, l->title_col, 0 }, ROLE_HEAD, _("TITLE"));
}

static bool
is_major(const json_t *row)
{
	const char *major = doc_text(row, "major");

	return strcmp(major, "yes") == 0 || strcmp(major, "proposed") == 0;
}

/* "2 new, press . to show", over the end of the headings. */
static void
paint_held(const struct board *board, struct canvas *c)
{
	enum role role = ROLE_MINE;
	struct str text = STR_INIT;
	char number[16];
	size_t i;
	json_t *row;
	int width;

	if (json_array_size(board->held) == 0) {
		return;
	}
	json_array_foreach(board->held, i, row)
	{
		if (is_major(row)) {
			role = ROLE_MAJOR;
		}
	}
	snprintf(number, sizeof(number), "%zu", i);
	str_add(&text, role == ROLE_MAJOR ? "!! " : "");
	str_say(&text, _("{n} new, press . to show"), &(struct str_arg){ "n", number }, 1);
	width = paint_width(str_text(&text));
	paint_fill(c, (struct place){ 0, c->cols - width - 2, 0 }, ROLE_TEXT, "");
	paint_right(c, (struct place){ 0, 0, c->cols - 1 }, role, str_text(&text));
	str_release(&text);
}

/* The marker and its role: major before overdue; what waits for me says so beside it. */
static const char *
marker_of(const json_t *row, const struct book_waited *waited, enum role *ret_role)
{
	*ret_role = ROLE_TEXT;
	if (is_major(row)) {
		*ret_role = ROLE_MAJOR;
		return "!!";
	}
	if (waited->late) {
		*ret_role = ROLE_OVERDUE;
		return waited->for_me ? "!*" : "!";
	}
	if (waited->for_me) {
		*ret_role = ROLE_MINE;
		return "*";
	}
	return "";
}

void
board_paint_due(struct canvas *c, int at, enum role role, const char *marker, const char *due)
{
	struct str text = STR_INIT;
	int gap = BOARD_COL_DUE - BOARD_COL_MARKER + BOARD_DUE_COLS - paint_width(marker) -
		paint_width(due);

	str_addf(&text, "%s%*s%s", marker, gap > 0 ? gap : 0, "", due);
	(void)paint_text(c, (struct place){ at, BOARD_COL_MARKER, 0 }, role, str_text(&text));
	str_release(&text);
}

static void
due_text(struct board *board, stamp due, char out[STAMP_SIZE])
{
	struct book *book = &board->base.app->book;

	if (!board->absolute || due == STAMP_NONE) {
		book_left(book, due, out);
		return;
	}
	book_time(book, due, out);
	/* Another day: the date says more than the minute. */
	out[strlen(out) > BOARD_DUE_COLS ? strcspn(out, " ") : strlen(out)] = '\0';
}

/* Class of a case as wide as the column: its number, with a short word, or whole. */
static void
class_text(struct book *book, const json_t *row, int cols, struct str *out)
{
	const char *category = doc_text(row, "category");
	int64_t number = doc_int(book_category_record(book, category), "number");

	if (cols >= BOARD_CLASS_FULL) {
		book_category(book, category, out);
	} else if (cols >= BOARD_CLASS_SHORT || number == 0) {
		book_short_category(book, category, out);
	} else {
		str_addf(out, "%lld", (long long)number);
	}
}

/* The number, and a plus when others wrote something that this person has not read. */
static void
paint_id(struct canvas *c, int at, enum role role, const json_t *row)
{
	int col = BOARD_COL_ID;

	col += paint_text(c, (struct place){ at, col, BOARD_ID_COLS },
		role == ROLE_MINE ? ROLE_MINE : ROLE_TEXT, doc_text(row, "id"));
	if (doc_int(row, "changed") > 0) {
		(void)paint_text(c, (struct place){ at, col, 1 }, ROLE_TEXT, "+");
	}
}

static void
paint_incident(struct board *board, struct canvas *c, int at, const json_t *row)
{
	struct book *book = &board->base.app->book;
	const struct board_layout l = board->layout;
	struct book_waited waited = book_waited(book, row);
	struct str text = STR_INIT;
	enum role role;
	const char *marker = marker_of(row, &waited, &role);
	char due[STAMP_SIZE];

	due_text(board, waited.due, due);
	board_paint_due(c, at, role == ROLE_MINE ? ROLE_TEXT : role, marker, due);
	paint_id(c, at, role, row);
	class_text(book, row, l.class_cols, &text);
	(void)paint_words(
		c, (struct place){ at, BOARD_COL_CLASS, l.class_cols }, ROLE_TEXT, str_text(&text));
	str_clear(&text);
	if (waited.entry) {
		book_waited_words(book, &waited, l.waiting_cols, &text);
	} else {
		str_add(&text, book_state(book, doc_text(row, "state")));
	}
	(void)paint_words(
		c, (struct place){ at, l.waiting_col, l.waiting_cols }, ROLE_TEXT, str_text(&text));
	str_clear(&text);
	if (doc_flag(row, "drill")) {
		str_add(&text, "[訓練/DRILL] ");
	}
	str_add(&text, doc_text(row, "title"));
	(void)paint_cut(c, (struct place){ at, l.title_col, 0 }, ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static void
paint_draft(struct board *board, struct canvas *c, int at, const json_t *row)
{
	struct book *book = &board->base.app->book;
	const struct board_layout l = board->layout;
	bool report = strcmp(doc_text(row, "form"), "report") == 0;
	const char *title = doc_text(row, "title");
	struct str what = STR_INIT;

	board_paint_due(c, at, ROLE_QUIET, _("D"), _("draft"));
	(void)paint_text(c, (struct place){ at, BOARD_COL_ID, BOARD_ID_COLS }, ROLE_TEXT,
		report ? doc_text(row, "draft") : doc_text(row, "subject"));
	(void)paint_text(c, (struct place){ at, BOARD_COL_CLASS, l.class_cols }, ROLE_QUIET, "-");
	str_addf(&what, "%s: %s", _("you"),
		report ? _("finish and send") : book_short_step(book, doc_text(row, "form")));
	(void)paint_words(
		c, (struct place){ at, l.waiting_col, l.waiting_cols }, ROLE_TEXT, str_text(&what));
	(void)paint_cut(c, (struct place){ at, l.title_col, 0 }, title[0] ? ROLE_TEXT : ROLE_QUIET,
		title[0] ? title : _("(no title yet)"));
	str_release(&what);
}

/* Why nothing is here, and the key that helps whoever looks. */
static const char *
empty_words(const struct board *board)
{
	bool reports = doc_flag(json_object_get(board->base.app->book.desk, "can"), "report");

	if (board->words) {
		return _("No incident holds all these words. Esc shows all again.");
	}
	if (board->whose != WHOSE_ALL) {
		return reports ? _("Nothing here. w: show all departments. n: report an incident.")
			       : _("Nothing here. w: show all departments.");
	}
	if (board->closed) {
		return reports ? _("No incidents. n: report one.") : _("No incidents.");
	}
	return reports ? _("No open incidents. n: report one.")
		       : _("No open incidents. c: show closed ones, too.");
}

/* What the screen is for, the key to begin with, and when something last happened. */
static void
paint_empty(struct board *board, struct canvas *c)
{
	struct book *book = &board->base.app->book;
	const char *text = empty_words(board);
	int row = 3;

	row += paint_wrapped(c, (struct place){ row, 3, c->cols - 6 }, (struct wrap){ .rows = 3 },
		ROLE_TEXT, text);
	if (json_is_object(board->newest)) {
		struct str newest = STR_INIT;
		char at[STAMP_SIZE];

		book_time(book, doc_time(board->newest, "reported_at"), at);
		str_say(&newest, _("The newest case: {id}, reported {time}."),
			(struct str_arg[]){
				{ "id", doc_text(board->newest, "id") }, { "time", at } },
			2);
		(void)paint_wrapped(c, (struct place){ row, 3, c->cols - 6 },
			(struct wrap){ .rows = 2 }, ROLE_QUIET, str_text(&newest));
		str_release(&newest);
	}
}

static void
paint_table(struct board *board, struct canvas *c)
{
	int rows = c->rows - 1;
	int top = list_view(&board->list, rows);

	paint_headings(board, c, &board->layout);
	paint_held(board, c);
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

static struct canvas
canvas_of_pane(const struct canvas *c, const struct pane *pane)
{
	return paint_part(c, (struct place){ pane->row, pane->col, pane->cols }, pane->rows);
}

/* The rule on the left of a pane beside another; plain, because each row pays for a colour. */
static void
paint_side(struct canvas *c, const struct pane *pane)
{
	for (int i = 0; i < pane->rows; i++) {
		(void)paint_text(
			c, (struct place){ pane->row + i, pane->col - 2, 1 }, ROLE_TEXT, "|");
	}
}

void
board_paint(struct screen *screen, struct canvas *c)
{
	struct board *board = (struct board *)screen;
	struct board_layout l = board_layout_for(c->cols, c->rows);
	struct canvas table = canvas_of_pane(c, &l.table);
	struct canvas detail = canvas_of_pane(c, &l.detail);
	bool beside = l.detail.row == 0;

	board->layout = l;
	paint_table(board, &table);
	paint_part_done(c, &table);
	if (beside) {
		paint_side(c, &l.detail);
	} else {
		paint_rule(c, l.detail.row - 1);
	}
	board_paint_detail(board, &detail, beside, l.log.rows == 0);
	paint_part_done(c, &detail);
	if (l.log.rows > 0) {
		struct canvas log = canvas_of_pane(c, &l.log);

		paint_side(c, &l.log);
		board_paint_log(board, &log);
		paint_part_done(c, &log);
	}
}
