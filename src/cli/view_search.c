/* SPDX-License-Identifier: MIT */
/*
 * What was found, as lines: the case, and below it where the words stand, in
 * brackets, so that no colour is needed to see them.
 */
#include <string.h>

#include "labels.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "view.h"

enum { PLACES_MOST = 3 }; /* shown of one case; --json has all */

/* The byte at which the code point `n` of the text begins. */
static size_t
byte_of(const char *text, size_t n)
{
	size_t at = 0;
	for (; text[at]; at++) {
		if (((unsigned char)text[at] & 0xc0) != 0x80 && n-- == 0) {
			break;
		}
	}
	return at;
}

static void
add_marked(struct str *out, const json_t *hit)
{
	const char *text = cli_string(hit, "text");
	size_t done = 0;
	size_t i;
	json_t *mark;
	json_array_foreach(json_object_get(hit, "marks"), i, mark)
	{
		size_t start = (size_t)json_integer_value(json_array_get(mark, 0));
		size_t len = (size_t)json_integer_value(json_array_get(mark, 1));
		size_t from = byte_of(text, start);
		size_t to = byte_of(text, start + len);
		text_show(out, text + done, from - done, TEXT_FOLD);
		str_add_char(out, '[');
		text_show(out, text + from, to - from, TEXT_FOLD);
		str_add_char(out, ']');
		done = to;
	}
	text_show(out, text + done, strlen(text + done), TEXT_FOLD);
	str_add_char(out, '\n');
}

static void
add_found(struct cli *cli, struct str *out, const json_t *row)
{
	const char *title = cli_string(row, "title");
	size_t shown = 0;
	size_t i;
	json_t *hit;
	(void)text_fit(out, cli_string(row, "id"), strlen(cli_string(row, "id")), 9);
	str_addf(out, " %.10s ", cli_string(row, "reported_at"));
	const char *category = cli_label(cli, "categories", "key", cli_string(row, "category"));
	(void)text_fit(out, category, strlen(category), 22);
	str_add_char(out, ' ');
	const char *state = cli_label(cli, "states", "name", cli_string(row, "state"));
	(void)text_fit(out, state, strlen(state), 15);
	str_add(out, json_is_true(json_object_get(row, "drill")) ? _(" DRILL ") : " ");
	text_show(out, title, strlen(title), TEXT_FOLD);
	str_add_char(out, '\n');
	json_array_foreach(json_object_get(row, "hits"), i, hit)
	{
		if (++shown <= PLACES_MOST) {
			str_addf(out, "    %.10s %s: ", cli_string(hit, "at"),
				cli_kind(cli, cli_string(hit, "kind")));
			add_marked(out, hit);
		}
	}
	if (shown > PLACES_MOST) {
		str_addf(out, "    + %zu\n", shown - PLACES_MOST);
	}
}

void
view_search(struct cli *cli, const json_t *result, struct str *out)
{
	long long found = json_integer_value(json_object_get(result, "found"));
	bool all = json_is_true(json_object_get(result, "all"));
	const char *next = cli_string(result, "next");
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(result, "incidents"), i, row)
	{
		add_found(cli, out, row);
	}
	if (found == 0) {
		str_addf(out, "%s\n",
			_("Nothing found. Try fewer words, a later until:, or no filter at all."));
	} else {
		char n[32];
		(void)snprintf(n, sizeof(n), "%lld", found);
		str_say(out, all ? _("{n} found.") : _("At least {n} found."),
			(struct str_arg[]){ { "n", n } }, 1);
		str_add_char(out, '\n');
	}
	view_restricted(out, result);
	if (json_is_true(json_object_get(result, "stopped"))) {
		str_addf(out, "%s\n",
			_("Stopped after opening 2,000 cases: narrow it by since: or dept:."));
	}
	if (*next) {
		view_line(out, _("More with --after"), next);
	}
}
