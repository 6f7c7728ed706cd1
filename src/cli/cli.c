/* SPDX-License-Identifier: MIT */
/*
 * The way in: reads the command line, prints help, runs the command.
 */
#include "command.h"
#include "console.h"
#include "secret_input.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "talk.h"
#include "view.h"

/* In the order of the help. */
static const struct cli_command *const families[] = {
	cli_report_commands,
	cli_incident_commands,
	cli_evidence_commands,
	cli_stats_commands,
	cli_handover_commands,
	cli_alert_commands,
	cli_people_commands,
	cli_key_commands,
	cli_pin_commands,
	cli_ledger_commands,
	cli_access_commands,
	cli_message_commands,
	cli_engine_commands,
	cli_org_commands,
	cli_admin_commands,
	NULL,
};

const struct cli_command *const *
cli_families(void)
{
	return families;
}

/* By number. */
static const char *const statuses[] = {
	[EXIT_DONE] = N_("done"),
	[EXIT_FAILED] = N_("failed"),
	[EXIT_USAGE] = N_("wrong use"),
	[EXIT_MISSING] = N_("not found"),
	[EXIT_DENIED] = N_("not allowed"),
	[EXIT_CHANGED] = N_("changed meanwhile"),
	[EXIT_INPUT] = N_("invalid input"),
	[EXIT_UNREACHABLE] = N_("desk not reachable or unusable"),
	[EXIT_DRAFT_ONLY] = N_("kept as a draft only"),
};

struct each {
	void (*visit)(void *ctx, enum cli_part part, const char *name, const char *help);
	void *ctx;
};

static void
each_option(const struct each *each, enum cli_part part, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		struct str name = STR_INIT;
		str_addf(&name, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
		each->visit(each->ctx, part, str_text(&name), _(o->help));
		str_release(&name);
	}
}

void
cli_each(
	void (*visit)(void *ctx, enum cli_part part, const char *name, const char *help), void *ctx)
{
	const struct each each = { visit, ctx };
	for (const struct cli_command *const *family = families; *family; family++) {
		for (const struct cli_command *c = *family; c->name; c++) {
			visit(ctx, CLI_COMMAND, c->usage, _(c->summary));
			each_option(&each, CLI_OPTION, c->options);
		}
	}
	each_option(&each, CLI_GLOBAL, cli_global_options());
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		char number[8];
		(void)snprintf(number, sizeof(number), "%zu", i);
		visit(ctx, CLI_STATUS, number, _(statuses[i]));
	}
}

static void
add_option(struct str *out, const struct cli_option *o)
{
	struct str left = STR_INIT;
	str_addf(&left, "  --%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
	(void)text_fit(out, str_text(&left), left.len, left.len > 24 ? (int)left.len : 24);
	str_addf(out, " %s\n", _(o->help));
	str_release(&left);
}

static void
add_options(struct str *out, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		add_option(out, o);
	}
}

static int
help_command(struct cli *cli)
{
	const struct cli_command *c = cli->command;
	struct str out = STR_INIT;
	str_addf(&out, "toban %s\n\n%s\n", c->usage, _(c->summary));
	if (c->options) {
		str_addf(&out, "\n%s\n", _("Options"));
		add_options(&out, c->options);
	}
	str_addf(&out, "\n%s\n  %s\n", _("Example"), c->example);
	int status = cli_print_text(cli, &out);
	str_release(&out);
	return status;
}

static int
help_program(struct cli *cli)
{
	struct str out = STR_INIT;
	str_addf(&out,
		"toban [--desk TARGET] [--as PERSON] [--lang ja|en] [--json] COMMAND "
		"...\n\n%s\n\n%s\n",
		_("The incident desk of the shift. Without a command: the desk on this terminal."),
		_("Commands"));
	for (const struct cli_command *const *family = families; *family; family++) {
		for (const struct cli_command *c = *family; c->name; c++) {
			str_add(&out, "  ");
			(void)text_fit(&out, c->name, strlen(c->name), 12);
			str_addf(&out, "%s\n", _(c->summary));
		}
	}
	str_addf(&out, "\n%s\n", _("Options"));
	add_options(&out, cli_global_options());
	str_addf(&out, "\n%s\n", _("Exit status"));
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		str_addf(&out, "  %zu %s\n", i, _(statuses[i]));
	}
	int status = cli_print_text(cli, &out);
	str_release(&out);
	return status;
}

static int
print_version(struct cli *cli)
{
	struct str out = STR_INIT;
	str_add(&out, "toban " TOBAN_VERSION "\n");
	int status = cli_print_text(cli, &out);
	str_release(&out);
	return status;
}

bool
cli_may_ask(const struct cli *cli)
{
	return !cli->globals.no_input && isatty(STDIN_FILENO);
}

static bool
has_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* For who starts the program before there is a desk: all ways on, in one screenful. */
static void
say_first_steps(void)
{
	static const struct {
		const char *command;
		const char *what;
	} ways[] = {
		{ "toban --desk demo", N_("look around: a desk that goes when you leave") },
		{ "toban init --example", N_("practise: a trial desk that stays") },
		{ "toban init --org FILE", N_("begin: the desk of your organisation") },
		{ "toban --desk FILE", N_("go to a desk that is elsewhere (or set TOBAN_DESK)") },
	};
	struct str out = STR_INIT;

	str_addf(&out, "\n%s\n\n",
		_("toban keeps its record in a desk. These are the ways to one:"));
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		str_addf(&out, "  %-24s %s\n", ways[i].command, _(ways[i].what));
	}
	str_addf(&out, "\n%s\n",
		_("Afterwards 'toban' alone opens it. Something happened and there is no desk "
		  "yet?\nTelephone the security officer of your department; report it here "
		  "later."));
	(void)fputs(str_text(&out), stderr); /* nobody is left to tell if this fails */
	str_release(&out);
}

/* Opens the desk for the screen; whoever has none is told how to get one. */
static int
open_first(struct cli *cli)
{
	json_t *error = NULL;
	int status = cli->host->open(cli->host->ctx, &cli->globals, &cli->door, &error);
	bool none = status != EXIT_DONE && strcmp(cli_string(error, "code"), "D421") == 0;

	cli->opened = status == EXIT_DONE;
	if (!cli->opened) {
		(void)cli_error(cli, error);
	}
	if (none && !cli->globals.json) {
		say_first_steps();
	}
	return status;
}

/* Whoever sits down next at a shared console gets a program that never knew the one before. */
static int
run_screen(struct cli *cli)
{
	int status = cli->host->screen(cli->host->ctx, &cli->globals, &cli->door);

	while (status == EXIT_LOCKED) {
		if (!console_begin_anew(cli)) {
			return EXIT_DONE;
		}
		status = cli->host->screen(cli->host->ctx, &cli->globals, &cli->door);
	}
	return status;
}

/* In line mode nobody has said yet who sits at a shared console. */
static int
run_talk(struct cli *cli)
{
	int status = cli_sit_down(cli);

	while (status == EXIT_DENIED && cli->opened && !cli->globals.person) {
		status = cli_sit_down(cli); /* a slip is no reason to begin anew */
	}
	return status == EXIT_DONE ? cli_talk(cli) : status;
}

static int
run_desk(struct cli *cli)
{
	if (has_terminal() && !cli->globals.no_input) {
		int status = open_first(cli);

		if (status == EXIT_DONE && cli->globals.person) {
			status = cli_sit_down(cli); /* else the screen asks */
		}
		if (status != EXIT_DONE) {
			return status;
		}
		status = run_screen(cli);
		/* A terminal that cannot place a cursor gets the line mode. */
		return status == EXIT_LINE_MODE ? run_talk(cli) : status;
	}
	if (cli->globals.no_input) {
		return cli_fail(cli, EXIT_USAGE, "D111",
			_("Without a terminal toban needs a command."), _("See toban --help."));
	}
	return cli_talk(cli);
}

static int
run(struct cli *cli)
{
	if (cli_flag(cli, "version")) {
		return print_version(cli);
	}
	if (cli_flag(cli, "help")) {
		return cli->command ? help_command(cli) : help_program(cli);
	}
	return cli->command ? cli->command->run(cli) : run_desk(cli);
}

int
cli_run(int argc, char **argv, const struct cli_host *host)
{
	struct cli cli = { .host = host, .globals.lang = i18n_lang() };
	/* Known before anything is read, so that every complaint has the right form. */
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			cli.globals.json = true;
		}
	}
	int status = cli_read_arguments(&cli, argc, argv);
	if (status == EXIT_DONE) {
		status = run(&cli);
	}
	if (cli.opened) {
		host->close(host->ctx, &cli.door);
	}
	cli_release(&cli);
	return status;
}

enum lang
cli_language(int argc, char **argv, const char *locale)
{
	const char *word = locale && strncmp(locale, "ja", 2) == 0 ? "ja" : "en";
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0) {
			word = argv[i] + 7;
		} else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) {
			word = argv[i + 1];
		}
	}
	return strcmp(word, "ja") == 0 ? LANG_JA : LANG_EN;
}
