/* SPDX-License-Identifier: MIT */
/*
 * Keys as lines.
 */
#include "view.h"

#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/text.h"

static void
add_safe(struct str *out, const char *text)
{
	text_show(out, text, strlen(text), TEXT_FOLD);
}

static const char *
state_words(const char *state)
{
	if (strcmp(state, "proposed") == 0) {
		return _("waits for approval");
	}
	if (strcmp(state, "approved") == 0) {
		return _("signs");
	}
	return strcmp(state, "refused") == 0 ? _("was refused") : _("was revoked");
}

/* When and by whom it came into the state it is in. */
static void
add_since(struct str *out, const json_t *key)
{
	bool ended = json_object_get(key, "ended_seq") != NULL;
	bool approved = json_object_get(key, "approved_seq") != NULL;
	const char *at = cli_string(key,
		ended              ? "ended_at"
			: approved ? "approved_at"
				   : "proposed_at");
	const char *by = cli_string(key, ended ? "ended_by" : approved ? "approved_by" : "person");

	str_add(out, "    ");
	view_time(out, at);
	str_add_char(out, ' ');
	add_safe(out, by);
	if (ended && *cli_string(key, "why")) {
		str_add(out, ": ");
		add_safe(out, cli_string(key, "why"));
	} else if (json_is_true(json_object_get(key, "first"))) {
		str_addf(out, "  %s",
			_("(first: approved without a signature, as nobody could sign)"));
	} else if (*cli_string(key, "approved_key")) {
		str_add(out, "  ");
		str_say(out, _("(signed with {key})"),
			&(struct str_arg){ "key", cli_string(key, "approved_key") }, 1);
	}
	str_add_char(out, '\n');
}

void
view_keys(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *key;
	(void)cli;
	json_array_foreach(json_object_get(result, "keys"), i, key)
	{
		str_addf(out, "%s  ", cli_string(key, "fingerprint"));
		add_safe(out, cli_string(key, "person"));
		str_addf(out, "  %s", state_words(cli_string(key, "state")));
		if (*cli_string(key, "comment")) {
			str_add(out, "  ");
			add_safe(out, cli_string(key, "comment"));
		}
		str_add_char(out, '\n');
		add_since(out, key);
	}
	if (i == 0) {
		str_addf(
			out, "%s\n", _("There is no such key yet. 'toban key new' makes you one."));
	}
	if (json_integer_value(json_object_get(result, "waiting")) > 0) {
		str_addf(out, "%s\n",
			_("Some wait for you: compare the fingerprint with their person, then "
			  "'toban key approve FINGERPRINT'."));
	}
}

void
view_key_entry(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	view_line(out, _("Key"), cli_string(result, "fingerprint"));
	view_line(out, _("Person"), cli_string(result, "person"));
	if (strcmp(cli_string(result, "kind"), "key-proposed") == 0) {
		str_addf(out, "%s\n",
			_("It signs once the office head or an administrator has approved it. Tell "
			  "them the fingerprint."));
	}
	if (json_is_true(json_object_get(result, "first"))) {
		str_addf(out, "%s\n",
			_("Approved without a signature, as nobody who approves keys can sign yet; "
			  "this is on record."));
	}
	view_receipt(out, result);
}
