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
		_("You read {id} until {until}. The office head was told, with your reason."),
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
		});
}

static void
explain(struct screen *screen, const char *id)
{
	struct str text = STR_INIT;

	if (!id[0] || !keep(&screen->app->glass.id, id)) {
		return;
	}
	str_say(&text,
		_("Opens {id} to you, for reading only, for one hour. The office head is told at "
		  "once, with your reason. It is recorded in the case and at the desk, for good. "
		  "Do it when somebody would come to harm by waiting."),
		&(struct str_arg){ "id", id }, 1);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Emergency reading"),
			.text = str_text(&text),
			.accept = _("Give the reason"),
			.answered = ask_why,
		});
	str_release(&text);
}

void
glass_open(struct screen *screen, const char *id)
{
	if (id[0]) {
		explain(screen, id);
		return;
	}
	popup_prompt(screen->app,
		&(struct popup_prompt){
			.asker = screen,
			.label = _("Number of the restricted case:"),
			.text = "",
			.answered = explain,
		});
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
