/* SPDX-License-Identifier: MIT */
/*
 * What is said after a step was recorded.
 */
#include "app.h"
#include "doc.h"
#include "screens.h"
#include "toban/base/i18n.h"

void
sent_say(struct app *app, const char *step, const json_t *result)
{
	struct str entry = STR_INIT;
	struct str told = STR_INIT;
	struct str said = STR_INIT;

	take_back_offer(app, step, result);
	str_addf(&entry, "%lld (%.4s)", (long long)doc_int(result, "seq"),
		doc_text(result, "row_hash"));
	book_people(&app->book, doc_list(result, "notified"), &told);
	str_say(&said,
		told.len > 0 ? _("\"{step}\" for {id} is recorded: entry {entry}. Told: {told}.")
			     : _("\"{step}\" for {id} is recorded: entry {entry}."),
		(struct str_arg[]){ { "step", book_step(&app->book, step) },
			{ "id", doc_text(result, "id") }, { "entry", str_text(&entry) },
			{ "told", str_text(&told) } },
		4);
	sign_words(app, &said);
	app_say(app, SAY_DONE, str_text(&said));
	str_release(&said);
	str_release(&entry);
	str_release(&told);
}
