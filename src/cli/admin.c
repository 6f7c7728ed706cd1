/* SPDX-License-Identifier: MIT */
/*
 * Commands for whoever runs a desk: init, check, doctor, backup, call.
 */
#include "command.h"

#include <stdlib.h>

#include "toban/base/i18n.h"
#include "view.h"

static void
view_document(struct cli *cli, const json_t *result, struct str *out)
{
	json_t *marked = cli_marked(cli, result);
	safe_json(out, marked, JSON_INDENT(2));
	str_add_char(out, '\n');
	json_decref(marked);
}

static void
view_made(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	view_line(out, _("Desk made"), cli_string(result, "path"));
	if (json_is_true(json_object_get(result, "trial"))) {
		str_add(out, _("This is a trial desk: anybody may act as anybody with --as."));
		str_add_char(out, '\n');
	}
}

static int
run_init(struct cli *cli)
{
	json_t *result = NULL;
	json_t *error = NULL;
	struct cli_new desk = { cli_value(cli, "org"), cli_flag(cli, "example") };
	int status = cli->host->init(cli->host->ctx, &cli->globals, &desk, &result, &error);
	if (status != EXIT_DONE) {
		(void)cli_error(cli, error);
		return status;
	}
	return view_answer(cli, result, view_made);
}

static void
view_findings(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	size_t i;
	json_t *finding;
	json_array_foreach(json_object_get(result, "problems"), i, finding)
	{
		long long line = json_integer_value(json_object_get(finding, "line"));
		const char *expected = cli_string(finding, "expected");
		str_add(out, cli_string(finding, "path"));
		if (line > 0) { /* 0: the file as a whole */
			str_addf(out, ":%lld", line);
		}
		str_addf(out, ": %s", cli_string(finding, "text"));
		if (*expected) {
			str_addf(out, " (%s)", expected);
		}
		str_add_char(out, '\n');
	}
	if (json_is_true(json_object_get(result, "ok"))) {
		view_line(out, _("Definition files"), _("no fault found"));
	}
}

static int
run_check(struct cli *cli)
{
	const char *dir = cli->n_words ? cli->words[0] : NULL;
	bool authority = cli_flag(cli, "authority");
	json_t *result = NULL;
	json_t *error = NULL;
	int status = (authority ? cli->host->authority : cli->host->check)(
		cli->host->ctx, dir, &result, &error);
	if (status != EXIT_DONE) {
		(void)cli_error(cli, error);
		return status;
	}
	if (authority) {
		return view_answer(cli, result, view_authority);
	}
	bool ok = json_is_true(json_object_get(result, "ok"));
	status = view_answer(cli, result, view_findings);
	return status == EXIT_DONE && !ok ? EXIT_INPUT : status;
}

static int
run_doctor(struct cli *cli)
{
	json_t *result = NULL;
	int status = cli_call(cli, "admin.doctor", NULL, &result);
	if (status != EXIT_DONE) {
		return status;
	}
	/* The keys are this person's, not the desk's: no door knows them. */
	json_t *keys = cli->host->keys(cli->host->ctx);
	bool ok = json_is_true(json_object_get(result, "ok")) &&
		json_is_true(json_object_get(keys, "ok"));
	(void)json_object_set_new(result, "ok", json_boolean(ok)); /* the row says it, too */
	(void)json_array_append_new(json_object_get(result, "checks"), keys);
	status = view_answer(cli, result, view_doctor);
	return status == EXIT_DONE && !ok ? EXIT_FAILED : status;
}

static int
run_backup(struct cli *cli)
{
	return view_call_file(
		cli, "admin.backup", json_pack("{s:s}", "path", cli->words[0]), view_document);
}

static int
run_call(struct cli *cli)
{
	json_t *args = NULL;
	if (cli->n_words > 1) {
		json_error_t why;
		args = json_loads(cli->words[1], JSON_REJECT_DUPLICATES, &why);
		if (!json_is_object(args)) {
			json_decref(args);
			return cli_fail(cli, EXIT_INPUT, "D110",
				_("The arguments are no JSON object."),
				_("For example: toban call incident.show '{\"id\":\"26-0001\"}'"));
		}
	} else if (cli_value(cli, "from")) {
		int status = cli_read_json(cli, cli_value(cli, "from"), &args);
		if (status != EXIT_DONE) {
			return status;
		}
	}
	return view_call_file(cli, cli->words[0], args, view_document);
}

static const struct cli_option init_options[] = {
	{ "org", "FILE", N_("the organisation file; without it the example organisation") },
	{ "example", NULL, N_("a trial desk: --as PERSON works without proof") },
	{ NULL, NULL, NULL },
};

static const struct cli_option check_options[] = {
	{ "authority", NULL, N_("print who may do what under them, and look for nothing") },
	{ NULL, NULL, NULL },
};

static const struct cli_option call_options[] = {
	{ "from", "FILE", N_("arguments from a JSON file; - is standard input") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_admin_commands[] = {
	{ "init", "init [--org FILE] [--example]", N_("make a new desk"),
		"toban --desk trial.db init --example", init_options, 0, 0, run_init },
	{ "check", "check [DIR] [--authority]", N_("lint the definition files of the procedure"),
		"toban check /etc/toban/forms", check_options, 0, 1, run_check },
	{ "doctor", "doctor", N_("is everything here as it should be?"), "toban doctor", NULL, 0, 0,
		run_doctor },
	{ "backup", "backup FILE", N_("a checked copy of the desk"), "toban backup desk-backup.db",
		NULL, 1, 1, run_backup },
	{ "completions", "completions bash|zsh|fish",
		N_("completion of the command line for a shell"), "toban completions bash", NULL, 1,
		1, cli_run_completions },
	{ "call", "call METHOD [JSON]", N_("any method of the desk, by name"),
		"toban call incident.counts", call_options, 1, 2, run_call },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
