/* SPDX-License-Identifier: MIT */
/*
 * Told before they type what nobody would take: auditors and administrators.
 */
#include "outsider.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "toban/base/i18n.h"

enum { NAMED_MOST = 3 };

/* Appends names of staff, inside or outside of the department; returns how many there are. */
static size_t
add_staff(const json_t *people, const char *department, bool inside, struct str *names)
{
	size_t n = 0;
	size_t i;
	json_t *person;

	json_array_foreach(people, i, person)
	{
		bool same = strcmp(doc_text(person, "department"), department) == 0;

		if (same != inside || !doc_holds(doc_list(person, "roles"), "staff")) {
			continue;
		}
		if (n++ < NAMED_MOST) {
			str_addf(names, "%s%s", names->len > 0 ? _(", ") : "",
				doc_words_of(person, "name"));
		}
	}
	return n;
}

/* "Every member of the staff can: 佐藤, 高橋, 山田 and 12 more." */
static void
add_who(struct app *app, const char *department, struct str *why)
{
	const json_t *people = doc_list(book_org(&app->book), "people");
	struct str names = STR_INIT;
	struct str rest = STR_INIT;
	size_t near = add_staff(people, department, true, &names);
	size_t far = add_staff(people, department, false, near > 0 ? &rest : &names);
	size_t first = near > 0 ? near : far;
	size_t all = near + far;
	size_t named = first < NAMED_MOST ? first : NAMED_MOST;
	char more[32];

	(void)snprintf(more, sizeof(more), "%zu", all - named);
	if (all > 0) {
		str_add_char(why, ' ');
		str_say(why,
			all > named ? _("Every member of the staff can: {names} and {n} more.")
				    : _("Every member of the staff can: {names}."),
			(struct str_arg[]){ { "names", str_text(&names) }, { "n", more } }, 2);
	}
	str_release(&names);
	str_release(&rest);
}

bool
outsider_refused(struct app *app, struct str *why)
{
	const json_t *me = book_my_record(&app->book);
	const json_t *roles = doc_list(me, "roles");
	bool auditor = doc_holds(roles, "auditor");

	if (doc_holds(roles, "staff") || (!auditor && !doc_holds(roles, "admin"))) {
		return false;
	}
	str_add(why,
		auditor ? _("Auditors read everything and change nothing.")
			: _("Administrators take no step in cases."));
	add_who(app, doc_text(me, "department"), why);
	str_addf(why, " (%s)", auditor ? "D306" : "D307");
	return true;
}
