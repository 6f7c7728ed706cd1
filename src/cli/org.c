/* SPDX-License-Identifier: MIT */
/*
 * The organisation: showing it, and putting another in its place.
 */
#include "command.h"

#include <string.h>

#include "toban/base/i18n.h"
#include "view.h"

static void
view_org_file(struct cli *cli, const json_t *result, struct str *out)
{
	cli_mark(cli, "# ", out);
	str_add(out, cli_string(result, "text"));
}

static void
view_org(struct cli *cli, const json_t *result, struct str *out)
{
	json_t *person;
	size_t i;

	(void)cli;
	json_array_foreach(json_object_get(result, "people"), i, person)
	{
		str_addf(out, "%s  %s  %s\n", cli_string(person, "id"), cli_string(person, "role"),
			cli_words(json_object_get(person, "name")));
	}
}

static int
run_show(struct cli *cli)
{
	const char *format = cli_value(cli, "format");

	if (format && strcmp(format, "ini") != 0) {
		return cli_fail(cli, EXIT_USAGE, "D111",
			_("The organisation is not shown in this format."),
			_("--format ini is the file that 'toban org set' reads."));
	}
	return format
		? view_call_file(cli, "org.show", json_pack("{s:b}", "text", true), view_org_file)
		: view_call(cli, "org.show", NULL, view_org);
}

static void
add_roles(struct str *out, const char *sign, const json_t *roles)
{
	json_t *role;
	size_t i;

	json_array_foreach(roles, i, role)
	{
		str_addf(out, " %s%s", sign, json_string_value(role));
	}
}

/* " login 'a' -> 'b'", where it changed. */
static void
add_moved(struct str *out, const char *word, const json_t *moved)
{
	if (moved) {
		str_addf(out, " %s '%s' -> '%s'", word, cli_string(moved, "from"),
			cli_string(moved, "to"));
	}
}

/* "crisis-1: +office -crisis", one person or console a line. */
static void
add_changes(struct str *out, const json_t *list, const char *key, const char *before)
{
	json_t *change;
	size_t i;

	json_array_foreach(list, i, change)
	{
		const json_t *idle = json_object_get(change, "idle_min");

		str_addf(out, "%s%s:", before, cli_string(change, key));
		add_roles(out, "+", json_object_get(change, "gained"));
		add_roles(out, "-", json_object_get(change, "lost"));
		add_moved(out, "login", json_object_get(change, "login"));
		add_moved(out, "department", json_object_get(change, "department"));
		if (idle) {
			str_addf(out, " idle %lldm -> %lldm",
				(long long)json_integer_value(json_object_get(idle, "from")),
				(long long)json_integer_value(json_object_get(idle, "to")));
		}
		str_add_char(out, '\n');
	}
}

static void
view_change(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	add_changes(out, json_object_get(result, "people"), "person", "");
	add_changes(out, json_object_get(result, "posts"), "post", "post ");
	str_addf(out, "%s\n",
		json_is_true(json_object_get(result, "dry_run"))
			? _("Nothing was recorded: this was a trial (--dry-run).")
			: _("Recorded; it holds from now on."));
}

static int
run_set(struct cli *cli)
{
	const char *why = cli_value(cli, "why");
	json_t *text = NULL;
	int status = cli_read_text(cli, cli->words[1], &text);

	if (status != EXIT_DONE) {
		return status;
	}
	return view_call(cli, "org.set",
		json_pack("{s:o, s:s*, s:b}", "text", text, "why", why, "dry_run",
			cli_flag(cli, "dry-run")),
		view_change);
}

static int
run_org(struct cli *cli)
{
	const char *what = cli->words[0];

	if (strcmp(what, "show") == 0 && cli->n_words == 1) {
		return run_show(cli);
	}
	if (strcmp(what, "set") == 0 && cli->n_words == 2) {
		return run_set(cli);
	}
	return cli_fail(cli, EXIT_USAGE, "D111", _("Say 'org show' or 'org set FILE'."), "");
}

static const struct cli_option org_options[] = {
	{ "format", "ini", N_("as the file that 'org set' reads") },
	{ "dry-run", NULL, N_("only tell who would gain and lose what") },
	{ "why", "TEXT", N_("kept with the change") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_org_commands[] = {
	{ "org", "org show [--format ini] | set FILE [--dry-run] [--why TEXT]",
		N_("who is here with which part, and changing that"), "toban org show --format ini",
		org_options, 1, 2, run_org },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
