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
		"claimed", "why" };
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

static void
view_broken(struct cli *cli, const json_t *result, struct str *out)
{
	struct str until = STR_INIT;

	(void)cli;
	view_time(&until, cli_string(result, "until"));
	str_say(out,
		json_is_true(json_object_get(result, "repeated"))
			? _("{id} is open to you already, until {until}, for the reason you gave "
			    "then. Nothing new was recorded.")
			: _("{id} is open to you until {until}. It is recorded, with your reason, "
			    "and the office head is told."),
		(struct str_arg[]){
			{ "id", cli_string(result, "id") }, { "until", str_text(&until) } },
		2);
	str_add_char(out, '\n');
	str_release(&until);
}

static int
run_break_glass(struct cli *cli)
{
	return view_call(cli, "incident.break-glass",
		json_pack("{s:s, s:s*}", "id", cli->words[0], "why", cli_value(cli, "why")),
		view_broken);
}

static const struct cli_option glass_options[] = {
	{ "why", "TEXT", N_("why you must read it now; the office head and auditors read this") },
	{ NULL, NULL, NULL },
};

static const struct cli_option access_options[] = {
	{ "limit", "N", N_("how many, the newest first (200)") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_access_commands[] = {
	{ "access", "access [--limit N]",
		N_("who was refused what, and who opened a restricted case"), "toban access",
		access_options, 0, 0, run_access },
	{ "break-glass", "break-glass ID --why TEXT",
		N_("open a restricted case for an hour; the office head is told"),
		"toban break-glass 26-0001 --why \"the customer asks and nobody answers\"",
		glass_options, 1, 1, run_break_glass },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
