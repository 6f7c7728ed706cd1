/* SPDX-License-Identifier: MIT */
/*
 * Keys that were meant for a field which did not come: see deaf.h.
 */
#include "deaf.h"

#include "app.h"
#include "toban/base/clock.h"
#include "toban/base/i18n.h"

enum { PAUSE_MS = 500 }; /* longer than between two keys, shorter than reading the screen */

void
deaf_begin(struct app *app)
{
	app->deaf_ms = clock_steady_ms();
}

bool
deaf_drops(struct app *app, const struct key *key)
{
	int64_t now = clock_steady_ms();
	bool typed = key_is_text(key) || key->code == K_ENTER || key->code == K_TAB ||
		key->code == K_BACKSPACE || key->code == K_PASTE;

	if (!app->deaf_ms) {
		return false;
	}
	if (!typed || now - app->deaf_ms >= PAUSE_MS) {
		app->deaf_ms = 0;
		return false;
	}
	app->deaf_ms = now;
	app_say(app, SAY_INFO,
		_("Not taken: the question was answered with Back. Pause for a moment, then go "
		  "on."));
	return true;
}
