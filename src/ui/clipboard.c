/* SPDX-License-Identifier: MIT */
/*
 * Numbers of incidents for the clipboard of the terminal.
 */
#include "clipboard.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "toban/base/i18n.h"

static void
add_base64(struct str *out, const char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i += 3) {
		unsigned group = (unsigned)(unsigned char)text[i] << 16;

		if (i + 1 < len) {
			group |= (unsigned)(unsigned char)text[i + 1] << 8;
		}
		if (i + 2 < len) {
			group |= (unsigned char)text[i + 2];
		}
		str_add_char(out, digits[group >> 18]);
		str_add_char(out, digits[group >> 12 & 63]);
		str_add_char(out, i + 1 < len ? digits[group >> 6 & 63] : '=');
		str_add_char(out, i + 2 < len ? digits[group & 63] : '=');
	}
}

void
clipboard_send_id(struct app *app, const char *id)
{
	const json_t *policy = json_object_get(book_procedure(&app->book), "terminal");
	struct str code = STR_INIT;

	if (strcmp(doc_text(policy, "clipboard"), "off") == 0) {
		app_say(app, SAY_INFO,
			_("This site sends nothing to the terminal's clipboard "
			  "(forms/policy/terminal.ini)."));
		return;
	}
	add_base64(&code, id);
	(void)printf("\033]52;c;%s\007", str_text(&code));
	(void)fflush(stdout); /* a terminal that is gone is noticed by the loop */
	app_say_with(app, SAY_INFO,
		_("{id} was sent to the terminal's clipboard; not every terminal takes it."),
		&(struct str_arg){ "id", id }, 1);
	str_release(&code);
}
