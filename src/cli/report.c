/* SPDX-License-Identifier: MIT */
/*
 * Commands before there is an incident: classify and report.
 */
#include "command.h"

#include <stdio.h>
#include <unistd.h>

#include "toban/base/i18n.h"
#include "talk.h"
#include "view.h"

static int
run_classify(struct cli *cli)
{
	json_t *input = NULL;
	const char *from = cli_value(cli, "answers");
	int status;
	if (from) {
		status = cli_read_json(cli, from, &input);
	} else if (cli_flag(cli, "ask") || cli_may_ask(cli)) {
		status = cli_talk_classify(cli, &input);
	} else if (isatty(STDIN_FILENO)) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("There are no answers to classify."),
			_("Name a file with --answers, or leave out --no-input."));
	} else {
		status = cli_read_json(cli, "-", &input);
	}
	if (status != EXIT_DONE) {
		return status;
	}
	/* A bare object of answers is taken as well as a report-like document. */
	if (!json_object_get(input, "answers")) {
		input = json_pack("{s:o}", "answers", input);
	}
	json_t *args = json_pack("{s:O?, s:O*, s:O*}", "answers", json_object_get(input, "answers"),
		"suspected", json_object_get(input, "suspected"), "primary",
		json_object_get(input, "primary"));
	json_decref(input);
	return view_call(cli, "classify", args, view_verdict);
}

static int
run_report(struct cli *cli)
{
	const char *from = cli_value(cli, "from");
	if (!from && (cli_flag(cli, "ask") || cli_may_ask(cli))) {
		return cli_talk_report(cli, cli_flag(cli, "drill"));
	}
	if (!from && isatty(STDIN_FILENO)) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("There is no report to send."),
			_("Name a file with --from, or leave out --no-input."));
	}
	json_t *fields = NULL;
	int status = cli_read_json(cli, from ? from : "-", &fields);
	if (status != EXIT_DONE) {
		return status;
	}
	json_t *args = json_pack("{s:o}", "fields", fields);
	if (cli_flag(cli, "drill")) {
		json_object_set_new(args, "drill", json_true());
	}
	json_object_set_new(args, "id", json_string(cli_event(cli)));
	return view_call(cli, "incident.report", args, view_report);
}

static const struct cli_option classify_options[] = {
	{ "answers", "FILE", N_("answers as JSON; - is standard input") },
	{ "ask", NULL, N_("ask the questions, also without a terminal") },
	{ NULL, NULL, NULL },
};

static const struct cli_option report_options[] = {
	{ "from", "FILE", N_("the report as JSON; - is standard input") },
	{ "ask", NULL, N_("ask the questions, also without a terminal") },
	{ "drill", NULL, N_("an exercise: the same chain, kept apart") },
	{ "event", "ID", N_("an id of your own: a repeated call records nothing twice") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_report_commands[] = {
	{ "report", "report [--from FILE] [--drill]", N_("report that something happened"),
		"toban report --from report.json", report_options, 0, 0, run_report },
	{ "classify", "classify [--answers FILE]",
		N_("walk the classification table, record nothing"),
		"echo '{\"service-disruption\":\"yes\"}' | toban classify", classify_options, 0, 0,
		run_classify },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
