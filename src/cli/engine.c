/* SPDX-License-Identifier: MIT */
/*
 * Commands about what the desk does by itself: serve and clock.
 */
#include "command.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/str.h"
#include "view.h"

/* What every one of them cannot work on; EXIT_DONE: it can. */
static int
refuse_desk(struct cli *cli)
{
	if (cli->globals.desk && strcmp(cli->globals.desk, "demo") == 0) {
		return cli_fail(cli, EXIT_USAGE, "D111",
			_("A throw-away desk has its clocks in the screen that opened it."),
			_("Name the file of a desk with --desk."));
	}
	if (cli->globals.read_only) {
		return cli_fail(cli, EXIT_USAGE, "D111",
			_("What the desk does by itself is recorded; --read-only allows nothing "
			  "of that."),
			_("Leave out --read-only."));
	}
	return EXIT_DONE;
}

/* The number of a descriptor; -1 when the option was not given, -2 when it is none. */
static int
read_descriptor(const char *text)
{
	char *end = NULL;
	if (!text) {
		return -1;
	}
	errno = 0;
	long value = strtol(text, &end, 10);
	return errno != 0 || end == text || *end || value < 0 || value > INT_MAX ? -2 : (int)value;
}

static int
run_serve(struct cli *cli)
{
	json_t *error = NULL;
	const struct cli_service service = {
		.stop_fd = read_descriptor(cli_value(cli, "stop-fd")),
		.socket = cli_value(cli, "socket"),
		.witness_file = cli_value(cli, "witness-file"),
		.witness_syslog = cli_flag(cli, "witness-syslog"),
	};
	int status = refuse_desk(cli);
	if (status != EXIT_DONE) {
		return status;
	}
	if (service.stop_fd == -2) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("--stop-fd wants a number."), "");
	}
	status = cli->host->serve(cli->host->ctx, &cli->globals, &service, &error);
	return status == EXIT_DONE ? status : cli_error(cli, error);
}

static void
view_acts(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	const json_t *acts = json_object_get(result, "acts");
	size_t i;
	json_t *act;
	json_array_foreach(acts, i, act)
	{
		str_addf(out, "%s  %s  ", cli_string(act, "id"), cli_string(act, "kind"));
		view_time(out, cli_string(act, "at"));
		str_add_char(out, '\n');
	}
	if (json_array_size(acts) == 0) {
		str_add(out, _("Nothing is due."));
		str_add_char(out, '\n');
	}
	if (json_is_true(json_object_get(result, "jumped"))) {
		str_add(out, _("The clock had been set; that was recorded."));
		str_add_char(out, '\n');
	}
	if (*cli_string(result, "next_wake")) {
		struct str at = STR_INIT;
		view_time(&at, cli_string(result, "next_wake"));
		view_line(out, _("Next"), str_text(&at));
		str_release(&at);
	}
}

static int
run_clock(struct cli *cli)
{
	json_t *result = NULL;
	json_t *error = NULL;
	int status = refuse_desk(cli);
	if (status != EXIT_DONE) {
		return status;
	}
	if (strcmp(cli->words[0], "run") != 0) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("The command is not complete."),
			_("For example: toban clock run"));
	}
	status = cli->host->clock_run(cli->host->ctx, &cli->globals, &result, &error);
	cli->door.trial = json_is_true(json_object_get(result, "trial"));
	return status == EXIT_DONE ? view_answer(cli, result, view_acts) : cli_error(cli, error);
}

static const struct cli_option serve_options[] = {
	{ "socket", "PATH", N_("answer desks at this socket") },
	{ "witness-file", "PATH", N_("append signed ends of the ledger to this file") },
	{ "witness-syslog", NULL, N_("tell signed ends of the ledger to syslog") },
	{ "stop-fd", "N", N_("end when this descriptor is readable or closed") },
	{ NULL, NULL, NULL },
};

static const struct cli_option clock_options[] = {
	{ "once", NULL, N_("look once, as is done without it") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_engine_commands[] = {
	{ "serve", "serve [--socket PATH] [--witness-file PATH] [--stop-fd N]",
		N_("run the clocks of the desk, send its messages and answer desks, until "
		   "stopped"),
		"toban serve", serve_options, 0, 0, run_serve },
	{ "clock", "clock run [--once]",
		N_("do what is due now: remind, pass on, raise to the next link"),
		"toban clock run", clock_options, 1, 1, run_clock },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
