/* SPDX-License-Identifier: MIT */
/*
 * The handover of a shift: its sheet, giving it, accepting it, taking it back.
 */
#include "command.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "paper.h"
#include "view.h"

static void
set_text(json_t *args, const char *key, const char *value)
{
	if (value) {
		json_object_set_new(args, key, json_string(value));
	}
}

/* A new object with what every way of the command knows: --department. */
static json_t *
common(const struct cli *cli)
{
	json_t *args = json_object();
	set_text(args, "department", cli_value(cli, "department"));
	return args;
}

static int
run_paper(struct cli *cli, const char *method)
{
	json_t *result = NULL;
	int status = cli_call(cli, method, common(cli), &result);
	if (status != EXIT_DONE) {
		return status;
	}
	status = cli->globals.json
		? cli_print_json(cli, result)
		: cli_print_paper(
			  cli, (struct print_sources){ .handover = result }, print_handover_text);
	json_decref(result);
	return status;
}

static int
run_sheet(struct cli *cli)
{
	return run_paper(cli, "handover.sheet");
}

static int
run_show(struct cli *cli)
{
	return run_paper(cli, "handover.show");
}

static void
view_recorded(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	view_receipt(out, result);
}

static int
run_give(struct cli *cli)
{
	json_t *args = common(cli);
	set_text(args, "to", cli_value(cli, "to"));
	set_text(args, "text", cli_value(cli, "text"));
	set_text(args, "event", cli_event(cli));
	return view_call(cli, "handover.give", args, view_recorded);
}

/* The one that waits, as it stands now: who accepts here has the sheet from `sheet` or `show`. */
static int
end_pending(struct cli *cli, const char *method)
{
	json_t *shown = NULL;
	int status = cli_call(cli, "handover.show", common(cli), &shown);
	if (status != EXIT_DONE) {
		return status;
	}
	json_t *args = common(cli);
	json_object_set(args, "seq", json_object_get(json_object_get(shown, "handover"), "seq"));
	set_text(args, "text", cli_value(cli, "text"));
	set_text(args, "event", cli_event(cli));
	json_decref(shown);
	return view_call(cli, method, args, view_recorded);
}

static int
run_accept(struct cli *cli)
{
	return end_pending(cli, "handover.accept");
}

static int
run_withdraw(struct cli *cli)
{
	return end_pending(cli, "handover.withdraw");
}

static const char *
state_text(const char *word)
{
	if (strcmp(word, "accepted") == 0) {
		return _("accepted");
	}
	return strcmp(word, "withdrawn") == 0 ? _("withdrawn") : _("waits to be accepted");
}

static void
view_handovers(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *row;
	(void)cli;
	json_array_foreach(json_object_get(result, "handovers"), i, row)
	{
		const char *to = cli_string(row, "to");
		const char *end = cli_string(row, "ended_by");
		struct str line = STR_INIT;
		view_time(&line, cli_string(row, "at"));
		str_addf(&line, "  %s > %s  %s", cli_string(row, "by"), *to ? to : "-",
			state_text(cli_string(row, "state")));
		if (*end) {
			str_addf(&line, " (%s)", end);
		}
		str_addf(&line, "  %s", cli_string(row, "text"));
		text_show(out, str_text(&line), line.len, TEXT_FOLD);
		str_add_char(out, '\n');
		str_release(&line);
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("No shift was handed over yet."));
	}
}

static int
run_list(struct cli *cli)
{
	return view_call(cli, "handover.list", common(cli), view_handovers);
}

static int
run_handover(struct cli *cli)
{
	static const struct {
		const char *word;
		int (*run)(struct cli *cli);
	} ways[] = {
		{ "sheet", run_sheet },
		{ "show", run_show },
		{ "give", run_give },
		{ "accept", run_accept },
		{ "withdraw", run_withdraw },
		{ "list", run_list },
	};
	const char *word = cli->n_words ? cli->words[0] : "sheet";
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		if (strcmp(ways[i].word, word) == 0) {
			return ways[i].run(cli);
		}
	}
	return cli_fail(cli, EXIT_USAGE, "D111", _("A handover knows no such word."),
		_("Use sheet, show, give, accept, withdraw or list."));
}

static const struct cli_option handover_options[] = {
	{ "department", "ID", N_("of this department; else your own") },
	{ "to", "PERSON", N_("who is to accept; else anybody of the department") },
	{ "text", "TEXT", N_("a remark, or the reason") },
	{ "event", "ID", N_("an id of your own: a repeated call records nothing twice") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_handover_commands[] = {
	{ "handover", "handover [sheet|show|give|accept|withdraw|list] [--department ID]",
		N_("the sheet of the shift; give it, accept it"), "toban handover sheet",
		handover_options, 0, 1, run_handover },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
