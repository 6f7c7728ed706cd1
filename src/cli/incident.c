/* SPDX-License-Identifier: MIT */
/*
 * Commands about incidents that exist: list, show, steps, log, act, search.
 */
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "evidence.h"
#include "labels.h"
#include "talk.h"
#include "view.h"

static bool
set_text(json_t *args, const char *key, const char *value)
{
	return !value || json_object_set_new(args, key, json_string(value)) == 0;
}

static bool
set_flag(json_t *args, const char *key, bool value)
{
	return !value || json_object_set_new(args, key, json_true()) == 0;
}

/* --limit as a number; anything else is left as text, which the door refuses by name. */
static bool
set_number(json_t *args, const char *key, const char *value)
{
	if (!value) {
		return true;
	}
	char *end = NULL;
	errno = 0;
	long long number = strtoll(value, &end, 10);
	/* What is no number goes to the desk as it is: its refusal names the option. */
	bool whole = *value && !*end && errno == 0;
	json_t *json = whole ? json_integer(number) : json_string(value);
	return json_object_set_new(args, key, json) == 0;
}

static int
run_list(struct cli *cli)
{
	json_t *args = json_object();
	set_flag(args, "mine", cli_flag(cli, "mine"));
	set_flag(args, "open", cli_flag(cli, "open"));
	set_flag(args, "overdue", cli_flag(cli, "overdue"));
	set_text(args, "department", cli_value(cli, "department"));
	set_text(args, "state", cli_value(cli, "state"));
	set_text(args, "after", cli_value(cli, "after"));
	set_number(args, "limit", cli_value(cli, "limit"));
	return view_call(cli, "incident.list", args, view_list);
}

static int
run_show(struct cli *cli)
{
	return view_call(cli, "incident.show", json_pack("{s:s}", "id", cli->words[0]), view_show);
}

static int
run_steps(struct cli *cli)
{
	json_t *args = json_pack("{s:s}", "id", cli->words[0]);
	const char *form = cli_value(cli, "form");
	set_text(args, "form", form);
	return view_call(cli, "incident.steps", args, form ? view_form : view_steps);
}

static int
run_log(struct cli *cli)
{
	if (strcmp(cli->words[0], "duty") == 0) {
		return view_call(cli, "duty.log", NULL, view_log);
	}
	return view_call(cli, "incident.log", json_pack("{s:s}", "id", cli->words[0]), view_log);
}

static int
run_search(struct cli *cli)
{
	struct str words = STR_INIT;
	for (int i = 0; i < cli->n_words; i++) {
		str_add(&words, i ? " " : "");
		str_add(&words, cli->words[i]);
	}
	json_t *args = json_pack("{s:s}", "query", str_text(&words));
	str_release(&words);
	set_number(args, "limit", cli_value(cli, "limit"));
	set_text(args, "after", cli_value(cli, "after"));
	return view_call(cli, "search", args, view_search);
}

static int
read_fields(struct cli *cli, json_t **ret_fields)
{
	json_t *fields = NULL;
	const char *from = cli_value(cli, "from");
	int status = EXIT_DONE;
	if (from) {
		status = cli_read_json(cli, from, &fields);
	} else {
		fields = json_object();
	}
	if (status == EXIT_DONE) {
		status = cli_read_sets(cli, fields);
	}
	if (status != EXIT_DONE) {
		json_decref(fields);
		return status;
	}
	*ret_fields = fields;
	return EXIT_DONE;
}

/* A list of measures, or the answers to the table, given to --set as JSON text without ":=". */
static void
read_nested(json_t *fields, const json_t *form_field)
{
	const char *type = cli_string(form_field, "type");
	const char *key = cli_string(form_field, "key");
	const char *text = cli_string(fields, key);
	if (*text && (strcmp(type, "measures") == 0 || strcmp(type, "answers") == 0)) {
		json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		if (value) {
			json_object_set_new(fields, key, value);
		}
	}
}

/* Looks at the form only when a text may be JSON: most steps need no such question. */
static int
read_typed(struct cli *cli, const char *step, json_t *fields)
{
	bool nested = false;
	const char *key;
	json_t *value;
	json_object_foreach(fields, key, value)
	{
		const char *text = json_string_value(value);
		nested = nested || (text && (*text == '[' || *text == '{'));
	}
	int status = nested ? cli_open(cli) : EXIT_DONE;
	if (nested && status == EXIT_DONE) {
		json_t *form = cli_step_form(cli, step);
		size_t i;
		json_array_foreach(json_object_get(form, "fields"), i, value)
		{
			read_nested(fields, value);
		}
		json_decref(form);
	}
	return status;
}

static int
run_act(struct cli *cli)
{
	if (cli_flag(cli, "ask")) {
		return cli_talk_step(cli, cli->words[0], cli->words[1]);
	}
	json_t *fields = NULL;
	int status = read_fields(cli, &fields);
	if (status == EXIT_DONE) {
		status = read_typed(cli, cli->words[1], fields);
	}
	if (status == EXIT_DONE) {
		status = cli_put_files(cli, cli->words[1], fields);
	}
	if (status != EXIT_DONE) {
		json_decref(fields);
		return status;
	}
	json_t *args = json_pack(
		"{s:s, s:s, s:o}", "id", cli->words[0], "step", cli->words[1], "fields", fields);
	set_number(args, "expect", cli_value(cli, "expect"));
	set_text(args, "event", cli_event(cli));
	return view_call(cli, "incident.act", args, view_act);
}

static int
run_take_back(struct cli *cli)
{
	json_t *args = json_pack("{s:s}", "id", cli->words[0]);

	set_number(args, "seq", cli->n_words > 1 ? cli->words[1] : NULL);
	return view_call(cli, "incident.take-back", args, view_taken_back);
}

static const struct cli_option list_options[] = {
	{ "mine", NULL, N_("only what waits for me") },
	{ "open", NULL, N_("only what is not finished") },
	{ "overdue", NULL, N_("only what is late") },
	{ "department", "ID", N_("only of this department") },
	{ "state", "STATE", N_("only in this state") },
	{ "limit", "N", N_("at most so many (50)") },
	{ "after", "CURSOR", N_("go on after the \"next\" of an earlier answer") },
	{ NULL, NULL, NULL },
};

static const struct cli_option search_options[] = {
	{ "limit", "N", N_("at most so many (50)") },
	{ "after", "CURSOR", N_("go on after the \"next\" of an earlier answer") },
	{ NULL, NULL, NULL },
};

static const struct cli_option steps_options[] = {
	{ "form", "STEP", N_("what this step asks for") },
	{ NULL, NULL, NULL },
};

static const struct cli_option act_options[] = {
	{ "set", "KEY=VALUE", N_("a field; KEY:=JSON for anything but text") },
	{ "from", "FILE", N_("fields from a JSON file; - is standard input") },
	{ "ask", NULL, N_("ask for the fields, one question a line") },
	{ "expect", "SEQ", N_("refuse if a person took a step after this entry") },
	{ "event", "ID", N_("an id of your own: a repeated call records nothing twice") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_incident_commands[] = {
	{ "list", "list [--mine] [--open] [--overdue] [--department ID] [--state STATE]",
		N_("incidents, what is due first on top"), "toban list --mine --overdue",
		list_options, 0, 0, run_list },
	{ "show", "show ID", N_("one incident, whole"), "toban show 26-0001", NULL, 1, 1,
		run_show },
	{ "steps", "steps ID [--form STEP]", N_("what can be done now, what not, and why"),
		"toban steps 26-0001", steps_options, 1, 1, run_steps },
	{ "log", "log ID | duty", N_("every entry of one incident, or about who is there"),
		"toban log 26-0001", NULL, 1, 1,
		run_log },
	{ "act", "act ID STEP [--set KEY=VALUE]... [--from FILE] [--expect SEQ]",
		N_("take a step of the procedure"),
		"toban act 26-0001 instruct --set to=dc-operator-1 --set text=\"Isolate the host\" "
		"--set due=30m",
		act_options, 2, 2, run_act },
	{ "take-back", "take-back ID [SEQ]",
		N_("take back what you just sent, while nobody has read it"),
		"toban take-back 26-0001", NULL, 1, 2, run_take_back },
	{ "search", "search WORDS", N_("find incidents by words and filters such as state:open"),
		"toban search '\"power cut\" class:3 drill:no'", search_options, 1, -1,
		run_search },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
