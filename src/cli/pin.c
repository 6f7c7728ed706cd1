/* SPDX-License-Identifier: MIT */
/*
 * Commands about PINs for shared consoles.
 */
#include <string.h>

#include "command.h"
#include "secret_input.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/locked.h"
#include "view.h"

/* --- one's own ------------------------------------------------------------------------- */

/* Twice the same where it is typed: nobody sees what they type. */
static int
ask_new(struct cli *cli, char out[SECRET_INPUT_SIZE])
{
	const char *path = cli_value(cli, "new-file");
	char again[SECRET_INPUT_SIZE] = "";
	int status = secret_input(cli, path, _("New PIN (at least six digits):"), out);

	if (status == EXIT_DONE && !path) {
		status = secret_input(cli, NULL, _("The new PIN again:"), again);
		if (status == EXIT_DONE && strcmp(out, again) != 0) {
			status = cli_fail(cli, EXIT_INPUT, "D335",
				_("These were two different PINs."),
				_("Nothing was changed. Try again."));
		}
	}
	locked_wipe(again, sizeof(again));
	return status;
}

/* At a shared console the old one goes with it; the same that one sat down with. */
static int
ask_old(struct cli *cli, json_t *args)
{
	char old[SECRET_INPUT_SIZE];
	json_t *info = NULL;
	int status = cli_call(cli, "session.show", NULL, &info);
	bool needed = status == EXIT_DONE && !json_is_null(json_object_get(info, "post")) &&
		!json_is_true(json_object_get(info, "must_change"));

	json_decref(info);
	if (!needed) {
		return status;
	}
	status = secret_input(cli, cli->globals.pin_file, _("The PIN you have:"), old);
	json_object_set_new(args, "old", json_string(old));
	locked_wipe(old, sizeof(old));
	return status;
}

static void
view_pin_set(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	(void)result;
	str_addf(out, "%s\n", _("Your PIN was changed. Nobody but you knows it."));
}

static int
pin_set(struct cli *cli)
{
	char pin[SECRET_INPUT_SIZE] = "";
	json_t *args = json_object();
	int status = ask_old(cli, args);

	status = status == EXIT_DONE ? ask_new(cli, pin) : status;
	if (status == EXIT_DONE) {
		json_object_set_new(args, "pin", json_string(pin));
		status = view_call(cli, "pin.set", json_incref(args), view_pin_set);
	}
	door_wipe(args);
	json_decref(args);
	locked_wipe(pin, sizeof(pin));
	return status;
}

/* --- somebody else's ---------------------------------------------------------------------- */

static void
view_pin_reset(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	view_line(out, _("Person"), cli_string(result, "person"));
	view_line(out, _("PIN, good once"), cli_string(result, "pin"));
	str_addf(out, "%s: ", _("Good until"));
	view_time(out, cli_string(result, "good_until"));
	str_addf(out, "\n%s\n",
		_("It is shown this once. Tell them in person: they choose their own with it, and "
		  "the record says that you did this."));
}

static int
pin_reset(struct cli *cli)
{
	return view_call(cli, "pin.reset", json_pack("{s:s}", "person", cli->words[1]),
		view_pin_reset);
}

static void
view_pin_unlock(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	(void)result;
	str_addf(out, "%s\n", _("The lock-out was ended."));
}

static int
pin_unlock(struct cli *cli)
{
	return view_call(cli, "pin.unlock",
		json_pack("{s:s}", cli_flag(cli, "post") ? "post" : "person", cli->words[1]),
		view_pin_unlock);
}

static void
view_pin_list(struct cli *cli, const json_t *result, struct str *out)
{
	json_t *row;
	size_t i;

	(void)cli;
	json_array_foreach(json_object_get(result, "people"), i, row)
	{
		const char *until = cli_string(row, "locked_until");

		if (json_array_size(json_object_get(row, "posts")) == 0 &&
			!json_is_true(json_object_get(row, "has_pin"))) {
			continue;
		}
		str_addf(out, "%-24s %s", cli_string(row, "person"),
			!json_is_true(json_object_get(row, "has_pin"))  ? _("no PIN")
				: json_is_true(json_object_get(row, "once")) ? _("PIN good once")
									     : _("PIN"));
		if (*until) {
			str_addf(out, "  %s ", _("locked out until"));
			view_time(out, until);
		}
		str_add(out, "\n");
	}
}

static int
pin_list(struct cli *cli)
{
	return view_call(cli, "pin.list", NULL, view_pin_list);
}

static int
run_pin(struct cli *cli)
{
	static const struct {
		const char *name;
		int words;
		int (*run)(struct cli *cli);
	} verbs[] = {
		{ "set", 1, pin_set },
		{ "reset", 2, pin_reset },
		{ "unlock", 2, pin_unlock },
		{ "list", 1, pin_list },
	};

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(verbs[i].name, cli->words[0]) == 0 && cli->n_words == verbs[i].words) {
			return verbs[i].run(cli);
		}
	}
	return cli_fail(cli, EXIT_USAGE, "D111", _("The command is not complete."),
		cli->command->usage);
}

static const struct cli_option pin_options[] = {
	{ "new-file", "FILE",
		N_("set: the new PIN is the first line of this file (- standard input)") },
	{ "post", NULL, N_("unlock: the name is that of a shared console") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_pin_commands[] = {
	{ "pin", "pin set | reset PERSON | unlock PERSON | unlock POST --post | list",
		N_("PINs for shared consoles: your own, and who is locked out"), "toban pin set",
		pin_options, 1, 2, run_pin },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
