/* SPDX-License-Identifier: MIT */
/*
 * The contact chain of an incident in words.
 */
#include "book.h"
#include "doc.h"
#include "toban/base/i18n.h"

json_t *
book_chain(struct book *book, const json_t *show)
{
	json_t *chain = json_copy(json_object_get(show, "chain"));
	size_t i;
	json_t *link;

	if (!chain) {
		chain = json_array();
	}
	json_array_foreach(doc_list(book_procedure(book), "chain"), i, link)
	{
		size_t have;
		json_t *opened;
		bool found = false;

		json_array_foreach(chain, have, opened)
		{
			found = found || doc_int(opened, "link") == doc_int(link, "link");
		}
		if (!found) {
			json_array_append_new(chain,
				json_pack("{s:I, s:s}", "link", (json_int_t)doc_int(link, "link"),
					"role", doc_text(link, "to")));
		}
	}
	return chain;
}

void
book_add_link_state(struct book *book, const json_t *link, struct str *out)
{
	stamp acked = doc_time(link, "acknowledged_at");
	stamp seen = doc_time(link, "seen_at");
	char at[STAMP_SIZE] = "";

	book_time(book, acked != STAMP_NONE ? acked : seen, at);
	if (acked != STAMP_NONE) {
		str_addf(out, "%s %s", _("received"), at);
	} else if (seen != STAMP_NONE) {
		str_addf(out, "%s %s", _("seen"), at);
	} else {
		str_add(out, doc_time(link, "notified_at") != STAMP_NONE ? _("not yet") : "-");
	}
}

void
book_add_link(struct book *book, const json_t *link, bool whole, struct str *out)
{
	const char *person = doc_text(link, "person");

	if (!person[0]) {
		str_add(out, whole ? book_role(book, doc_text(link, "role"))
				   : book_short_role(book, doc_text(link, "role")));
	} else if (whole) {
		str_add(out, book_person(book, person));
	} else {
		book_short_person(book, person, out);
	}
}

void
book_add_chain(struct book *book, const json_t *show, struct str *out)
{
	json_t *chain = book_chain(book, show);
	size_t i;
	json_t *link;

	str_addf(out, "%s  ", _("Told"));
	json_array_foreach(chain, i, link)
	{
		str_add(out, i > 0 ? " > " : "");
		book_add_link(book, link, false, out);
		str_add_char(out, ' ');
		book_add_link_state(book, link, out);
	}
	json_decref(chain);
}
