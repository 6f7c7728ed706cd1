/* SPDX-License-Identifier: MIT */
/*
 * What the desk says in the message row, and how it says why something was refused.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "toban/base/i18n.h"

void
app_say(struct app *app, enum say_kind kind, const char *text)
{
	say_add(&app->log, kind, book_now(&app->book), text);
}

void
app_say_with(struct app *app, enum say_kind kind, const char *pattern, const struct str_arg *args,
	size_t n_args)
{
	struct str text = STR_INIT;

	str_say(&text, pattern, args, n_args);
	app_say(app, kind, str_text(&text));
	str_release(&text);
}

/* Names who could, unless the desk's own sentence did already. */
static void
add_who(struct app *app, const json_t *error, struct str *text)
{
	const json_t *names = json_object_get(error, "who_names");
	size_t i;
	json_t *person;

	json_array_foreach(json_object_get(error, "who"), i, person)
	{
		const char *id = json_string_value(person);
		const char *name = names ? doc_words(json_array_get(names, i))
			: id             ? book_person(&app->book, id)
					 : doc_words_of(person, "name");

		if (i == 0 && strstr(str_text(text), name)) {
			return;
		}
		if (i == 0) {
			str_next_sentence(text);
			str_addf(text, "%s ", _("Who can:"));
		} else {
			str_add(text, _(", "));
		}
		str_add(text, name);
	}
}

void
app_error_words(struct app *app, const json_t *error, struct str *out)
{
	const char *todo = doc_text(error, "what_to_do");
	const char *code = doc_text(error, "code");

	str_add(out, doc_text(error, "text"));
	if (out->len == 0) {
		str_add(out, _("The desk did not answer."));
	}
	if (todo[0]) {
		str_next_sentence(out);
		str_add(out, todo);
	}
	add_who(app, error, out);
	if (code[0]) {
		str_addf(out, " (%s)", code);
	}
}

void
app_say_error(struct app *app, const json_t *error)
{
	struct str text = STR_INIT;

	app_error_words(app, error, &text);
	app_say(app, SAY_ERROR, str_text(&text));
	str_release(&text);
}
