/* SPDX-License-Identifier: MIT */
/*
 * The first start of a person: one line, said once.  Somebody the desk does not
 * know cannot report here, because a report needs a finder the chain can call
 * back; so they are told whom to telephone.
 */
#include "welcome.h"

#include <string.h>

#include "app.h"
#include "doc.h"
#include "emergency.h"
#include "prefer.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

enum { DRAFT_COLS = 30 }; /* of a draft's name: the sentence stays on one row or two */

/* The first person of a role with a number; NULL: none. */
static const json_t *
holder_of(struct app *app, const char *role)
{
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(&app->book), "people"), i, person)
	{
		if (doc_holds(doc_list(person, "roles"), role) && doc_text(person, "phone")[0]) {
			return person;
		}
	}
	return NULL;
}

static void
add_holder(struct app *app, const char *role, struct str *out)
{
	const json_t *person = holder_of(app, role);

	if (person) {
		str_addf(out, "%s%s %s %s", out->len > 0 ? _(", ") : "",
			book_role(&app->book, role), doc_words_of(person, "name"),
			doc_text(person, "phone"));
	}
}

static void
say_unregistered(struct app *app)
{
	struct str who = STR_INIT;

	add_holder(app, "office-head", &who);
	add_holder(app, "crisis", &who);
	if (who.len > 0) {
		app_say_with(app, SAY_ERROR,
			_("You are not registered and cannot report here. In an emergency call: "
			  "{who}. 6: all numbers. The administrator registers you."),
			&(struct str_arg){ "who", str_text(&who) }, 1);
	} else {
		app_say(app, SAY_ERROR,
			_("You are not registered and cannot report here. In an emergency call "
			  "the officer of your department. The administrator registers you."));
	}
	str_release(&who);
}

/* Only what this person can do. */
static const char *
welcome_words(const struct app *app)
{
	const json_t *roles = doc_list(book_my_record(&app->book), "roles");

	if (doc_flag(json_object_get(app->book.desk, "can"), "report")) {
		return _("Welcome. n reports, ? helps, q leaves. :drill to practise, 7: settings.");
	}
	if (doc_holds(roles, "auditor")) {
		return _("Welcome. You read every case: Enter opens, 3 searches, ? helps, "
			 "q leaves.");
	}
	return _("Welcome. You read, and run the desk: ? helps, q leaves, 7: settings.");
}

void
welcome_say(struct app *app)
{
	json_t *answer = NULL;
	json_t *error = NULL;

	if (book_me(&app->book)[0] == '\0') {
		say_unregistered(app);
		return;
	}
	if (prefer_is(app, "greeted", "yes")) {
		return;
	}
	app_say(app, SAY_INFO, welcome_words(app));
	/* If this cannot be kept, the line is said again: no harm. */
	(void)app_try(app, "me.prefer", json_pack("{s:s, s:s}", "name", "greeted", "value", "yes"),
		&answer, &error);
	json_decref(answer);
	json_decref(error);
}

/* "22:39  ラック施錠漏れ": when, and what it is about. */
static void
add_draft(struct app *app, const json_t *draft, struct str *out)
{
	const char *subject = doc_text(draft, "subject");
	const char *title = doc_text(draft, "title")[0] ? doc_text(draft, "title")
		: subject[0]                            ? subject
							: _("New report");
	char at[STAMP_SIZE];

	book_time(&app->book, doc_time(draft, "saved_at"), at);
	str_addf(out, "%s ", at);
	if (text_fit(out, title, strlen(title), DRAFT_COLS)) {
		str_add(out, "...");
	}
	/* It is part of a sentence: no column to be filled with blanks. */
	while (out->len > 0 && str_text(out)[out->len - 1] == ' ') {
		str_truncate(out, out->len - 1);
	}
}

void
welcome_back(struct app *app)
{
	json_t *result = NULL;
	json_t *error = NULL;
	struct str newest = STR_INIT;
	struct str number = STR_INIT;
	size_t n;

	if (emergency_import(app)) {
		return;
	}
	/* Who has none, or may have none, is told nothing. */
	(void)app_try(app, "draft.list", NULL, &result, &error);
	n = json_array_size(json_object_get(result, "drafts"));
	if (n > 0) {
		add_draft(app, json_array_get(json_object_get(result, "drafts"), 0), &newest);
		str_addf(&number, "%zu", n);
		app_say_with(app, SAY_INFO,
			P_("{n} draft of yours is waiting at the end of the list: {draft}. "
			   "Enter on it: go on.",
				"{n} drafts of yours are waiting at the end of the list, last: "
				"{draft}. Enter on it: go on.",
				n),
			(struct str_arg[]){
				{ "n", str_text(&number) }, { "draft", str_text(&newest) } },
			2);
	}
	str_release(&number);
	str_release(&newest);
	json_decref(result);
	json_decref(error);
}
