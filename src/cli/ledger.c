/* SPDX-License-Identifier: MIT */
/*
 * Commands about the record as a whole: verify, head, print, export.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "package.h"
#include "paper.h"
#include "toban/base/i18n.h"
#include "heads.h"
#include "view.h"

/* Adds `heads` and `keys` to the arguments, from the files that were named. */
static int
add_ends(struct cli *cli, json_t *args, int64_t *ret_unread)
{
	const char *head = cli_value(cli, "head");
	const char *key = cli_value(cli, "key");
	struct kept_ends ends = { NULL, 0 };
	json_t *keys = NULL;
	int status = head ? heads_file(cli, head, &ends) : EXIT_DONE;
	if (status == EXIT_DONE && key) {
		status = head ? keys_given(cli, key, &keys)
			      : cli_fail(cli, EXIT_USAGE, "D111",
					_("--key says who signed the ends of --head FILE."), "");
	}
	if (status == EXIT_DONE && ends.heads) {
		json_object_set(args, "heads", ends.heads);
	}
	if (status == EXIT_DONE && keys) {
		json_object_set(args, "keys", keys);
	}
	json_decref(ends.heads);
	json_decref(keys);
	*ret_unread = ends.unread;
	return status;
}

static int
run_verify(struct cli *cli)
{
	json_t *args = json_object();
	int64_t unread = 0;
	int read = add_ends(cli, args, &unread);
	if (read != EXIT_DONE) {
		json_decref(args);
		return read;
	}
	if (cli_flag(cli, "rebuild")) {
		json_object_set_new(args, "rebuild", json_true());
	}
	json_t *result = NULL;
	int status = cli_call(cli, "ledger.verify", args, &result);
	if (status != EXIT_DONE) {
		return status;
	}
	if (unread > 0) {
		json_object_set_new(
			json_object_get(result, "heads"), "unread", json_integer(unread));
	}
	bool ok = json_is_true(json_object_get(result, "ok"));
	status = view_answer(cli, result, view_verify);
	return status == EXIT_DONE && !ok ? EXIT_FAILED : status;
}

static int
run_head(struct cli *cli)
{
	return view_call(cli, "ledger.head", NULL, view_head);
}

static int
run_print(struct cli *cli)
{
	const char *format = cli_value(cli, "format");
	if (format && strcmp(format, "text") != 0) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("This format is not printed here."),
			_("--format text is; for programs use toban show ID --json."));
	}
	json_t *incident = NULL;
	int status =
		cli_call(cli, "incident.show", json_pack("{s:s}", "id", cli->words[0]), &incident);
	if (status == EXIT_DONE) {
		status = cli_print_paper(
			cli, (struct print_sources){ .incident = incident }, print_incident_text);
		json_decref(incident);
	}
	return status;
}

static int
export_page(struct cli *cli, const json_t *page)
{
	size_t i;
	json_t *event;
	json_array_foreach(json_object_get(page, "events"), i, event)
	{
		int status = cli_print_json(cli, event);
		if (status != EXIT_DONE) {
			return status;
		}
	}
	return EXIT_DONE;
}

/* Every entry that may be read, one a line. */
static int
export_lines(struct cli *cli)
{
	json_t *after = json_null();
	int status = EXIT_DONE;
	while (status == EXIT_DONE && after) {
		json_t *page = NULL;
		json_t *args = json_pack("{s:s*}", "id", cli->n_words ? cli->words[0] : NULL);
		if (!json_is_null(after)) {
			json_object_set(args, "after", after);
		}
		status = cli_call(cli, "ledger.export", args, &page);
		if (status == EXIT_DONE) {
			status = export_page(cli, page);
		}
		json_t *next = json_object_get(page, "next");
		json_decref(after);
		after = next && !json_is_null(next) ? json_incref(next) : NULL;
		json_decref(page);
	}
	json_decref(after);
	return status;
}

/* Whether an option is given that only a package has. */
static bool
of_package(const struct cli *cli)
{
	return cli_flag(cli, "mask") || cli_flag(cli, "evidence") || cli_flag(cli, "unsigned") ||
		cli_value(cli, "heads");
}

static int
run_export(struct cli *cli)
{
	const char *format = cli_value(cli, "format");
	bool package = format && strcmp(format, "package") == 0;
	bool all = cli_flag(cli, "all");
	const char *path = package && cli->n_words ? cli->words[cli->n_words - 1] : NULL;

	if (format && !package && strcmp(format, "jsonl") != 0) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("This format is not exported here."),
			_("--format jsonl is, one entry of the ledger a line, and --format "
			  "package, a folder that others can check."));
	}
	cli->n_words -= path != NULL; /* the folder is the last word */
	if (package && (!path || !*path)) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("Say which folder is to be made."),
			_("For example: toban export --all --format package record"));
	}
	if ((cli->n_words == 0) != all) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("Say which incident, or --all."), "");
	}
	if (cli->n_words > 1 || (!package && of_package(cli)) ||
		(cli_flag(cli, "mask") && cli_flag(cli, "evidence"))) {
		return cli_fail(
			cli, EXIT_USAGE, "D111", _("These options do not go together."), "");
	}
	return package ? package_export(cli, path) : export_lines(cli);
}

static int
run_erase(struct cli *cli)
{
	const char *why = cli_value(cli, "why");
	const char *event = cli_value(cli, "event");
	char *end = NULL;
	long long seq = strtoll(cli->words[0], &end, 10);

	if (!why || *end || seq < 1) {
		return cli_fail(cli, EXIT_USAGE, "D111",
			_("Say which entry, and on what legal ground."),
			_("For example: toban erase 42 --why 'asked for by the person'"));
	}
	return view_call(cli, "ledger.erase",
		json_pack("{s:I, s:s, s:s*}", "seq", (json_int_t)seq, "why", why, "event", event),
		view_erased);
}

static const struct cli_option erase_options[] = {
	{ "why", "TEXT", N_("the legal ground; it stays in the record") },
	{ "event", "ID", N_("an id of your own: sent twice, it is recorded once") },
	{ NULL, NULL, NULL },
};

static const struct cli_option verify_options[] = {
	{ "head", "FILE",
		N_("heads kept elsewhere, one or a line each: finds what was cut off or "
		   "written anew") },
	{ "key", "KEY",
		N_("the desk's public key kept elsewhere, a line or a file of it: only its "
		   "signatures count") },
	{ "rebuild", NULL, N_("also make every summary again and compare") },
	{ NULL, NULL, NULL },
};

static const struct cli_option print_options[] = {
	{ "format", "text", N_("how it is written") },
	{ NULL, NULL, NULL },
};

static const struct cli_option export_options[] = {
	{ "all", NULL, N_("the whole ledger") },
	{ "format", "jsonl|package", N_("how it is written") },
	{ "mask", NULL, N_("a package without texts and names that people typed") },
	{ "evidence", NULL, N_("with the attached files; it is recorded who took them") },
	{ "heads", "FILE", N_("with ends that a witness kept, one a line") },
	{ "unsigned", NULL, N_("do not ask for the desk's signature") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_ledger_commands[] = {
	{ "verify", "verify [--head FILE [--key KEY]] [--rebuild]",
		N_("check that nobody changed the record"), "toban verify --rebuild",
		verify_options, 0, 0, run_verify },
	{ "head", "head", N_("where the record ends: keep this elsewhere"),
		"toban head --json > head.json", NULL, 0, 0, run_head },
	{ "print", "print ID [--format text]", N_("the incident report on paper"),
		"toban --lang ja print 26-0001", print_options, 1, 1, run_print },
	{ "export",
		"export ID | --all [--format jsonl|package [--mask|--evidence] [--heads FILE] "
		"[--unsigned] DIR]",
		N_("entries of the ledger for other programs"), "toban export --all > ledger.jsonl",
		export_options, 0, 2, run_export },
	{ "erase", "erase SEQ --why TEXT", N_("take the text of an entry away on a legal ground"),
		"toban erase 42 --why 'asked for by the person'", erase_options, 1, 1, run_erase },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
