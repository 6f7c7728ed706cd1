/* SPDX-License-Identifier: MIT */
/*
 * The classification: all questions in view, one asked at a time, "don't know"
 * a full answer.  The suspicion is no question: its row says what the answers
 * "don't know" make of it.  What the answers mean and who would be told is shown
 * before anything is sent; the decision itself is the desk's.
 */
#include "classify.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "registry.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

/* The desk's own words name a member that only other programs can send. */
static const char *const no_incident =
	N_("By these answers it is no incident. If one is suspected all "
	   "the same, press b and answer u (don't know) there.");

static struct classify *
self(struct screen *screen)
{
	return (struct classify *)screen;
}

const char *
classify_no_incident(void)
{
	return _(no_incident);
}

static const json_t *
categories(const struct classify *classify)
{
	return doc_list(book_procedure(&classify->base.app->book), "categories");
}

const json_t *
classify_category(const struct classify *classify, int i)
{
	return i < 0 ? NULL : json_array_get(categories(classify), (size_t)i);
}

int
classify_count(const struct classify *classify)
{
	return (int)json_array_size(categories(classify));
}

static const char *
key_at(const struct classify *classify, int i)
{
	return doc_text(classify_category(classify, i), "key");
}

const char *
classify_given(const struct classify *classify, int i)
{
	return doc_text(classify->answers, key_at(classify, i));
}

static bool
is_answered(const struct classify *classify, int i)
{
	return classify_given(classify, i)[0] != '\0';
}

bool
classify_asks(const struct classify *classify, int i)
{
	const json_t *category = classify_category(classify, i);

	return category && strcmp(doc_text(category, "kind"), "suspicion") != 0;
}

/* The questions before category `i`; of all, when `i` is classify_count(). */
static int
asked_before(const struct classify *classify, int i)
{
	int n = 0;

	for (int k = 0; k < i; k++) {
		n += classify_asks(classify, k) ? 1 : 0;
	}
	return n;
}

/* The first question without an answer from `from` on; classify_count(): all have one. */
static int
next_open(const struct classify *classify, int from)
{
	int n = classify_count(classify);

	for (int i = 0; i < n; i++) {
		int k = (from + i) % n;

		if (classify_asks(classify, k) && !is_answered(classify, k)) {
			return k;
		}
	}
	return n;
}

bool
classify_all_no(const struct classify *classify)
{
	int no = 0;

	for (int i = 0; i < classify_count(classify); i++) {
		const char *given = classify_given(classify, i);

		no += classify_asks(classify, i) && strcmp(given, "no") == 0 ? 1 : 0;
	}
	return no > 0 && no == asked_before(classify, classify_count(classify));
}

/* The verdict, or a refusal that says what is missing; neither without any answer. */
static void
judge(struct app *app, const json_t *answers, json_t **ret_verdict, json_t **ret_refusal)
{
	if (json_object_size(answers) > 0) {
		(void)app_try(app, "classify", json_pack("{s:O}", "answers", answers), ret_verdict,
			ret_refusal);
	}
}

bool
classify_is_done(struct app *app, const json_t *answers, json_t **ret_verdict)
{
	json_t *verdict = NULL;
	json_t *refusal = NULL;
	size_t i;
	json_t *category;

	json_array_foreach(doc_list(book_procedure(&app->book), "categories"), i, category)
	{
		if (strcmp(doc_text(category, "kind"), "suspicion") != 0 &&
			doc_text(answers, doc_text(category, "key"))[0] == '\0') {
			return false;
		}
	}
	judge(app, answers, &verdict, &refusal);
	json_decref(refusal);
	if (verdict) {
		*ret_verdict = verdict;
	}
	return verdict != NULL;
}

static void
ask_table(struct classify *classify)
{
	json_decref(classify->verdict);
	json_decref(classify->refusal);
	classify->verdict = NULL;
	classify->refusal = NULL;
	/* "No incident" is a refusal with words, and shown as the verdict. */
	judge(classify->base.app, classify->answers, &classify->verdict, &classify->refusal);
}

static void
answer(struct screen *screen, const char *word)
{
	struct classify *classify = self(screen);

	if (classify->at >= classify_count(classify)) {
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
	bool done = next_open(classify, 0) == classify_count(classify);
	/* One place more when all is answered: the way on. */
	int n = classify_count(classify) + (done ? 1 : 0);

	for (int left = n; left > 0; left--) {
		classify->at = (classify->at + by + n) % n;
		if (classify->at == classify_count(classify) ||
			classify_asks(classify, classify->at)) {
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
		if (classify_all_no(classify)) {
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

	if (open < classify_count(classify)) {
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

	for (int i = 0; i < classify_count(classify); i++) {
		if (classify_asks(classify, i) && !is_answered(classify, i)) {
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

static void
classify_head(struct screen *screen, struct head *head)
{
	struct classify *classify = self(screen);
	int questions = asked_before(classify, classify_count(classify));
	int number = asked_before(classify, classify->at) + 1;
	char at[16];
	char of[16];

	snprintf(at, sizeof(at), "%d", number < questions ? number : questions);
	snprintf(of, sizeof(of), "%d", questions);
	head->drill = classify->want.drill;
	str_add(&head->title, classify->want.again ? _("Classify anew") : _("New report"));
	str_say(&head->state,
		classify->want.again ? _("question {at} of {of}")
				     : _("step 1 of 2   question {at} of {of}"),
		(struct str_arg[]){ { "at", at }, { "of", of } }, 2);
	if (classify->title[0]) {
		str_addf(&head->state, "   %s", classify->title);
	}
	str_add(&head->state_right, _("Esc: keep as draft"));
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
		ACTION_HINT | ACTION_OVER, unknown_run },
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

const struct screen_ops classify_ops = {
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
	struct classify *classify =
		(struct classify *)screen_new(app, &classify_ops, sizeof(*classify));

	if (classify) {
		classify->want = *want;
		classify->title =
			arena_strdup(classify->base.arena, want->title ? want->title : "");
		classify->answers = want->answers ? json_deep_copy(want->answers) : json_object();
		classify->want.answers = NULL;
		for (int i = 0; i < classify_count(classify); i++) {
			if (!classify_asks(classify, i)) {
				(void)json_object_del(classify->answers, key_at(classify, i));
			}
		}
		ask_table(classify);
		classify->at = next_open(classify, 0);
	}
	(void)app_push(app, (struct screen *)classify); /* says what went wrong */
}
