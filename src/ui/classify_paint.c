/* SPDX-License-Identifier: MIT */
/*
 * Painting the classification.  All categories are always in view: as rows
 * where there is room, as one line of answers in a small window.  A wide window
 * shows what follows from the answers beside the questions, not below them.
 */
#include "classify.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum {
	VERDICT_ROWS = 6,
	SMALL_ROWS = 14, /* in a body so low all answers stand in a line or two */
	VERDICT_ROWS_SMALL = 3,
	STRIP_ROWS = 2,
	WAY_ROWS = 2, /* the way on, and the gap above it */
	LABEL_COLS = 26,
	SIDE_FROM_COLS = 120, /* from here on the verdict stands beside the questions */
	ASK_BELOW_COLS = 76,  /* narrower than that a question stands below its label */
	ASKED_ROWS = 6,       /* label or question, examples, buttons: what asking takes */
};

static const char *
answer_label(const char *word)
{
	if (strcmp(word, "yes") == 0) {
		return _("yes");
	}
	if (strcmp(word, "no") == 0) {
		return _("no");
	}
	if (strcmp(word, "unknown") == 0) {
		return _("don't know");
	}
	return "-";
}

static void
button_words(const char *label, struct str *out)
{
	str_addf(out, "[ %s ]", _(label));
}

static void
paint_buttons(struct canvas *c, int row, int col, const char *chosen)
{
	static const struct {
		const char *word;
		const char *label;
	} buttons[] = {
		{ "yes", N_("yes: y") },
		{ "no", N_("no: n") },
		{ "unknown", N_("don't know: u") },
	};
	struct str text = STR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(buttons); i++) {
		button_words(buttons[i].label, &text);
		str_add(&text, "  ");
	}
	/* Under long labels a narrow window has no room for all three. */
	if (col + paint_width(str_text(&text)) > c->cols + 2) {
		col = 4;
	}
	for (size_t i = 0; i < ARRAY_LEN(buttons); i++) {
		str_clear(&text);
		button_words(buttons[i].label, &text);
		col += 2 +
			paint_text(c, (struct place){ row, col, 0 },
				strcmp(buttons[i].word, chosen) == 0 ? ROLE_SELECTED : ROLE_TEXT,
				str_text(&text));
	}
	str_release(&text);
}

/* Paints wrapped text and moves the place below it. */
static void
paint_down(struct canvas *c, struct place *at, int max, enum role role, const char *text)
{
	int rows = paint_wrapped(c, *at, (struct wrap){ .rows = max }, role, text);

	at->row += rows < max ? rows : max;
}

/* Where the question of a canvas begins. */
static int
ask_col(const struct canvas *c)
{
	return c->cols < ASK_BELOW_COLS ? 4 : 4 + LABEL_COLS;
}

/* The question that is asked; `others` rows must stay free; returns the next free row. */
static int
paint_asked(struct classify *classify, struct canvas *c, int row, int others)
{
	const json_t *category = classify_category(classify, classify->at);
	struct str examples = STR_INIT;
	int col = ask_col(c);
	struct place at = { row + (col == 4 ? 1 : 0), col, c->cols - col - 1 };
	int room;

	paint_down(c, &at, 3, ROLE_HEAD, doc_words_of(category, "question"));
	str_say(&examples, _("Such as: {examples}"),
		&(struct str_arg){ "examples", doc_words_of(category, "examples") }, 1);
	room = c->rows - at.row - others - 1; /* one for the buttons */
	if (room > 0) {
		paint_down(c, &at, room, ROLE_QUIET, str_text(&examples));
	}
	paint_buttons(c, at.row, col, classify_given(classify, classify->at));
	paint_caret(c, at.row, col, false);
	str_release(&examples);
	return at.row + 1;
}

/* Whether an answer decides something: as long as all are "no" the rest is open. */
static bool
is_decided(const struct classify *classify)
{
	for (int i = 0; i < classify_count(classify); i++) {
		const char *given = classify_given(classify, i);

		if (given[0] && strcmp(given, "no") != 0) {
			return true;
		}
	}
	return false;
}

/* The row of the suspicion: what it follows from, or what is suspected. */
static void
paint_suspicion(struct classify *classify, struct canvas *c, int row)
{
	const json_t *suspected = doc_list(classify->verdict, "suspected");
	struct place at = { row, 4 + LABEL_COLS, c->cols - LABEL_COLS - 5 };
	struct str numbers = STR_INIT;
	struct str text = STR_INIT;

	for (int i = 0; i < classify_count(classify) && is_decided(classify); i++) {
		const json_t *category = classify_category(classify, i);

		for (size_t k = 0; k < json_array_size(suspected); k++) {
			const char *key = json_string_value(json_array_get(suspected, k));

			if (key && strcmp(key, doc_text(category, "key")) == 0) {
				str_addf(&numbers, "%s%lld", str_text(&numbers)[0] ? _(", ") : "",
					(long long)doc_int(category, "number"));
			}
		}
	}
	if (str_text(&numbers)[0]) {
		str_say(&text, _("yes: {numbers} not ruled out"),
			&(struct str_arg){ "numbers", str_text(&numbers) }, 1);
	} else {
		str_add(&text, _("- (\"don't know\" alone leads here)"));
	}
	(void)paint_text(c, at, str_text(&numbers)[0] ? ROLE_HEAD : ROLE_QUIET, str_text(&text));
	str_release(&numbers);
	str_release(&text);
}

static void
paint_label(struct canvas *c, int row, const json_t *category, bool asked)
{
	struct str label = STR_INIT;

	if (asked) {
		(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, ">");
	}
	if (doc_int(category, "number") > 0) {
		str_addf(&label, "%lld ", (long long)doc_int(category, "number"));
	} else {
		str_add(&label, "!! ");
	}
	str_add(&label, doc_words_of(category, "label"));
	/* Alone in its row, a label may be as long as it likes. */
	(void)paint_text(c,
		(struct place){ row, 2, asked && ask_col(c) == 4 ? c->cols - 3 : LABEL_COLS + 1 },
		asked ? ROLE_HEAD : ROLE_TEXT, str_text(&label));
	str_release(&label);
}

static enum role
answer_role(const char *given)
{
	if (strcmp(given, "yes") == 0) {
		return ROLE_HEAD;
	}
	return given[0] ? ROLE_TEXT : ROLE_QUIET;
}

/* One category; returns the next free row. */
static int
paint_category(struct classify *classify, struct canvas *c, int row, int i)
{
	const char *given = classify_given(classify, i);
	bool asked = i == classify->at;

	paint_label(c, row, classify_category(classify, i), asked);
	if (asked) {
		return paint_asked(classify, c, row, classify_count(classify) - i - 1);
	}
	if (!classify_asks(classify, i)) {
		paint_suspicion(classify, c, row);
		return row + 1;
	}
	(void)paint_text(c, (struct place){ row, 4 + LABEL_COLS, 0 }, answer_role(given),
		answer_label(given));
	return row + 1;
}

/* "1 no  2 don't know  3 ?  4 -": all of them where there is no room for rows. */
static int
paint_strip(struct classify *classify, struct canvas *c)
{
	struct str text = STR_INIT;
	int row = 0;
	int col = 1;

	for (int i = 0; i < classify_count(classify); i++) {
		const json_t *category = classify_category(classify, i);
		const char *given = classify_given(classify, i);
		bool asked = i == classify->at;

		if (!classify_asks(classify, i)) {
			continue; /* what follows from the answers says the verdict */
		}
		str_clear(&text);
		if (doc_int(category, "number") > 0) {
			str_addf(&text, "%lld", (long long)doc_int(category, "number"));
		} else {
			str_add(&text, "!!");
		}
		str_addf(&text, " %s  ", asked && !given[0] ? "?" : answer_label(given));
		if (col + paint_width(str_text(&text)) > c->cols - 1) {
			row++;
			col = 1;
		}
		col += paint_text(c, (struct place){ row, col, c->cols - col - 1 },
			asked ? ROLE_HEAD : answer_role(given), str_text(&text));
	}
	str_release(&text);
	return row + 1;
}

/* Below the last answer: the way on, so that nobody has to look for it. */
static void
paint_way_on(struct classify *classify, struct canvas *c, int row)
{
	const char *label =
		classify->want.again ? N_("Enter: go on") : N_("Enter: write the report");
	struct str text = STR_INIT;
	int col = ask_col(c);

	button_words(label, &text);
	(void)paint_text(
		c, (struct place){ row, col, c->cols - col - 1 }, ROLE_SELECTED, str_text(&text));
	(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, ">");
	paint_caret(c, row, col, false);
	str_release(&text);
}

static void
add_told(struct classify *classify, struct str *out)
{
	struct book *book = &classify->base.app->book;
	size_t i;
	json_t *told;

	json_array_foreach(doc_list(classify->verdict, "told"), i, told)
	{
		str_addf(out, "%s%s (%s)", i > 0 ? _(", ") : "",
			book_person(book, doc_text(told, "person")),
			book_role(book, doc_text(told, "role")));
	}
	if (i == 0) {
		str_add(out, _("nobody yet"));
	}
}

/* What stands in place of a verdict while there is none; NULL: there is one. */
static const char *
no_verdict_words(const struct classify *classify)
{
	if (classify->verdict && is_decided(classify)) {
		return NULL;
	}
	if (classify_all_no(classify)) {
		return classify_no_incident();
	}
	if (classify->refusal) {
		return doc_text(classify->refusal, "text");
	}
	return _("If in doubt, answer \"don't know\": the officer can correct it later, and both "
		 "stay on record.");
}

static void
verdict_words(struct classify *classify, struct str *head, struct str *told)
{
	str_addf(head, "%s  ", _("So far:"));
	book_category(
		&classify->base.app->book, doc_text(classify->verdict, "category"), head);
	if (strcmp(doc_text(classify->verdict, "major"), "proposed") == 0) {
		str_addf(head, "   !! %s", _("major accident proposed"));
	}
	str_addf(told, "%s  ", _("Will be told:"));
	add_told(classify, told);
}

/* Rows it takes to say all of it. */
static int
verdict_needs(struct classify *classify, int cols)
{
	const char *instead = no_verdict_words(classify);
	struct str head = STR_INIT;
	struct str told = STR_INIT;
	int rows;

	if (instead) {
		return paint_wrap_rows(instead, cols) + (classify->verdict != NULL);
	}
	verdict_words(classify, &head, &told);
	rows = paint_wrap_rows(str_text(&told), cols);
	rows = 1 + (rows < 2 ? rows : 2) +
		paint_wrap_rows(doc_words_of(classify->verdict, "reason"), cols);
	str_release(&head);
	str_release(&told);
	return rows;
}

static void
paint_verdict(struct classify *classify, struct canvas *c)
{
	const char *instead = no_verdict_words(classify);
	struct place at = { 0, 1, c->cols - 2 };
	struct str head = STR_INIT;
	struct str told = STR_INIT;

	if (instead) {
		if (classify->verdict && !classify_all_no(classify)) {
			str_addf(&head, "%s  %s", _("So far:"), _("not decided yet"));
			(void)paint_text(c, at, ROLE_HEAD, str_text(&head));
			at.row++;
		}
		paint_down(c, &at, c->rows - at.row, ROLE_TEXT, instead);
	} else {
		verdict_words(classify, &head, &told);
		(void)paint_words(c, at, ROLE_HEAD, str_text(&head));
		at.row++;
		paint_down(c, &at, 2, ROLE_TEXT, str_text(&told));
		paint_down(c, &at, c->rows - at.row, ROLE_QUIET,
			doc_words_of(classify->verdict, "reason"));
	}
	str_release(&head);
	str_release(&told);
}

/* Whether a list of `rows` is too short for a row of each category. */
static bool
is_small(struct classify *classify, const struct canvas *c, int rows)
{
	int n = classify_count(classify);
	int asking = ASKED_ROWS - (c->cols < ASK_BELOW_COLS ? 0 : 1);

	return rows < (classify->at == n ? n + WAY_ROWS : n - 1 + asking);
}

/* The questions: as rows, or the asked one below a line of all answers; the row behind them. */
static int
paint_list(struct classify *classify, struct canvas *c)
{
	int n = classify_count(classify);
	bool small = is_small(classify, c, c->rows);
	int row = small ? paint_strip(classify, c) : 0;

	if (small && c->rows - row > ASKED_ROWS) {
		row++;
	}
	for (int i = 0; i < n && row < c->rows; i++) {
		if (!small) {
			row = paint_category(classify, c, row, i);
		} else if (i == classify->at) {
			paint_label(c, row, classify_category(classify, i), true);
			row = paint_asked(classify, c, row, 0);
		}
	}
	if (classify->at == n && n > 0) {
		row = row + 1 < c->rows ? row + 1 : c->rows - 1;
		paint_way_on(classify, c, row++);
	}
	return row;
}

/* How many rows the verdict gets below the questions, its rule among them. */
static int
verdict_rows(struct classify *classify, const struct canvas *c)
{
	int n = classify_count(classify);
	int rows = c->rows <= SMALL_ROWS ? VERDICT_ROWS_SMALL : VERDICT_ROWS;

	if (classify->at < n) {
		return rows;
	}
	/* With nothing left to ask the reason gets the room of the question. */
	int left = c->rows - (c->rows <= SMALL_ROWS ? STRIP_ROWS : n) - WAY_ROWS;
	return left > rows ? left : rows;
}

static void
paint_beside(struct classify *classify, struct canvas *c)
{
	int side = c->cols / 3;
	struct canvas list = paint_part(c, (struct place){ 0, 0, c->cols - side - 2 }, c->rows);
	struct canvas verdict = paint_part(c, (struct place){ 0, c->cols - side, side }, c->rows);

	(void)paint_list(classify, &list);
	for (int row = 0; row < c->rows; row++) {
		(void)paint_text(c, (struct place){ row, c->cols - side - 1, 1 }, ROLE_QUIET, "|");
	}
	paint_verdict(classify, &verdict);
	paint_part_done(c, &list);
	paint_part_done(c, &verdict);
}

void
classify_paint(struct screen *screen, struct canvas *c)
{
	struct classify *classify = (struct classify *)screen;

	if (c->cols >= SIDE_FROM_COLS) {
		paint_beside(classify, c);
		return;
	}
	int below = verdict_rows(classify, c);
	struct canvas list = paint_part(c, (struct place){ 0, 0, 0 }, c->rows - below);
	int spare = list.rows - paint_list(classify, &list);
	int more = verdict_needs(classify, c->cols - 2) + 1 - below;

	paint_part_done(c, &list);
	/* Rows that no question needs are better filled with the whole reason. */
	below += more < 0 ? 0 : more < spare ? more : spare > 0 ? spare : 0;
	struct canvas verdict =
		paint_part(c, (struct place){ c->rows - below + 1, 0, 0 }, below - 1);

	paint_rule(c, c->rows - below);
	paint_verdict(classify, &verdict);
	paint_part_done(c, &verdict);
}
