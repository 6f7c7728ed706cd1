/* SPDX-License-Identifier: MIT */
/*
 * The classification: all questions in view, one asked at a time, "don't know"
 * a full answer.  What the answers mean and who would be told is shown before
 * anything is sent; the decision itself is the desk's.
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
	int at;
};

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

/* The first question without an answer from `from` on; -1: all have one. */
static int
next_open(struct classify *classify, int from)
{
	int n = count(classify);

	for (int i = 0; i < n; i++) {
		if (!is_answered(classify, (from + i) % n)) {
			return (from + i) % n;
		}
	}
	return -1;
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
	int open;

	if (count(classify) == 0) {
		return;
	}
	json_object_set_new(classify->answers, key_at(classify, classify->at), json_string(word));
	ask_table(classify);
	if (classify->want.changed) {
		classify->want.changed(classify->want.asker, classify->answers);
	}
	open = next_open(classify, classify->at);
	if (open >= 0) {
		classify->at = open;
	}
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
	int n = count(classify);

	if (n > 0) {
		classify->at = (classify->at + by + n) % n;
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
		if (classify->refusal) {
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

	if (open >= 0) {
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
		if (!is_answered(classify, i)) {
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
	char at[16];
	char of[16];

	snprintf(at, sizeof(at), "%d", classify->at + 1);
	snprintf(of, sizeof(of), "%d", count(classify));
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

/* The question that is asked; returns the next free row. */
static int
paint_asked(struct classify *classify, struct canvas *c, int row, const json_t *category)
{
	const char *given = doc_text(classify->answers, doc_text(category, "key"));
	struct str examples = STR_INIT;
	int col = 4 + LABEL_COLS;
	struct place at = { row, col, c->cols - col - 1 };
	int rows = paint_wrapped(
		c, at, (struct wrap){ .rows = 2 }, ROLE_HEAD, doc_words_of(category, "question"));

	at.row += rows < 2 ? rows : 2;
	str_say(&examples, _("Such as: {examples}"),
		&(struct str_arg){ "examples", doc_words_of(category, "examples") }, 1);
	rows = paint_wrapped(c, at, (struct wrap){ .rows = c->rows > 16 ? 2 : 1 }, ROLE_QUIET,
		str_text(&examples));
	at.row += rows < (c->rows > 16 ? 2 : 1) ? rows : c->rows > 16 ? 2 : 1;
	paint_buttons(c, at.row, col, given);
	paint_caret(c, at.row, col, false);
	str_release(&examples);
	return at.row + 1;
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
	(void)paint_text(c, (struct place){ row, 4 + LABEL_COLS, 0 },
		strcmp(given, "yes") == 0 ? ROLE_HEAD
			: given[0]        ? ROLE_TEXT
					  : ROLE_QUIET,
		answer_label(given));
	return row + 1;
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
			classify->refusal
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
	int verdict_rows = c->rows > 16 ? VERDICT_ROWS : 3;
	struct canvas list = paint_part(c, (struct place){ 0, 0, 0 }, c->rows - verdict_rows);
	struct canvas verdict =
		paint_part(c, (struct place){ c->rows - verdict_rows, 0, 0 }, verdict_rows);
	int n = count(classify);
	int row = 0;
	int first = 0;

	/* Small windows: begin so that the asked question is in view. */
	if (n + 3 > list.rows) {
		first = classify->at + 4 > list.rows ? classify->at + 4 - list.rows : 0;
	}
	for (int i = first; i < n && row < list.rows; i++) {
		row = paint_question(classify, &list, row, i);
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
		int open;

		classify->want = *want;
		classify->title =
			arena_strdup(classify->base.arena, want->title ? want->title : "");
		classify->answers = want->answers ? json_deep_copy(want->answers) : json_object();
		classify->want.answers = NULL;
		ask_table(classify);
		open = next_open(classify, 0);
		classify->at = open >= 0 ? open : 0;
	}
	(void)app_push(app, (struct screen *)classify); /* says what went wrong */
}
