/* SPDX-License-Identifier: MIT */
/*
 * Taking back what was sent last.  Two keys, like every change of the record;
 * the desk decides whether it is still time, not the count-down.
 */
#include "take_back.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "popup.h"
#include "screens.h"
#include "toban/base/i18n.h"

enum { COUNT_MS = 1000 };

void
take_back_release(struct take_back *take_back)
{
	free(take_back->id);
	free(take_back->step);
	*take_back = (struct take_back){ .until = STAMP_NONE };
}

void
take_back_offer(struct app *app, const char *step, const json_t *result)
{
	struct take_back *take_back = &app->take_back;

	take_back_release(take_back);
	if (doc_time(result, "take_back_until") == STAMP_NONE) {
		return;
	}
	*take_back = (struct take_back){
		.id = strdup(doc_text(result, "id")),
		.step = strdup(step),
		.seq = doc_int(result, "seq"),
		.until = doc_time(result, "take_back_until"),
	};
	if (!take_back->id || !take_back->step) {
		take_back_release(take_back); /* without memory there is no offer */
		return;
	}
	app_alarm(app, COUNT_MS);
}

bool
take_back_waits(const struct app *app)
{
	return app->take_back.id && book_now(&app->book) < app->take_back.until;
}

void
take_back_words(struct app *app, struct str *out)
{
	struct screen *top = app_top(app);
	bool in_text = top->ops->in_text && top->ops->in_text(top);
	char seconds[24];

	if (!take_back_waits(app)) {
		return;
	}
	snprintf(seconds, sizeof(seconds), "%lld",
		(long long)((app->take_back.until - book_now(&app->book) + 999) / 1000));
	/* In a text the letter is a letter. */
	str_say(out,
		in_text ? _("(can be taken back for {n} s)") : _("(u: take back, {n} s)"),
		&(struct str_arg){ "n", seconds }, 1);
}

static void
say_taken_back(struct app *app, const char *step, const json_t *result)
{
	const char *draft = doc_text(result, "draft");

	app_say_with(app, SAY_DONE,
		draft[0] ? _("Taken back: {step} for {id}. Your text is draft {draft}.")
			 : _("Taken back: {step} for {id}. Your text is in the log of the case."),
		(struct str_arg[]){ { "step", book_step(&app->book, step) },
			{ "id", doc_text(result, "id") }, { "draft", draft } },
		3);
}

/* The text comes back where it was written. */
static void
open_again(struct app *app, const char *step, const char *draft)
{
	const char *effect = doc_text(book_step_record(&app->book, step), "effect");

	if (strcmp(app_top(app)->ops->name, "receipt") == 0) {
		app_close(app_top(app)); /* the receipt of what is no more */
	}
	if (!draft[0]) {
		return;
	}
	if (strcmp(effect, "report") == 0) {
		report_open(app, draft);
	} else {
		stepform_resume(app, draft);
	}
}

static void
answered(struct screen *asker, const char *value)
{
	struct app *app = asker->app;
	struct take_back *take_back = &app->take_back;
	json_t *result = NULL;
	char *step;

	(void)value;
	if (!take_back->id ||
		app_call(app, "incident.take-back",
			json_pack("{s:s, s:I}", "id", take_back->id, "seq",
				(json_int_t)take_back->seq),
			&result) != ERR_OK) {
		return;
	}
	step = take_back->step;
	take_back->step = NULL;
	take_back_release(take_back);
	app_changed(app);
	open_again(app, step, doc_text(result, "draft"));
	say_taken_back(app, step, result);
	free(step);
	json_decref(result);
}

void
take_back_run(struct screen *screen)
{
	struct app *app = screen->app;
	struct str text = STR_INIT;

	if (!take_back_waits(app)) {
		app_say(app, SAY_INFO,
			_("There is nothing to take back now. Use a correction: a > correct."));
		return;
	}
	str_say(&text,
		_("Take back \"{step}\" for {id}? It will count for nothing; both entries stay in "
		  "the log, and your text comes back as a draft."),
		(struct str_arg[]){ { "step", book_step(&app->book, app->take_back.step) },
			{ "id", app->take_back.id } },
		2);
	popup_confirm(app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Take back"),
			.text = str_text(&text),
			.accept = _("Take back"),
			.answered = answered,
		});
	str_release(&text);
}
