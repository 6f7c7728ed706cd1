/* SPDX-License-Identifier: MIT */
/*
 * The statistics on the command line.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "toban/base/i18n.h"
#include "toban/print/print.h"

static json_t *
stats_args(struct cli *cli)
{
	const char *year = cli_value(cli, "year");
	json_t *args = json_pack("{s:s*, s:s*, s:s*, s:s*}", "since", cli_value(cli, "since"),
		"until", cli_value(cli, "until"), "by", cli_value(cli, "by"), "department",
		cli_value(cli, "department"));

	if (year) {
		char *end = NULL;
		long number;

		errno = 0;
		number = strtol(year, &end, 10);
		/* What is no number goes to the desk as it is: its refusal names the option. */
		json_object_set_new(args, "year",
			*year && !*end && errno == 0 ? json_integer(number) : json_string(year));
	}
	return args;
}

static int
print_stats(struct cli *cli, const json_t *stats, bool csv)
{
	json_t *procedure = NULL;
	json_t *org = NULL;
	struct str out = STR_INIT;
	int status = cli_call(cli, "procedure.show", NULL, &procedure);

	if (status == EXIT_DONE) {
		status = cli_call(cli, "org.show", NULL, &org);
	}
	if (status == EXIT_DONE) {
		struct print_stats_sources sources = { stats, procedure, org, cli->door.trial };
		enum err e =
			csv ? print_stats_csv(&sources, &out) : print_stats_text(&sources, &out);

		status = cli_print_made(cli, e, &out);
	}
	str_release(&out);
	json_decref(procedure);
	json_decref(org);
	return status;
}

static int
run_stats(struct cli *cli)
{
	const char *format = cli_value(cli, "format");
	bool csv = format && strcmp(format, "csv") == 0;
	json_t *stats = NULL;
	int status;

	if (format && !csv && strcmp(format, "text") != 0) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("This format is not printed here."),
			_("--format text and csv are; for programs use --json."));
	}
	status = cli_call(cli, "stats", stats_args(cli), &stats);
	if (status != EXIT_DONE) {
		return status;
	}
	status = cli->globals.json ? cli_print_json(cli, stats) : print_stats(cli, stats, csv);
	json_decref(stats);
	return status;
}

static const struct cli_option stats_options[] = {
	{ "year", "YEAR", N_("a fiscal year; this one when nothing is said") },
	{ "since", "TIME", N_("from this month (2026-04) or day on") },
	{ "until", "TIME", N_("up to this month or day, which counts, too") },
	{ "by", "WORD", N_("category, department or month") },
	{ "department", "ID", N_("of one department") },
	{ "format", "NAME", N_("text or csv") },
	{ NULL },
};

const struct cli_command cli_stats_commands[] = {
	{ "stats", "stats [--year YEAR] [--since TIME] [--until TIME] [--by WORD] [--format NAME]",
		N_("counts, times, limits kept, roll-out"), "toban stats --by department",
		stats_options, 0, 0, run_stats },
	{ .name = NULL },
};
