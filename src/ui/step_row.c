/* SPDX-License-Identifier: MIT */
/*
 * A row of incident.steps: who could take the step, why not, and taking it.
 */
#include "step_row.h"

#include <string.h>

#include "app.h"
#include "doc.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

json_t *
step_row_list(struct app *app, const char *id)
{
	json_t *steps = NULL;
	json_t *error = NULL;

	/* What offers steps is of use without them. */
	if (id &&
		app_try(app, "incident.steps", json_pack("{s:s}", "id", id), &steps, &error) !=
			ERR_OK) {
		json_decref(error);
	}
	return steps;
}

void
step_row_who(struct app *app, const json_t *step, struct str *out)
{
	book_people(&app->book, doc_list(step, "who"), out);
}

/* Whether the desk's own sentence names all of them, whatever stands between the names. */
static bool
names_all(struct app *app, const json_t *step, const char *sentence)
{
	size_t i;
	json_t *who;

	json_array_foreach(doc_list(step, "who"), i, who)
	{
		const char *id = json_string_value(who);

		if (id && !strstr(sentence, book_person(&app->book, id))) {
			return false;
		}
	}
	return true;
}

void
step_row_reason(struct app *app, const json_t *step, struct str *out)
{
	struct str who = STR_INIT;

	str_add(out, doc_words_of(step, "why"));
	if (!names_all(app, step, str_text(out))) {
		step_row_who(app, step, &who);
		str_next_sentence(out);
		str_addf(out, "%s %s", _("Who can:"), str_text(&who));
	}
	str_release(&who);
}

void
step_row_take(struct app *app, const char *id, const json_t *step)
{
	const char *name = doc_text(step, "step");
	const struct action gate = { .name = name, .flags = ACTION_WRITES };
	struct str why = STR_INIT;

	if (app->options->read_only && action_refused(app_top(app), &gate, &why)) {
		app_say(app, SAY_INFO, str_text(&why));
	} else if (!doc_flag(step, "allowed")) {
		step_row_reason(app, step, &why);
		app_say(app, SAY_INFO, str_text(&why));
	} else {
		stepform_open(app, id, name, NULL);
	}
	str_release(&why);
}
