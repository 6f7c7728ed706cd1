/* SPDX-License-Identifier: MIT */
/*
 * How the sheet of a shift looks: what is late first, with the time left.
 */
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "doc.h"
#include "handover.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

void
handover_words(struct book *book, const json_t *handover, struct str *out)
{
	const char *to = doc_text(handover, "to");
	char at[STAMP_SIZE];

	book_time(book, doc_time(handover, "at"), at);
	book_short_person(book, doc_text(handover, "by"), out);
	str_add(out, " > ");
	if (to[0]) {
		book_short_person(book, to, out);
	} else {
		str_add(out, _("anybody"));
	}
	str_addf(out, " %s", at);
}

static void
add_heading(struct page *page, const char *label, size_t n)
{
	struct str text = STR_INIT;

	page_gap(page);
	str_addf(&text, "%s (%zu)", label, n);
	page_heading(page, str_text(&text));
	str_release(&text);
}

enum { LEFT_COLS = 8 }; /* what book_left() takes at most */

/* One row: how long is left, then what it is. */
static void
add_row_due(struct page *page, struct book *book, const json_t *row, stamp due, const char *text)
{
	bool late = due != STAMP_NONE && due < book_now(book);
	bool major = strcmp(doc_text(row, "major"), "yes") == 0;
	char left[STAMP_SIZE];
	struct str label = STR_INIT;

	book_left(book, due, left);
	str_addf(&label, "%-2s%*s%s",
		major          ? "!!"
			: late ? "!"
			       : "",
		LEFT_COLS - paint_width(left), "", left);
	page_field_in(page,
		major          ? ROLE_MAJOR
			: late ? ROLE_OVERDUE
			       : ROLE_TEXT,
		str_text(&label), text);
	str_release(&label);
}

static void
add_row(struct page *page, struct book *book, const json_t *row, const char *text)
{
	add_row_due(page, book, row, doc_time(row, "due_at"), text);
}

/* Columns behind mark and time left: the id, whom it waits for, and the title. */
enum { ID_COLS = 9, WHAT_LEAST = 22, WHAT_MOST = 32, TITLE_WANTED = 30 };

/* As on the board: titles have their share first. */
static int
what_cols(int room)
{
	int spare = room - WHAT_LEAST - 1 - TITLE_WANTED;
	int cols = WHAT_LEAST + (spare > 0 ? spare / 2 : 0);

	return cols > WHAT_MOST ? WHAT_MOST : cols < room - 8 ? cols : room - 8;
}

/* A case takes one row: whatever is longer than its column ends with dots. */
static void
case_row(struct page *page, struct book *book, const json_t *row)
{
	int room = page_value_cols(page) - ID_COLS;
	struct book_waited waited = book_waited_of_all(book, row);
	struct str what = STR_INIT;
	struct str title = STR_INIT;
	struct str text = STR_INIT;

	if (waited.entry) {
		book_waited_words(book, &waited, what_cols(room), &what);
	} else {
		str_add(&what, book_state(book, doc_text(row, "state")));
	}
	str_addf(&title, "%s%s", doc_flag(row, "drill") ? "[訓練/DRILL] " : "",
		doc_text(row, "title"));
	(void)text_fit(&text, doc_text(row, "id"), strlen(doc_text(row, "id")), ID_COLS);
	text_fit_dots(&text, str_text(&what), what.len, what_cols(room));
	str_add_char(&text, ' ');
	text_fit_dots(&text, str_text(&title), title.len, room - what_cols(room) - 1);
	add_row_due(page, book, row, waited.due, str_text(&text));
	str_release(&what);
	str_release(&title);
	str_release(&text);
}

static const char *
outcome_words(const char *word)
{
	static const struct {
		const char *word;
		const char *text;
	} outcomes[] = {
		{ "no-answer", N_("no answer") },
		{ "voicemail", N_("voicemail") },
		{ "refused", N_("refused") },
	};

	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
		if (strcmp(outcomes[i].word, word) == 0) {
			return _(outcomes[i].text);
		}
	}
	return word;
}

static void
call_row(struct page *page, struct book *book, const json_t *row)
{
	struct str text = STR_INIT;
	char at[STAMP_SIZE];

	book_time(book, doc_time(row, "at"), at);
	str_addf(&text, "%s  %s: %s", doc_text(row, "id"), book_person(book, doc_text(row, "to")),
		outcome_words(doc_text(row, "outcome")));
	page_field(page, at, str_text(&text));
	str_release(&text);
}

static void
approval_row(struct page *page, struct book *book, const json_t *row)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s  %s", doc_text(row, "id"), book_step(book, doc_text(row, "step")));
	add_row(page, book, row, str_text(&text));
	str_release(&text);
}

static void
clock_row(struct page *page, struct book *book, const json_t *row)
{
	const json_t *clock =
		doc_find(doc_list(book_procedure(book), "legal"), "key", doc_text(row, "key"));
	struct str text = STR_INIT;

	str_addf(&text, "%s  %s", doc_text(row, "id"),
		clock ? doc_words_of(clock, "label") : doc_text(row, "key"));
	add_row(page, book, row, str_text(&text));
	str_release(&text);
}

static void
measure_row(struct page *page, struct book *book, const json_t *row)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s  %s  %s", doc_text(row, "id"), doc_text(row, "measure"),
		book_cell(book, doc_text(row, "state")));
	add_row(page, book, row, str_text(&text));
	str_release(&text);
}

/* --- what was given ----------------------------------------------------------------- */

static void
add_changes(struct page *page, const char *label, const json_t *rows)
{
	struct str text = STR_INIT;
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
	{
		str_addf(&text, "%s%s  %s", i ? "\n" : "", doc_text(row, "id"),
			doc_text(row, "title"));
	}
	if (i > 0) {
		page_field_in(page, ROLE_MINE, label, str_text(&text));
	}
	str_release(&text);
}

static void
add_given(struct page *page, struct book *book, const json_t *given)
{
	const json_t *handover = json_object_get(given, "handover");
	const json_t *since = json_object_get(handover, "since");
	struct str text = STR_INIT;

	page_heading(page, _("Handed over, waits to be accepted"));
	handover_words(book, handover, &text);
	page_field_in(page, ROLE_MINE, _("By > to"), str_text(&text));
	page_field(page, _("Says"), doc_text(handover, "text"));
	add_changes(page, _("New since"), doc_list(since, "new"));
	add_changes(page, _("Changed"), doc_list(since, "moved"));
	add_changes(page, _("Finished"), doc_list(since, "gone"));
	str_release(&text);
}

/* --- the pages ----------------------------------------------------------------------- */

void
handover_paint_cases(struct book *book, const struct handover_view *view, struct page *page)
{
	const json_t *sheet = json_object_get(view->sheet, "sheet");
	const json_t *rows = doc_list(sheet, "incidents");
	size_t i;
	json_t *row;

	if (view->given) {
		add_given(page, book, view->given);
	}
	add_heading(page, _("Incidents"), json_array_size(rows));
	json_array_foreach(rows, i, row)
	{
		case_row(page, book, row);
	}
	if (doc_flag(sheet, "more")) {
		page_text(page, ROLE_OVERDUE,
			_("There are more cases than a sheet holds: see the list."));
	}
	if (doc_int(sheet, "restricted") > 0) {
		int64_t n = doc_int(sheet, "restricted");
		struct str text = STR_INIT;
		char number[24];

		snprintf(number, sizeof(number), "%lld", (long long)n);
		str_say(&text,
			P_("and {n} restricted case, not shown to you",
				"and {n} restricted cases, not shown to you", n),
			&(struct str_arg){ "n", number }, 1);
		page_text(page, ROLE_QUIET, str_text(&text));
		str_release(&text);
	}
}

/* Who handed over to whom before; the one that waits stands above. */
static void
add_past(struct page *page, struct book *book, const json_t *past)
{
	struct str text = STR_INIT;
	size_t i;
	json_t *row;

	json_array_foreach(past, i, row)
	{
		const char *state = doc_text(row, "state");

		if (strcmp(state, "pending") == 0) {
			continue;
		}
		str_add(&text, text.len ? "\n" : "");
		handover_words(book, row, &text);
		str_add(&text, "  ");
		if (strcmp(state, "accepted") == 0) {
			str_addf(&text, "%s ", _("accepted by"));
			book_short_person(book, doc_text(row, "ended_by"), &text);
		} else {
			str_add(&text, _("taken back"));
		}
	}
	if (text.len > 0) {
		page_gap(page);
		page_heading(page, _("Handed over before"));
		page_text(page, ROLE_TEXT, str_text(&text));
	}
	str_release(&text);
}

void
handover_paint_rest(struct book *book, const struct handover_view *view, struct page *page)
{
	static const struct {
		const char *key;
		const char *label;
		void (*add)(struct page *page, struct book *book, const json_t *row);
	} sections[] = {
		{ "calls", N_("Called and not reached"), call_row },
		{ "approvals", N_("Decisions waiting"), approval_row },
		{ "clocks", N_("Statutory clocks running"), clock_row },
		{ "measures", N_("Measures due this week"), measure_row },
	};
	const json_t *sheet = json_object_get(view->sheet, "sheet");
	struct str none = STR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		const json_t *rows = doc_list(sheet, sections[i].key);
		size_t k;
		json_t *row;

		if (json_array_size(rows) == 0) {
			str_addf(&none, "%s%s", none.len ? " | " : "", _(sections[i].label));
			continue;
		}
		add_heading(page, _(sections[i].label), json_array_size(rows));
		json_array_foreach(rows, k, row)
		{
			sections[i].add(page, book, row);
		}
	}
	if (doc_int(sheet, "drafts") > 0) {
		add_heading(page, _("Drafts of yours, not sent"), (size_t)doc_int(sheet, "drafts"));
	}
	if (none.len > 0) {
		page_gap(page);
		page_heading(page, _("Nothing to say of"));
		page_text(page, ROLE_QUIET, str_text(&none));
	}
	add_past(page, book, view->past);
	str_release(&none);
}
