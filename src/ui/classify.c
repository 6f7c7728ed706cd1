/* SPDX-License-Identifier: MIT */
/*
 * The classification: all questions in view, one asked at a time, "don't know"
 * a full answer.  The suspicion is no question: its row says what the answers
 * "don't know" make of it.  What the answers mean and who would be told is shown
 * before anything is sent; the decision itself is the desk's.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum { VERDICT_ROWS = 6, LABEL_COLS = 26 };

struct classify {
	struct screen base;
	struct classify_want want;
	json_t *answers;
	json_t *verdict; /* of `classify`; NULL: none yet */
	json_t *refusal; /* error document of `classify`; NULL: none */
	const char *title;
	int at; /* the category asked about; count(): all are answered, none is */
};

/* The desk's own words name a member that only other programs can send. */
static const char *const no_incident =
	N_("By these answers it is no incident. If one is suspected all "
	   "the same, press b and answer u (don't know) there.");

static struct classify *
self(struct screen *screen)
{
	return (struct classify *)screen;
}

static const json_t *
categories(struct classify *classify)
{
	return doc_list(book_procedure(&classify->base.app->book), "categories");
}

static const char *
key_at(struct classify *classify, int i)
{
	return doc_text(json_array_get(categories(classify), (size_t)i), "key");
}

static int
count(struct classify *classify)
{
	return (int)json_array_size(categories(classify));
}

static bool
is_answered(struct classify *classify, int i)
{
	return doc_text(classify->answers, key_at(classify, i))[0] != '\0';
}

/* Is category `i` a question?  A suspicion is what remains when one is open. */
static bool
is_asked(struct classify *classify, int i)
{
	const json_t *category = json_array_get(categories(classify), (size_t)i);

	return category && strcmp(doc_text(category, "kind"), "suspicion") != 0;
}

/* The questions before category `i`; of all, when `i` is count(). */
static int
asked_before(struct classify *classify, int i)
{
	int n = 0;

	for (int k = 0; k < i; k++) {
		n += is_asked(classify, k) ? 1 : 0;
	}
	return n;
}

/* The first question without an answer from `from` on; count(): all have one. */
static int
next_open(struct classify *classify, int from)
{
	int n = count(classify);

	for (int i = 0; i < n; i++) {
		int k = (from + i) % n;

		if (is_asked(classify, k) && !is_answered(classify, k)) {
			return k;
		}
	}
	return n;
}

/* Answered "no" throughout: then it is no incident, and the screen says the way out. */
static bool
is_all_no(struct classify *classify)
{
	int no = 0;

	for (int i = 0; i < count(classify); i++) {
		const char *given = doc_text(classify->answers, key_at(classify, i));

		no += is_asked(classify, i) && strcmp(given, "no") == 0 ? 1 : 0;
	}
	return no > 0 && no == asked_before(classify, count(classify));
}

static void
ask_table(struct classify *classify)
{
	json_decref(classify->verdict);
	json_decref(classify->refusal);
	classify->verdict = NULL;
	classify->refusal = NULL;
	if (json_object_size(classify->answers) == 0) {
		return;
	}
	/* "No incident" is a refusal with words, and shown as the verdict. */
	(void)app_try(classify->base.app, "classify",
		json_pack("{s:O}", "answers", classify->answers), &classify->verdict,
		&classify->refusal);
}

static void
answer(struct screen *screen, const char *word)
{
	struct classify *classify = self(screen);

	if (classify->at >= count(classify)) {
		/* One key too many of somebody who types ahead must change nothing. */
		app_say(screen->app, SAY_INFO,
			_("All questions are answered. Enter: go on, b: change an answer."));
		return;
	}
	json_object_set_new(classify->answers, key_at(classify, classify->at), json_string(word));
	ask_table(classify);
	if (classify->want.changed) {
		classify->want.changed(classify->want.asker, classify->answers);
	}
	classify->at = next_open(classify, classify->at);
}

static void
yes_run(struct screen *screen)
{
	answer(screen, "yes");
}

static void
no_run(struct screen *screen)
{
	answer(screen, "no");
}

static void
unknown_run(struct screen *screen)
{
	answer(screen, "unknown");
}

static void
move(struct screen *screen, int by)
{
	struct classify *classify = self(screen);
	bool done = next_open(classify, 0) == count(classify);
	/* One place more when all is answered: the way on. */
	int n = count(classify) + (done ? 1 : 0);

	for (int left = n; left > 0; left--) {
		classify->at = (classify->at + by + n) % n;
		if (classify->at == count(classify) || is_asked(classify, classify->at)) {
			return;
		}
	}
}

static void
back_run(struct screen *screen)
{
	move(screen, -1);
}

static void
next_run(struct screen *screen)
{
	move(screen, 1);
}

static void
finish(struct screen *screen)
{
	struct classify *classify = self(screen);

	if (!classify->verdict) {
		if (is_all_no(classify)) {
			app_say(screen->app, SAY_ERROR, _(no_incident));
		} else if (classify->refusal) {
			app_say_error(screen->app, classify->refusal);
		}
		return;
	}
	app_close(screen);
	/* The closed screen lives until the key is done. */
	classify->want.done(classify->want.asker, classify->answers, classify->verdict);
}

static void
enter_run(struct screen *screen)
{
	struct classify *classify = self(screen);
	int open = next_open(classify, classify->at);

	if (open < count(classify)) {
		classify->at = open;
		app_say(screen->app, SAY_INFO,
			_("Answer with y, n or u (don't know). c: go on, the rest is not known."));
		return;
	}
	finish(screen);
}

static void
continue_run(struct screen *screen)
{
	struct classify *classify = self(screen);

	for (int i = 0; i < count(classify); i++) {
		if (is_asked(classify, i) && !is_answered(classify, i)) {
			json_object_set_new(
				classify->answers, key_at(classify, i), json_string("unknown"));
		}
	}
	ask_table(classify);
	finish(screen);
}

static void
leave_run(struct screen *screen)
{
	struct classify *classify = self(screen);

	app_close(screen);
	if (classify->want.left) {
		classify->want.left(classify->want.asker);
	}
}

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
classify_head(struct screen *screen, struct head *head)
{
	struct classify *classify = self(screen);
	int questions = asked_before(classify, count(classify));
	int number = asked_before(classify, classify->at) + 1;
	char at[16];
	char of[16];

	snprintf(at, sizeof(at), "%d", number < questions ? number : questions);
	snprintf(of, sizeof(of), "%d", questions);
	head->drill = classify->want.drill;
	str_add(&head->title, classify->want.again ? _("Classify anew") : _("New report"));
	str_say(&head->state,
		classify->want.again ? _("question {at} of {of}")
				     : _("step 1 of 2: what is it?   question {at} of {of}"),
		(struct str_arg[]){ { "at", at }, { "of", of } }, 2);
	if (classify->title[0]) {
		str_addf(&head->state, "   %s", classify->title);
	}
	str_add(&head->state_right, _("Esc: keep as draft"));
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

/* The question that is asked; returns the next free row. */
static int
paint_asked(struct classify *classify, struct canvas *c, int row, const json_t *category)
{
	const char *given = doc_text(classify->answers, doc_text(category, "key"));
	struct str examples = STR_INIT;
	int col = 4 + LABEL_COLS;
	struct place at = { row, col, c->cols - col - 1 };
	/* What the other rows and the buttons leave. */
	int room = c->rows - count(classify);

	paint_down(c, &at, 2, ROLE_HEAD, doc_words_of(category, "question"));
	str_say(&examples, _("Such as: {examples}"),
		&(struct str_arg){ "examples", doc_words_of(category, "examples") }, 1);
	room -= at.row - row;
	paint_down(c, &at, room > 1 ? room : 1, ROLE_QUIET, str_text(&examples));
	paint_buttons(c, at.row, col, given);
	paint_caret(c, at.row, col, false);
	str_release(&examples);
	return at.row + 1;
}

/* The row of the suspicion: what it follows from, or what is suspected. */
static void
paint_suspicion(struct classify *classify, struct canvas *c, int row)
{
	const json_t *suspected = doc_list(classify->verdict, "suspected");
	struct place at = { row, 4 + LABEL_COLS, c->cols - LABEL_COLS - 5 };
	struct str numbers = STR_INIT;
	struct str text = STR_INIT;

	for (int i = 0; i < count(classify); i++) {
		const json_t *category = json_array_get(categories(classify), (size_t)i);

		for (size_t k = 0; k < json_array_size(suspected); k++) {
			const char *key = json_string_value(json_array_get(suspected, k));

			if (key && strcmp(key, doc_text(category, "key")) == 0) {
				str_addf(&numbers, "%s%lld", str_text(&numbers)[0] ? ", " : "",
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

static int
paint_question(struct classify *classify, struct canvas *c, int row, int i)
{
	const json_t *category = json_array_get(categories(classify), (size_t)i);
	bool asked = i == classify->at;
	const char *given = doc_text(classify->answers, doc_text(category, "key"));
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
	(void)paint_text(c, (struct place){ row, 2, LABEL_COLS + 1 }, asked ? ROLE_HEAD : ROLE_TEXT,
		str_text(&label));
	str_release(&label);
	if (asked) {
		return paint_asked(classify, c, row, category);
	}
	if (!is_asked(classify, i)) {
		paint_suspicion(classify, c, row);
		return row + 1;
	}
	(void)paint_text(c, (struct place){ row, 4 + LABEL_COLS, 0 },
		strcmp(given, "yes") == 0 ? ROLE_HEAD
			: given[0]        ? ROLE_TEXT
					  : ROLE_QUIET,
		answer_label(given));
	return row + 1;
}

/* Below the last answer: the way on, so that nobody has to look for it. */
static void
paint_way_on(struct classify *classify, struct canvas *c, int row)
{
	const char *label =
		classify->want.again ? N_("Enter: go on") : N_("Enter: write the report");
	struct str text = STR_INIT;
	int col = 4 + LABEL_COLS;

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
		str_addf(out, "%s%s (%s)", i > 0 ? ", " : "",
			book_person(book, doc_text(told, "person")),
			book_role(book, doc_text(told, "role")));
	}
	if (i == 0) {
		str_add(out, _("nobody yet"));
	}
}

static void
paint_verdict(struct classify *classify, struct canvas *c)
{
	struct book *book = &classify->base.app->book;
	struct str text = STR_INIT;
	int row = 1;

	paint_rule(c, 0);
	if (!classify->verdict) {
		(void)paint_wrapped(c, (struct place){ row, 1, c->cols - 2 },
			(struct wrap){ .rows = c->rows - 1 }, ROLE_TEXT,
			is_all_no(classify) ? _(no_incident)
				: classify->refusal
				? doc_text(classify->refusal, "text")
				: _("If in doubt, answer \"don't know\": the officer can correct "
				    "it later, and both stay on record."));
		return;
	}
	str_addf(&text, "%s  ", _("So far:"));
	book_category(book, doc_text(classify->verdict, "category"), &text);
	if (strcmp(doc_text(classify->verdict, "major"), "proposed") == 0) {
		str_addf(&text, "   !! %s", _("major accident proposed"));
	}
	(void)paint_text(c, (struct place){ row++, 1, c->cols - 2 }, ROLE_HEAD, str_text(&text));
	str_clear(&text);
	str_addf(&text, "%s  ", _("Will be told:"));
	add_told(classify, &text);
	row += paint_wrapped(c, (struct place){ row, 1, c->cols - 2 }, (struct wrap){ .rows = 2 },
		ROLE_TEXT, str_text(&text));
	(void)paint_wrapped(c, (struct place){ row, 1, c->cols - 2 },
		(struct wrap){ .rows = c->rows - row }, ROLE_QUIET,
		doc_words_of(classify->verdict, "reason"));
	str_release(&text);
}

static void
classify_paint(struct screen *screen, struct canvas *c)
{
	struct classify *classify = self(screen);
	int n = count(classify);
	/* With nothing left to ask the reason gets the room of the question. */
	int verdict_rows = c->rows <= 16 ? 3 : classify->at == n ? c->rows - n - 2 : VERDICT_ROWS;
	struct canvas list = paint_part(c, (struct place){ 0, 0, 0 }, c->rows - verdict_rows);
	struct canvas verdict =
		paint_part(c, (struct place){ c->rows - verdict_rows, 0, 0 }, verdict_rows);
	int row = 0;
	int first = 0;

	/* Small windows: begin so that the asked question is in view. */
	if (n + 3 > list.rows && classify->at < n) {
		first = classify->at + 4 > list.rows ? classify->at + 4 - list.rows : 0;
	}
	for (int i = first; i < n && row < list.rows; i++) {
		row = paint_question(classify, &list, row, i);
	}
	if (classify->at == n && n > 0) {
		paint_way_on(classify, &list, row + 1 < list.rows ? row + 1 : list.rows - 1);
	}
	paint_verdict(classify, &verdict);
	paint_part_done(c, &list);
	paint_part_done(c, &verdict);
}

static void
classify_release(struct screen *screen)
{
	json_decref(self(screen)->answers);
	json_decref(self(screen)->verdict);
	json_decref(self(screen)->refusal);
}

static const struct action actions[] = {
	{ "yes", 'y', 0, N_("yes"), N_("Answer yes"), ACTION_HINT, yes_run },
	{ "no", 'n', 0, N_("no"), N_("Answer no"), ACTION_HINT, no_run },
	{ "unknown", 'u', 0, N_("don't know"), N_("Answer \"don't know\": a full answer"),
		ACTION_HINT, unknown_run },
	{ "back", 'b', K_UP, N_("back"), N_("The question before"), ACTION_HINT, back_run },
	{ "next", K_TAB, K_DOWN, N_("next"), N_("The next question"), ACTION_HINT, next_run },
	{ "continue", K_ENTER, K_CTRL('S'), N_("go on"),
		N_("Go on to the report when all questions are answered"), ACTION_HINT, enter_run },
	{ "rest", 'c', 0, N_("rest unknown"), N_("Go on; the rest counts as not known"),
		ACTION_PLAIN, continue_run },
	{ "leave", K_ESC, 'q', N_("leave"), N_("Leave; the answers are kept as a draft"),
		ACTION_PLAIN, leave_run },
	{ .name = NULL },
};

static const struct screen_ops ops = {
	.name = "classify",
	.title = N_("Classification"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.head = classify_head,
	.paint = classify_paint,
	.release = classify_release,
};

void
classify_open(struct app *app, const struct classify_want *want)
{
	struct classify *classify = (struct classify *)screen_new(app, &ops, sizeof(*classify));

	if (classify) {
		classify->want = *want;
		classify->title =
			arena_strdup(classify->base.arena, want->title ? want->title : "");
		classify->answers = want->answers ? json_deep_copy(want->answers) : json_object();
		classify->want.answers = NULL;
		for (int i = 0; i < count(classify); i++) {
			if (!is_asked(classify, i)) {
				(void)json_object_del(classify->answers, key_at(classify, i));
			}
		}
		ask_table(classify);
		classify->at = next_open(classify, 0);
	}
	(void)app_push(app, (struct screen *)classify); /* says what went wrong */
}
