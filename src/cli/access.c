/* SPDX-License-Identifier: MIT */
/*
 * Commands about who came to a door that was shut.
 */
#include "command.h"

#include <string.h>

#include "labels.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "view.h"

static void
add_word(struct str *out, const char *text)
{
	if (*text) {
		str_add(out, "  ");
		text_show(out, text, strlen(text), 0);
	}
}

static void
add_entry(struct cli *cli, struct str *out, const json_t *event)
{
	static const char *const words[] = { "method", "step", "name", "code", "incident", "login",
		"why" };
	const json_t *body = json_object_get(event, "body");
	int64_t times = json_integer_value(json_object_get(body, "times"));

	str_addf(out, "%6lld ", (long long)json_integer_value(json_object_get(event, "seq")));
	view_time(out, cli_string(event, "at"));
	add_word(out, cli_string(event, "actor"));
	add_word(out, cli_string(event, "post"));
	add_word(out, cli_kind(cli, cli_string(event, "kind")));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		add_word(out, cli_string(body, words[i]));
	}
	if (times > 1) {
		str_addf(out, "  %lldx", (long long)times);
	}
	if (json_is_true(json_object_get(event, "withheld"))) {
		add_word(out, _("(a case you may not read)"));
	}
	str_add_char(out, '\n');
}

static void
view_access(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *event;

	json_array_foreach(json_object_get(result, "log"), i, event)
	{
		add_entry(cli, out, event);
	}
}

static int
run_access(struct cli *cli)
{
	json_t *args = json_object();
	const char *limit = cli_value(cli, "limit");
	json_t *number = limit ? json_loads(limit, JSON_DECODE_ANY, NULL) : NULL;

	if (limit) {
		/* What is no number is refused by the desk, with its field. */
		json_object_set_new(args, "limit", number ? number : json_string(limit));
	}
	return view_call(cli, "access.log", args, view_access);
}

static const struct cli_option access_options[] = {
	{ "limit", "N", N_("how many, the newest first (200)") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_access_commands[] = {
	{ "access", "access [--limit N]",
		N_("who was refused what, and who opened a restricted case"), "toban access",
		access_options, 0, 0, run_access },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
