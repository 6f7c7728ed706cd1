/* SPDX-License-Identifier: MIT */
/*
 * The telephone as it is seen: the one to call now, what can come of it, the others.
 */
#include "calls.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "step_row.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum {
	TOP_ROWS = 12,  /* the person, and the outcomes */
	WIDE_FROM = 110 /* from here on the others stand beside it */
};

void
calls_head(struct screen *screen, struct head *head)
{
	struct calls *calls = (struct calls *)screen;

	str_addf(&head->title, "%s  %s", calls->id, _("Telephone"));
	str_add(&head->state, doc_text(calls->show, "title"));
	head->drill = doc_flag(calls->show, "drill");
}

static const char *
part_words(struct book *book, const struct callee *callee)
{
	const char *role = callee->contact ? doc_text(callee->contact, "role") : "";

	return book_role(book, role[0] ? role : doc_text(callee->person, "role"));
}

/* "told 22:13, has not answered, due 22:43". */
static void
add_told(struct book *book, const struct callee *callee, struct str *out)
{
	char told[STAMP_SIZE];
	char due[STAMP_SIZE];

	if (callee->absent) {
		book_time(book, doc_time(callee->person, "absent_until"), due);
		str_say(out, _("! absent until {time}"), &(struct str_arg){ "time", due }, 1);
		str_add(out, "  ");
	}
	if (!callee->contact) {
		str_add(out, callee->answered ? _("was reached") : _("was not told by the chain"));
		return;
	}
	book_time(book, doc_time(callee->contact, "notified_at"), told);
	book_time(book, doc_time(callee->contact, "due_at"), due);
	str_say(out,
		callee->answered ? _("told {told}, has answered")
				 : _("told {told}, has not answered; to answer by {due}"),
		(struct str_arg[]){ { "told", told }, { "due", due } }, 2);
}

static void
add_tries(struct calls *calls, const struct callee *callee, struct str *out)
{
	struct book *book = &calls->base.app->book;
	char at[STAMP_SIZE];
	char n[24];

	if (!callee->last) {
		str_add(out, _("not called yet"));
		return;
	}
	book_time(book, doc_time(callee->last, "at"), at);
	(void)snprintf(n, sizeof(n), "%d", callee->tries);
	str_say(out,
		P_("called once, {at}: {outcome}", "called {n} times, last {at}: {outcome}",
			(unsigned long)callee->tries),
		(struct str_arg[]){ { "n", n }, { "at", at },
			{ "outcome",
				calls_outcome_words(calls, doc_text(callee->last, "outcome")) } },
		3);
}

int
calls_paint_number(struct canvas *c, int row, const char *number)
{
	struct str text = STR_INIT;
	int cols;

	for (const char *s = number; *s; s++) {
		bool digit = *s >= '0' && *s <= '9';

		str_add(&text, *s == '-' ? "  -  " : (char[]){ *s, '\0' });
		if (digit && s[1] >= '0' && s[1] <= '9') {
			str_add_char(&text, ' ');
		}
	}
	cols = paint_text(c, (struct place){ row, 3, c->cols - 4 },
		number[0] ? ROLE_HEAD : ROLE_OVERDUE,
		number[0] ? str_text(&text) : _("No number is registered: ask the administrator."));
	str_release(&text);
	return 3 + cols;
}

/* "> r  Reached         F6": the letter chooses, the function key records at once. */
static void
paint_outcomes(struct calls *calls, struct canvas *c, int row)
{
	char letters[CALLS_OUTCOMES + 1];
	size_t i;
	json_t *choice;

	calls_letters(calls, letters);
	json_array_foreach(calls_outcomes(calls), i, choice)
	{
		bool chosen = (int)i == calls->outcome;
		struct str key = STR_INIT;
		struct span spans[] = {
			{ 2, ROLE_SELECTED, chosen ? ">" : "" },
			{ 3, ROLE_HEAD, i < CALLS_OUTCOMES ? (char[]){ letters[i], '\0' } : "" },
			{ 28, chosen ? ROLE_HEAD : ROLE_TEXT, doc_words_of(choice, "label") },
			{ 4, ROLE_QUIET, "" },
		};

		if (i < CALLS_OUTCOMES) {
			key_label(&key, K_F6 + (int)i);
		}
		spans[3].text = str_text(&key);
		(void)paint_spans(c, (struct place){ row + (int)i, 1, 0 }, spans, ARRAY_LEN(spans));
		str_release(&key);
	}
}

static void
paint_callee(struct calls *calls, struct canvas *c)
{
	const struct callee *callee = calls_selected(calls);
	struct book *book = &calls->base.app->book;
	struct str text = STR_INIT;

	if (!callee) {
		(void)paint_text(c, (struct place){ 0, 1, 0 }, ROLE_QUIET,
			_("There is nobody to call about this case but you."));
		return;
	}
	(void)paint_text(c, (struct place){ 0, 1, 0 }, ROLE_HEAD,
		calls->list.selected == 0 && !callee->answered ? _("CALL NOW") : _("CALL"));
	str_addf(&text, "%s   %s   %s", doc_words_of(callee->person, "name"),
		part_words(book, callee),
		book_department(book, doc_text(callee->person, "department")));
	(void)paint_words(c, (struct place){ 1, 3, c->cols - 4 }, ROLE_TEXT, str_text(&text));
	(void)calls_paint_number(c, 2, calls_number(callee));
	str_clear(&text);
	add_told(book, callee, &text);
	(void)paint_words(c, (struct place){ 3, 3, c->cols - 4 },
		callee->answered ? ROLE_DONE : ROLE_TEXT, str_text(&text));
	str_clear(&text);
	add_tries(calls, callee, &text);
	(void)paint_words(c, (struct place){ 4, 3, c->cols - 4 }, ROLE_TEXT, str_text(&text));
	if (calls_refused(calls)) {
		str_clear(&text);
		step_row_reason(calls->base.app, calls_refused(calls), &text);
		(void)paint_wrapped(c, (struct place){ 6, 1, c->cols - 3 },
			(struct wrap){ .rows = 5 }, ROLE_QUIET, str_text(&text));
	} else {
		(void)paint_text(c, (struct place){ 6, 1, 0 }, ROLE_HEAD, _("WHAT CAME OF IT"));
		paint_outcomes(calls, c, 7);
	}
	str_release(&text);
}

static void
paint_row(struct calls *calls, struct canvas *c, int row, int i)
{
	struct book *book = &calls->base.app->book;
	const struct callee *callee = &calls->all[i];
	bool marked = i == calls->list.selected;
	const char *number = calls_number(callee);
	struct str tries = STR_INIT;
	struct span spans[] = {
		{ 1, ROLE_SELECTED, marked ? ">" : "" },
		{ 1, ROLE_TEXT, "" },
		{ 16, marked ? ROLE_HEAD : ROLE_TEXT, doc_words_of(callee->person, "name") },
		{ 1, ROLE_TEXT, "" },
		{ 24, ROLE_QUIET, part_words(book, callee) },
		{ 1, ROLE_TEXT, "" },
		{ 14, number[0] ? ROLE_TEXT : ROLE_QUIET, number[0] ? number : _("(no number)") },
		{ 1, ROLE_TEXT, "" },
	};
	int col = paint_spans(c, (struct place){ row, 1, 0 }, spans, ARRAY_LEN(spans));

	if (callee->answered) {
		str_add(&tries, _("has answered"));
	} else if (callee->last) {
		str_add(&tries, calls_outcome_words(calls, doc_text(callee->last, "outcome")));
	}
	(void)paint_words(c, (struct place){ row, col, c->cols - col - 1 },
		callee->answered ? ROLE_DONE : ROLE_QUIET, str_text(&tries));
	str_release(&tries);
}

static void
paint_list(struct calls *calls, struct canvas *c)
{
	int top = list_view(&calls->list, c->rows - 1);

	(void)paint_text(c, (struct place){ 0, 1, 0 }, ROLE_HEAD, _("IN THIS ORDER"));
	for (int i = 0; i < c->rows - 1 && top + i < calls->n; i++) {
		paint_row(calls, c, 1 + i, top + i);
	}
	if (calls->n > 0) {
		paint_caret(c, 1 + calls->list.selected - top, 1, false);
	}
}

void
calls_paint(struct screen *screen, struct canvas *c)
{
	struct calls *calls = (struct calls *)screen;
	bool wide = c->cols >= WIDE_FROM;
	int left = wide ? c->cols / 2 : c->cols;
	struct canvas callee =
		paint_part(c, (struct place){ 0, 0, left }, wide ? c->rows : TOP_ROWS);
	struct canvas list = wide
		? paint_part(c, (struct place){ 0, left, c->cols - left }, c->rows)
		: paint_part(c, (struct place){ TOP_ROWS, 0, c->cols }, c->rows - TOP_ROWS);

	paint_callee(calls, &callee);
	paint_part_done(c, &callee);
	if (list.rows > 1) {
		paint_list(calls, &list);
	}
	paint_part_done(c, &list);
}
