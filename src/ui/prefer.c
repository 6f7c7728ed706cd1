/* SPDX-License-Identifier: MIT */
/*
 * Preferences: read once when a person sits down, written when they choose.
 */
#include "prefer.h"

#include <string.h>

#include "app.h"
#include "doc.h"
#include "toban/base/i18n.h"

bool
prefer_is_ascii(const struct app *app)
{
	return app->options->ascii || !app->term.utf8;
}

void
prefer_readable(const struct app *app)
{
	/* Whoever asked for Japanese can read English better than nothing but [JA n]. */
	if (prefer_is_ascii(app) && app->options->speak) {
		app->options->speak(app->options->ctx, LANG_EN);
	}
}

static void
follow(struct app *app)
{
	const char *word = prefer_value(app, "language");

	if (app->options->speak && !app->options->lang_named) {
		enum lang lang = app->options->account_lang;

		if (word[0]) {
			lang = strcmp(word, lang_word(LANG_JA)) == 0 ? LANG_JA : LANG_EN;
		}
		/* A Japanese sentence would be nothing but [JA n] there. */
		app->options->speak(app->options->ctx, prefer_is_ascii(app) ? LANG_EN : lang);
	}
	for (int i = 0; i < app->depth; i++) {
		if (app->stack[i]->ops->prefer) {
			app->stack[i]->ops->prefer(app->stack[i]);
		}
	}
}

static void
take_over(struct app *app, json_t *answer)
{
	json_decref(app->preferences);
	app->preferences = json_incref(json_object_get(answer, "preferences"));
	json_decref(answer);
	follow(app);
}

void
prefer_read(struct app *app)
{
	json_t *answer = NULL;
	json_t *error = NULL;

	/* A desk without preferences is a desk all the same. */
	(void)app_try(app, "me.preferences", NULL, &answer, &error);
	json_decref(error);
	take_over(app, answer);
}

const char *
prefer_value(const struct app *app, const char *name)
{
	return doc_text(app->preferences, name);
}

bool
prefer_is(const struct app *app, const char *name, const char *value)
{
	return strcmp(prefer_value(app, name), value) == 0;
}

bool
prefer_set(struct app *app, const char *name, const char *value)
{
	json_t *answer = NULL;

	if (app_call(app, "me.prefer", json_pack("{s:s, s:s?}", "name", name, "value", value),
		    &answer) != ERR_OK) {
		return false;
	}
	take_over(app, answer);
	return true;
}
