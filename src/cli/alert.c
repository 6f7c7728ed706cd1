/* SPDX-License-Identifier: MIT */
/*
 * What other systems report: taking a notification in, and judging alerts.
 */
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "talk.h"
#include "view.h"

static void
set_text(json_t *args, const char *key, const char *value)
{
	if (value) {
		json_object_set_new(args, key, json_string(value));
	}
}

/* One line of `out` from what other systems wrote. */
static void
add_line(struct str *out, struct str *line)
{
	text_show(out, str_text(line), line->len, TEXT_FOLD);
	str_add_char(out, '\n');
	str_release(line);
}

/* Text of several lines, each set in, so that none of them passes for one of ours. */
static void
add_block(struct str *out, const char *text)
{
	struct str shown = STR_INIT;
	const char *line;
	text_show(&shown, text, strlen(text), TEXT_KEEP_NEWLINE);
	line = str_text(&shown);
	while (*line) {
		size_t len = strcspn(line, "\n");
		str_add(out, "    ");
		str_add_n(out, line, len);
		str_add_char(out, '\n');
		line += len + (line[len] == '\n');
	}
	str_release(&shown);
}

static json_int_t
number(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static const char *
firing_text(const json_t *row)
{
	return json_is_true(json_object_get(row, "firing")) ? _("firing") : _("over");
}

static const char *
state_text(const char *word)
{
	static const struct {
		const char *word;
		const char *text;
	} words[] = {
		{ "open", N_("not judged") },
		{ "promoted", N_("made an incident") },
		{ "linked", N_("linked") },
		{ "dismissed", N_("dismissed") },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].word, word) == 0) {
			return _(words[i].text);
		}
	}
	return word;
}

/* --- intake ------------------------------------------------------------------------- */

static void
view_taken(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *row;
	char n[24];
	(void)cli;
	json_array_foreach(json_object_get(result, "alerts"), i, row)
	{
		struct str line = STR_INIT;
		const char *news = json_is_true(json_object_get(row, "new")) ? _("new") : "";
		str_addf(&line, "%s  %s  %lldx  %s", cli_string(row, "id"), firing_text(row),
			(long long)number(row, "times"), news);
		add_line(out, &line);
	}
	if (number(result, "truncated")) {
		(void)snprintf(n, sizeof(n), "%lld", (long long)number(result, "truncated"));
		str_say(out, _("Its sender left out {n} more alerts."), &(struct str_arg){ "n", n },
			1);
		str_add_char(out, '\n');
	}
	if (number(result, "overflow")) {
		(void)snprintf(n, sizeof(n), "%lld", (long long)number(result, "overflow"));
		str_say(out,
			_("Too many wait to be judged: {n} of these were only counted, in one "
			  "alert."),
			&(struct str_arg){ "n", n }, 1);
		str_add_char(out, '\n');
	}
}

static int
run_intake(struct cli *cli)
{
	static const char *const formats[] = { "alertmanager", "zabbix", "json" };
	struct str text = STR_INIT;
	bool known = false;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		known = known || strcmp(formats[i], cli->words[0]) == 0;
	}
	if (!known) {
		return cli_fail(cli, EXIT_USAGE, "D111",
			_("There is no such form of a notification."),
			_("Use alertmanager, zabbix or json."));
	}
	if (isatty(STDIN_FILENO)) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("There is no notification to read."),
			_("Send it to standard input, as in the example of --help."));
	}
	int status = cli_read_input(cli, &text);
	if (status == EXIT_DONE) {
		json_t *document = json_stringn(str_text(&text), text.len);
		str_release(&text);
		if (!document) {
			return cli_fail(cli, EXIT_INPUT, "D105",
				_("The notification is no UTF-8 text."),
				_("Nothing was recorded. Mend the input and send it again."));
		}
		return view_call(cli, "alert.intake",
			json_pack("{s:s, s:o}", "source", cli->words[0], "document", document),
			view_taken);
	}
	str_release(&text);
	return status;
}

/* --- reading -------------------------------------------------------------------------- */

static void
view_alerts(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *row;
	(void)cli;
	json_array_foreach(json_object_get(result, "alerts"), i, row)
	{
		struct str line = STR_INIT;
		const char *incident = cli_string(row, "incident");
		str_addf(&line, "%s  ", cli_string(row, "id"));
		view_time(&line, cli_string(row, "last_at"));
		str_addf(&line, "  %lldx  %s  %s%s%s  %s: %s", (long long)number(row, "times"),
			firing_text(row), state_text(cli_string(row, "state")),
			*incident ? " " : "", incident, cli_string(row, "source"),
			cli_string(row, "title"));
		add_line(out, &line);
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("There is no alert."));
	}
	const char *next = cli_string(result, "next");
	if (*next) {
		str_say(out, _("There are more: --after {next}"), &(struct str_arg){ "next", next },
			1);
		str_add_char(out, '\n');
	}
}

static int
alert_list(struct cli *cli)
{
	json_t *args = json_object();
	const char *limit = cli_value(cli, "limit");
	set_text(args, "state", cli_value(cli, "state"));
	set_text(args, "after", cli_value(cli, "after"));
	if (limit) {
		char *end = NULL;
		errno = 0;
		long long n = strtoll(limit, &end, 10);
		/* What is no number goes to the desk as it is: its refusal names the option. */
		json_object_set_new(args, "limit",
			*limit && !*end && errno == 0 ? json_integer(n) : json_string(limit));
	}
	return view_call(cli, "alert.list", args, view_alerts);
}

static void
view_log_line(struct str *out, const json_t *event)
{
	const json_t *body = json_object_get(event, "body");
	struct str line = STR_INIT;
	str_add(&line, "  ");
	view_time(&line, cli_string(event, "at"));
	str_addf(&line, "  %s  %s  %lldx  %s %s", cli_string(event, "actor"),
		cli_string(event, "kind"), (long long)number(body, "times"),
		cli_string(body, "incident"), cli_string(body, "why"));
	add_line(out, &line);
}

static void
view_alert(struct cli *cli, const json_t *result, struct str *out)
{
	json_t *labels = json_object_get(result, "labels");
	const char *name;
	const char *text = cli_string(result, "text");
	json_t *value;
	size_t i;
	struct str line = STR_INIT;
	(void)cli;
	str_addf(&line, "%s  %s", cli_string(result, "id"), cli_string(result, "title"));
	add_line(out, &line);
	str_addf(&line, "%s  %lldx  %s  %s", firing_text(result),
		(long long)number(result, "times"), state_text(cli_string(result, "state")),
		cli_string(result, "incident"));
	add_line(out, &line);
	view_line(out, _("Source"), cli_string(result, "source"));
	view_line(out, _("Key"), cli_string(result, "key"));
	view_line(out, _("Place"), cli_string(result, "place"));
	view_line(out, _("Device"), cli_string(result, "asset"));
	json_object_foreach(labels, name, value)
	{
		str_addf(&line, "  %s = %s", name, json_string_value(value));
		add_line(out, &line);
	}
	if (*text) {
		add_block(out, text);
	}
	json_array_foreach(json_object_get(result, "log"), i, value)
	{
		view_log_line(out, value);
	}
}

static int
alert_show(struct cli *cli)
{
	return view_call(cli, "alert.show", json_pack("{s:s}", "id", cli->words[1]), view_alert);
}

/* --- judging ------------------------------------------------------------------------------ */

static void
view_begun(struct cli *cli, const json_t *result, struct str *out)
{
	const char *key;
	json_t *value;
	(void)cli;
	json_object_foreach(json_object_get(result, "fields"), key, value)
	{
		str_addf(out, "%s:\n", key);
		add_block(out, json_string_value(value));
	}
	str_addf(out, "\n%s\n",
		_("Nothing was recorded yet: the answers to the table and how to reach you are "
		  "missing. Give them with --from FILE or --set."));
}

/* The person's part of the report; NULL when none was given. */
static int
read_report(struct cli *cli, json_t **ret_fields)
{
	const char *from = cli_value(cli, "from");
	json_t *fields = NULL;
	int status = from ? cli_read_json(cli, from, &fields) : EXIT_DONE;
	if (status != EXIT_DONE) {
		return status;
	}
	/* What `promote --json` printed can be filled in and given back as it is. */
	json_t *inner = json_object_get(fields, "fields");
	if (json_is_object(inner)) {
		json_incref(inner);
		json_decref(fields);
		fields = inner;
	}
	if (cli_value(cli, "set")) {
		fields = fields ? fields : json_object();
		status = cli_read_sets(cli, fields);
	}
	if (status != EXIT_DONE) {
		json_decref(fields);
		return status;
	}
	*ret_fields = fields;
	return EXIT_DONE;
}

/* Begins the report as a draft, whose subject is the alert, and asks for the rest of it. */
static int
promote_asking(struct cli *cli)
{
	json_t *begun = NULL;
	json_t *draft = NULL;
	int status =
		cli_call(cli, "alert.promote", json_pack("{s:s}", "id", cli->words[1]), &begun);
	if (status != EXIT_DONE) {
		return status;
	}
	status = cli_call(cli, "draft.save",
		json_pack("{s:s, s:s, s:O}", "form", "report", "subject", cli->words[1], "fields",
			json_object_get(begun, "fields")),
		&draft);
	if (status == EXIT_DONE) {
		status = cli_talk_draft(cli, cli_string(draft, "draft"));
	}
	json_decref(begun);
	json_decref(draft);
	return status;
}

static int
alert_promote(struct cli *cli)
{
	bool given = cli_value(cli, "from") || cli_value(cli, "set");
	if (cli_flag(cli, "ask") || (!given && cli_may_ask(cli))) {
		return promote_asking(cli);
	}
	json_t *fields = NULL;
	int status = read_report(cli, &fields);
	if (status != EXIT_DONE) {
		return status;
	}
	json_t *args = json_pack("{s:s}", "id", cli->words[1]);
	set_text(args, "event", cli_event(cli));
	if (cli_flag(cli, "drill")) {
		json_object_set_new(args, "drill", json_true());
	}
	if (!fields) {
		return view_call(cli, "alert.promote", args, view_begun);
	}
	json_object_set_new(args, "fields", fields);
	return view_call(cli, "alert.promote", args, view_report);
}

static void
view_judged(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	str_addf(out, "%s  %s  %s\n", cli_string(result, "id"),
		state_text(cli_string(result, "state")), cli_string(result, "incident"));
	view_receipt(out, result);
}

static int
alert_link(struct cli *cli)
{
	json_t *args = json_pack("{s:s, s:s}", "id", cli->words[1], "incident", cli->words[2]);
	set_text(args, "why", cli_value(cli, "why"));
	return view_call(cli, "alert.link", args, view_judged);
}

static int
alert_dismiss(struct cli *cli)
{
	json_t *args = json_pack("{s:s}", "id", cli->words[1]);
	set_text(args, "why", cli_value(cli, "why"));
	return view_call(cli, "alert.dismiss", args, view_judged);
}

static int
run_alert(struct cli *cli)
{
	static const struct {
		const char *word;
		int words;
		int (*run)(struct cli *cli);
	} ways[] = {
		{ "list", 0, alert_list },
		{ "show", 1, alert_show },
		{ "promote", 1, alert_promote },
		{ "link", 2, alert_link },
		{ "dismiss", 1, alert_dismiss },
	};
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		if (strcmp(ways[i].word, cli->words[0]) == 0 && cli->n_words == ways[i].words + 1) {
			return ways[i].run(cli);
		}
	}
	return cli_fail(cli, EXIT_USAGE, "D111", _("The command is not complete."),
		_("Use list, show A-1, promote A-1, link A-1 26-0001 or dismiss A-1 --why TEXT."));
}

static const struct cli_option alert_options[] = {
	{ "state", "STATE", N_("only open, promoted, linked or dismissed ones") },
	{ "limit", "N", N_("at most so many (50)") },
	{ "after", "CURSOR", N_("go on after the \"next\" of an earlier answer") },
	{ "why", "TEXT", N_("the reason; dismissing needs one") },
	{ "from", "FILE", N_("fields from a JSON file; - is standard input") },
	{ "set", "KEY=VALUE", N_("a field; KEY:=JSON for anything but text") },
	{ "ask", NULL, N_("ask for the fields, one question a line") },
	{ "drill", NULL, N_("an exercise: the same chain, kept apart") },
	{ "event", "ID", N_("an id of your own: a repeated call records nothing twice") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_alert_commands[] = {
	{ "intake", "intake alertmanager|zabbix|json",
		N_("take in what another system reports, from standard input"),
		"echo '{\"key\":\"room-3\",\"title\":\"Humidity 85 %\"}' | toban intake json", NULL,
		1, 1, run_intake },
	{ "alert", "alert list|show|promote|link|dismiss [ID] [INCIDENT] [--why TEXT]",
		N_("what other systems reported: look at it, judge it"),
		"toban alert list --state open", alert_options, 1, 3, run_alert },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
