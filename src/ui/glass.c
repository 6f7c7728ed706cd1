/* SPDX-License-Identifier: MIT */
/*
 * Breaking the glass: who needs a restricted case now is told what that does, says why, and
 * reads it for an hour.  No list shows such a case, so its number is asked for.
 */
#include "glass.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "popup.h"
#include "screens.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

#define DIGITS "0123456789"

enum { YEAR_DIGITS = 2, CASE_DIGITS = 4, DRILL_DIGITS = 3, DIGITS_MOST = 9 };

static void ask_why(struct screen *screen, const char *value);

static bool
keep(char **slot, const char *value)
{
	char *copy = strdup(value);

	if (!copy) {
		return false;
	}
	free(*slot);
	*slot = copy;
	return true;
}

static void
opened(struct app *app, const json_t *result)
{
	const char *id = app->glass.id;
	char until[STAMP_SIZE];

	free(app->glass.why);
	app->glass.why = NULL;
	book_time(&app->book, doc_time(result, "until"), until);
	app_changed(app);
	incident_open(app, id);
	app_say_with(app, SAY_DONE,
		doc_flag(result, "repeated")
			? _("{id} is open to you already, until {until}, for the reason you gave "
			    "then. Nothing new was recorded.")
			: _("You read {id} until {until}. The office head was told, with your "
			    "reason."),
		(struct str_arg[]){ { "id", id }, { "until", until } }, 2);
}

static void
why_given(struct screen *screen, const char *value)
{
	struct app *app = screen->app;
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e;

	if (!keep(&app->glass.why, value)) {
		return;
	}
	e = app_try(app, "incident.break-glass",
		json_pack("{s:s, s:s}", "id", app->glass.id, "why", value), &result, &error);
	if (e == ERR_OK) {
		opened(app, result);
	} else {
		app_say_error(app, error);
	}
	if (strcmp(doc_text(error, "code"), "D381") == 0) {
		ask_why(screen, ""); /* what was typed stands there */
	} else if (strcmp(doc_text(error, "code"), "D380") == 0) {
		incident_open(app, app->glass.id);
	}
	json_decref(result);
	json_decref(error);
}

/* What was typed stands there when the same is asked again. */
static void
why_left(struct screen *screen, const char *value)
{
	if (keep(&screen->app->glass.why, value) && value[0]) {
		app_say(screen->app, SAY_INFO,
			_("Nothing was recorded, and nothing was opened. The reason is kept until "
			  "you leave toban."));
	}
}

static void
ask_why(struct screen *screen, const char *value)
{
	(void)value;
	popup_prompt(screen->app,
		&(struct popup_prompt){
			.asker = screen,
			.label = _("Why must you read it now?"),
			.text = screen->app->glass.why ? screen->app->glass.why : "",
			.answered = why_given,
			.left = why_left,
		});
}

/* "26-0001", of a drill "26-D001"; capitals and full-width forms are taken as they are meant. */
static bool
is_number(const char *typed, struct str *ret_id)
{
	const char *at;
	size_t digits;

	text_fold(ret_id, typed, strlen(typed));
	for (char *c = ret_id->data; c && *c; c++) {
		*c = *c == 'd' ? 'D' : *c;
	}
	at = str_text(ret_id);
	if (strspn(at, DIGITS) != YEAR_DIGITS || at[YEAR_DIGITS] != '-') {
		return false;
	}
	at += YEAR_DIGITS + 1;
	digits = strspn(at + (*at == 'D'), DIGITS);
	return digits >= (*at == 'D' ? DRILL_DIGITS : CASE_DIGITS) &&
		at[(*at == 'D') + digits] == '\0' && digits <= DIGITS_MOST;
}

/* What it does is said before a word is typed. */
static void
ask_consent(struct screen *screen, const char *id)
{
	struct str text = STR_INIT;

	str_say(&text,
		_("Opens {id} to you, for reading only, for one hour. The office head is told at "
		  "once, with your reason. It is recorded in the case and at the desk, for good. "
		  "Do it when somebody would come to harm by waiting. Whether there is "
		  "such a case for you is told after the reason."),
		&(struct str_arg){ "id", id }, 1);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Emergency reading"),
			.text = str_text(&text),
			.accept = _("Give the reason"),
			.text_follows = true,
			.answered = ask_why,
		});
	str_release(&text);
}

static void explain(struct screen *screen, const char *typed);

static void
ask_number(struct screen *screen, const char *typed)
{
	popup_prompt(screen->app,
		&(struct popup_prompt){
			.asker = screen,
			.label = _("Number of the restricted case:"),
			.text = typed,
			.answered = explain,
		});
}

/*
 * Whether there is such a case is not asked here: that is told to nobody without a reason that
 * is on record.  What is no number at all can be said at once.
 */
static void
explain(struct screen *screen, const char *typed)
{
	struct str id = STR_INIT;

	if (typed[0] && !is_number(typed, &id)) {
		/* One row stays above the line, in which what was typed goes on. */
		app_say(screen->app, SAY_ERROR,
			_("No case number: they look like 26-0001, 26-D001. (D451)"));
		ask_number(screen, typed);
	} else if (typed[0] && keep(&screen->app->glass.id, str_text(&id))) {
		ask_consent(screen, str_text(&id));
	}
	str_release(&id);
}

void
glass_open(struct screen *screen, const char *id)
{
	if (id[0]) {
		explain(screen, id);
	} else {
		ask_number(screen, "");
	}
}

void
glass_release(struct glass_state *glass)
{
	free(glass->id);
	free(glass->why);
	*glass = (struct glass_state){ NULL, NULL };
}

void
glass_words(struct book *book, const json_t *show, struct str *out)
{
	const json_t *glass = json_object_get(show, "glass");
	char until[STAMP_SIZE];

	if (json_is_object(glass)) {
		book_time(book, doc_time(glass, "until"), until);
		str_say(out, _("OPENED BY BREAKING THE GLASS, until {until}. Reason: {why}"),
			(struct str_arg[]){ { "until", until }, { "why", doc_text(glass, "why") } },
			2);
	}
}
