/* SPDX-License-Identifier: MIT */
/*
 * What is known of the marked row: below the table in a few lines, beside it
 * in columns.  Every size says the same; a wide one says it at once.
 */
#include <string.h>

#include "app.h"
#include "board.h"
#include "doc.h"
#include "incident.h"
#include "toban/base/i18n.h"

/* "due 22:53 (0:12)" of exactly that limit; nothing without one. */
static void
add_due(struct book *book, stamp due, struct str *out)
{
	char at[STAMP_SIZE];
	char left[STAMP_SIZE];

	if (due == STAMP_NONE) {
		return;
	}
	book_time(book, due, at);
	book_left(book, due, left);
	str_addf(out, "%s %s (%s)", _("due"), at, left);
}

/* The text on the left, cut where the one on the right begins. */
static void
paint_both(struct canvas *c, int row, enum role role, const char *left, const char *right)
{
	int width = paint_width(right);

	(void)paint_words(
		c, (struct place){ row, 1, c->cols - 3 - width - 2 * (width > 0) }, role, left);
	paint_right(c, (struct place){ row, 1, c->cols - 3 }, role, right);
}

static void
add_reported(struct book *book, const json_t *show, bool whole, struct str *out)
{
	const char *department = doc_text(show, "department");
	const json_t *found = doc_find(doc_list(book_org(book), "departments"), "id", department);
	const char *code = doc_text(found, "code");
	struct str name = STR_INIT;
	char at[STAMP_SIZE];

	book_time(book, doc_time(show, "reported_at"), at);
	if (whole) {
		str_add(&name, book_person(book, doc_text(show, "finder")));
	} else {
		book_short_person(book, doc_text(show, "finder"), &name);
	}
	str_say(out, _("reported {time} by {name} ({department})"),
		(struct str_arg[]){ { "time", at }, { "name", str_text(&name) },
			{ "department",
				whole || !code[0] ? book_department(book, department) : code } },
		3);
	str_release(&name);
}

/* Who is awaited, in one row, with the limit that the table shows. */
static void
paint_waiting_row(struct book *book, struct canvas *c, int row, const json_t *show)
{
	struct book_waited waited = book_waited(book, show);
	struct str left = STR_INIT;
	struct str right = STR_INIT;
	int room;

	add_due(book, waited.due, &right);
	str_addf(&left, "%s  ", _("Waiting for"));
	room = c->cols - 5 - paint_width(str_text(&right)) - paint_width(str_text(&left));
	if (waited.entry) {
		book_waiting_fit(book, show, room, &left);
	} else {
		str_add(&left, _("nobody"));
	}
	paint_both(c, row,
		waited.late           ? ROLE_OVERDUE
			: waited.mine ? ROLE_MINE
				      : ROLE_TEXT,
		str_text(&left), str_text(&right));
	str_release(&left);
	str_release(&right);
}

/* "2 Service disruption   Reviewing": the class short where both have no room. */
static void
add_class(struct book *book, const json_t *show, int cols, struct str *out)
{
	const char *state = book_state(book, doc_text(show, "state"));

	book_category(book, doc_text(show, "category"), out);
	if (paint_width(str_text(out)) + 3 + paint_width(state) > cols) {
		str_clear(out);
		book_short_category(book, doc_text(show, "category"), out);
	}
	str_addf(out, "   %s", state);
}

/* Four lines, and where there is room the newest entries below them. */
static void
paint_below(struct board *board, struct canvas *c, const json_t *show)
{
	struct book *book = &board->base.app->book;
	struct str left = STR_INIT;
	struct str right = STR_INIT;

	str_addf(&left, "%s  %s", doc_text(show, "id"), doc_text(show, "title"));
	(void)paint_cut(c, (struct place){ 0, 1, c->cols - 3 }, ROLE_HEAD, str_text(&left));
	str_clear(&left);
	add_reported(book, show, false, &right);
	add_class(book, show, c->cols - 5 - paint_width(str_text(&right)), &left);
	paint_both(c, 1, ROLE_TEXT, str_text(&left), str_text(&right));
	str_clear(&left);
	str_clear(&right);
	if (doc_list(show, "chain")) {
		book_add_chain(book, show, &left);
	}
	(void)paint_words(c, (struct place){ 2, 1, c->cols - 3 }, ROLE_TEXT, str_text(&left));
	paint_waiting_row(book, c, 3, show);
	str_release(&left);
	str_release(&right);
	if (c->rows > 4) {
		struct canvas log = paint_part(c, (struct place){ 4, 0, 0 }, c->rows - 4);

		board_paint_log(board, &log);
		paint_part_done(c, &log);
	}
}

/* A wrapped text; returns the row below it. */
static int
paint_lines(struct canvas *c, int row, int rows, enum role role, const char *text)
{
	int took = paint_wrapped(c, (struct place){ row, 0, c->cols - 1 },
		(struct wrap){ .rows = rows }, role, text);

	return row + (took < rows ? took : rows);
}

static int
paint_chain(struct book *book, struct canvas *c, int row, const json_t *show)
{
	json_t *chain = book_chain(book, show);
	size_t i;
	json_t *link;

	(void)paint_text(c, (struct place){ row++, 0, 0 }, ROLE_HEAD, _("CONTACT CHAIN"));
	json_array_foreach(chain, i, link)
	{
		struct str name = STR_INIT;
		struct str state = STR_INIT;
		bool told = doc_time(link, "notified_at") != STAMP_NONE;

		str_addf(&name, "%lld ", (long long)doc_int(link, "link"));
		book_add_link(book, link, true, &name);
		book_add_link_state(book, link, &state);
		if (paint_width(str_text(&name)) > c->cols - paint_width(str_text(&state)) - 2) {
			str_clear(&name);
			str_addf(&name, "%lld ", (long long)doc_int(link, "link"));
			book_add_link(book, link, false, &name);
		}
		(void)paint_words(c,
			(struct place){ row, 0, c->cols - paint_width(str_text(&state)) - 2 },
			told ? ROLE_TEXT : ROLE_QUIET, str_text(&name));
		paint_right(c, (struct place){ row++, 0, c->cols - 1 },
			told ? ROLE_TEXT : ROLE_QUIET, str_text(&state));
		str_release(&name);
		str_release(&state);
	}
	json_decref(chain);
	return row + 1;
}

/* "佐藤: Acknowledge   due 22:30 (0:12)"; where the two do not fit, one below the other. */
static int
paint_waiting_group(struct book *book, struct canvas *c, int row, const json_t *group, bool mine)
{
	stamp due = doc_time(json_array_get(group, 0), "due_at");
	bool late = due != STAMP_NONE && due < book_now(book);
	enum role role = late ? ROLE_OVERDUE : mine ? ROLE_MINE : ROLE_TEXT;
	struct str left = STR_INIT;
	struct str right = STR_INIT;
	int width;

	str_add(&left, late ? "! " : mine ? "* " : "");
	book_waiting_all(book, group, &left);
	add_due(book, due, &right);
	width = paint_width(str_text(&right));
	if (width > 0 && paint_width(str_text(&left)) + 2 + width <= c->cols - 1) {
		/* One run: each change of colour is bytes on a slow line. */
		str_add_repeat(
			&left, ' ', (size_t)(c->cols - 1 - width - paint_width(str_text(&left))));
		str_add(&left, str_text(&right));
		(void)paint_text(c, (struct place){ row++, 0, 0 }, role, str_text(&left));
	} else {
		row = paint_lines(c, row, 2, role, str_text(&left));
		if (width > 0) {
			paint_right(c, (struct place){ row++, 0, c->cols - 1 }, ROLE_TEXT,
				str_text(&right));
		}
	}
	str_release(&left);
	str_release(&right);
	return row;
}

static bool
same_group(const json_t *a, const json_t *b)
{
	return strcmp(doc_text(a, "step"), doc_text(b, "step")) == 0 &&
		doc_time(a, "due_at") == doc_time(b, "due_at");
}

/* Who is awaited, people of the same step and limit in one line, each with its own limit. */
int
board_paint_waiting(struct book *book, struct canvas *c, int row, const json_t *show)
{
	const json_t *all = doc_list(show, "waiting_for");
	bool maybe = book_waits_for_me(book, show);
	json_t *group = json_array();
	bool mine = false;
	size_t i;
	json_t *waiting;

	(void)paint_text(c, (struct place){ row++, 0, 0 }, ROLE_HEAD, _("WAITING FOR"));
	json_array_foreach(all, i, waiting)
	{
		json_array_append(group, waiting);
		mine = mine || (maybe && book_is_me(book, waiting));
		if (json_array_get(all, i + 1) &&
			same_group(json_array_get(all, i + 1), waiting)) {
			continue;
		}
		row = paint_waiting_group(book, c, row, group, mine);
		json_array_clear(group);
		mine = false;
	}
	if (i == 0) {
		(void)paint_text(c, (struct place){ row++, 0, 0 }, ROLE_QUIET, _("nobody"));
	}
	json_decref(group);
	return row + 1;
}

static void
paint_beside(struct board *board, struct canvas *c, const json_t *show, bool with_log)
{
	struct book *book = &board->base.app->book;
	struct str text = STR_INIT;
	int row;

	str_addf(&text, "%s  %s", doc_text(show, "id"), doc_text(show, "title"));
	row = paint_lines(c, 0, 3, ROLE_HEAD, str_text(&text));
	str_clear(&text);
	book_category(book, doc_text(show, "category"), &text);
	str_addf(&text, "   %s", book_state(book, doc_text(show, "state")));
	row = paint_lines(c, row, 2, ROLE_TEXT, str_text(&text));
	str_clear(&text);
	add_reported(book, show, true, &text);
	row = paint_lines(c, row, 2, ROLE_TEXT, str_text(&text)) + 1;
	row = board_paint_waiting(book, c, row, show);
	if (doc_list(show, "chain")) {
		row = paint_chain(book, c, row, show);
	}
	if (doc_text(show, "situation")[0] && row + 3 < c->rows) {
		int most = with_log ? 4 : c->rows - row - 2;

		(void)paint_text(c, (struct place){ row++, 0, 0 }, ROLE_HEAD, _("WHAT HAPPENED"));
		row = paint_lines(c, row, most, ROLE_TEXT, doc_text(show, "situation")) + 1;
	}
	if (with_log && row + 3 < c->rows) {
		struct canvas log = paint_part(c, (struct place){ row, 0, 0 }, c->rows - row);

		board_paint_log(board, &log);
		paint_part_done(c, &log);
	}
	str_release(&text);
}

static void
paint_draft_detail(struct board *board, struct canvas *c, const json_t *row)
{
	struct book *book = &board->base.app->book;
	struct str text = STR_INIT;
	char at[STAMP_SIZE];
	int line;

	book_time(book, doc_time(row, "saved_at"), at);
	str_say(&text, _("Draft {draft}, saved {time}. Nobody has been told yet."),
		(struct str_arg[]){ { "draft", doc_text(row, "draft") }, { "time", at } }, 2);
	line = paint_lines(c, 0, 2, ROLE_HEAD, str_text(&text));
	(void)paint_lines(c, line, 2, ROLE_TEXT, _("Enter continues it, d throws it away."));
	str_release(&text);
}

void
board_paint_detail(struct board *board, struct canvas *c, bool beside, bool with_log)
{
	const json_t *shown = board->detail;

	if (!shown || !board_selected(board)) {
		return;
	}
	if (board_is_draft(shown)) {
		struct canvas inner =
			paint_part(c, (struct place){ 0, beside ? 0 : 1, 0 }, c->rows);

		paint_draft_detail(board, &inner, shown);
		paint_part_done(c, &inner);
	} else if (beside) {
		paint_beside(board, c, shown, with_log);
	} else {
		paint_below(board, c, shown);
	}
}

/* --- the log ---------------------------------------------------------------------- */

enum { TEXT_ROWS = 2 };

/*
 * "22:13  report  山田" and what it says.  Where the head has no room for who it was,
 * the kind is short; where it has none then either, the name begins the text.
 */
static void
entry_words(struct board *board, int cols, const json_t *event, struct str *head, struct str *text)
{
	struct book *book = &board->base.app->book;
	const char *kind = doc_text(event, "kind");
	struct str actor = STR_INIT;
	char at[STAMP_SIZE];
	int room;

	book_time(book, doc_time(event, "at"), at);
	book_short_person(book, doc_text(event, "actor"), &actor);
	room = cols - (int)strlen(at) - 2;
	str_addf(head, "%s  ", at);
	if (paint_width(book_kind(book, kind)) + 2 + paint_width(str_text(&actor)) <= room) {
		str_addf(head, "%s  %s", book_kind(book, kind), str_text(&actor));
		str_clear(&actor);
	} else {
		str_add(head, book_short_kind(book, kind));
		room -= paint_width(book_short_kind(book, kind)) + 2;
		if (paint_width(str_text(&actor)) <= room) {
			str_addf(head, "  %s", str_text(&actor));
			str_clear(&actor);
		}
	}
	str_addf(text, "%s%s", str_text(&actor), actor.len > 0 ? ": " : "");
	incident_summary(book, event, text);
	str_release(&actor);
}

/* Its head, and what it says below; returns its rows. */
static int
paint_entry(struct board *board, struct canvas *c, int row, const json_t *event)
{
	int64_t looked = doc_int(board->detail, "looked_seq");
	bool fresh = looked > 0 && doc_int(event, "seq") > looked &&
		strcmp(doc_text(event, "actor"), book_me(&board->base.app->book)) != 0;
	struct str head = STR_INIT;
	struct str text = STR_INIT;
	int took;

	entry_words(board, c->cols - 2, event, &head, &text);
	(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_HEAD, fresh ? "+" : "");
	(void)paint_words(c, (struct place){ row, 1, c->cols - 2 }, ROLE_TEXT, str_text(&head));
	took = text.len == 0
		? 0
		: paint_wrapped(c, (struct place){ row + 1, 3, c->cols - 4 },
			  (struct wrap){ .rows = TEXT_ROWS }, ROLE_QUIET, str_text(&text));
	str_release(&head);
	str_release(&text);
	return 1 + (took < TEXT_ROWS ? took : TEXT_ROWS);
}

static int
entry_rows(struct board *board, int cols, const json_t *event)
{
	struct str head = STR_INIT;
	struct str text = STR_INIT;
	int rows;

	entry_words(board, cols - 2, event, &head, &text);
	rows = text.len == 0 ? 0 : paint_wrap_rows(str_text(&text), cols - 4);
	str_release(&head);
	str_release(&text);
	return 1 + (rows < TEXT_ROWS ? rows : TEXT_ROWS);
}

/* One entry a row, for where rows are dear. */
static void
paint_entry_line(struct board *board, struct canvas *c, int row, const json_t *event)
{
	struct book *book = &board->base.app->book;
	struct str text = STR_INIT;
	char at[STAMP_SIZE];

	book_time(book, doc_time(event, "at"), at);
	str_addf(&text, "%s  %s  ", at, book_kind(book, doc_text(event, "kind")));
	book_short_person(book, doc_text(event, "actor"), &text);
	str_add(&text, "  ");
	incident_summary(book, event, &text);
	(void)paint_cut(c, (struct place){ row, 1, c->cols - 3 }, ROLE_QUIET, str_text(&text));
	str_release(&text);
}

void
board_paint_log(struct board *board, struct canvas *c)
{
	const json_t *log = doc_list(board->detail, "log");
	size_t n = json_array_size(log);
	bool lines = c->rows < 8;
	size_t first = n;
	int room = c->rows - (lines ? 0 : 1);
	int row = 0;

	if (n == 0 || !board_selected(board)) {
		return;
	}
	while (first > 0) {
		room -= lines ? 1 : entry_rows(board, c->cols, json_array_get(log, first - 1));
		if (room < 0) {
			break;
		}
		first--;
	}
	if (!lines) {
		struct str head = STR_INIT;

		str_addf(&head, first > 0 ? "%s (... %zu)" : "%s %zu", _("TIMELINE"), n);
		(void)paint_text(c, (struct place){ row++, 0, 0 }, ROLE_HEAD, str_text(&head));
		str_release(&head);
	}
	for (size_t i = first; i < n; i++) {
		const json_t *event = json_array_get(log, i);

		if (lines) {
			paint_entry_line(board, c, row++, event);
		} else {
			row += paint_entry(board, c, row, event);
		}
	}
}
