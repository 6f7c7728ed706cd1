/* SPDX-License-Identifier: MIT */
/*
 * Typing what nobody may see.
 */
#include "secret_line.h"

#include "app.h"
#include "frame.h"
#include "toban/base/i18n.h"

bool
secret_line_key(struct app *app, struct secret_text *text, const struct key *key)
{
	char bytes[5];
	size_t len = key_utf8(key, bytes);
	bool fits = true;

	if (key->code == K_BACKSPACE) {
		secret_text_drop(text);
	} else if (key->code == K_CTRL('U')) {
		secret_text_clear(text);
	} else if (key->code == K_PASTE) {
		fits = secret_text_add(text, key->paste, key->paste_len);
	} else if (len > 0) {
		fits = secret_text_add(text, bytes, len);
		secret_wipe(bytes, sizeof(bytes));
	} else {
		return false;
	}
	if (!fits) {
		app_say(app, SAY_INFO, _("No more fits."));
	}
	return true;
}

void
secret_line_paint(
	struct canvas *c, struct place at, const char *label, const struct secret_text *text)
{
	int col = at.col + paint_text(c, at, ROLE_TEXT, label);

	(void)paint_text(c, (struct place){ at.row, col + 1, 0 }, ROLE_QUIET,
		text->len > 0 ? _("typed") : "");
	paint_caret(c, at.row, col + 1, true);
}

void
secret_line_begin(struct app *app)
{
	app_say(app, SAY_INFO, _("Trying the passphrase..."));
	frame_paint(app);
}

void
secret_line_done(struct app *app)
{
	(void)say_dismiss(&app->log);
}
