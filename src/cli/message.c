/* SPDX-License-Identifier: MIT */
/*
 * Commands about messages to other systems: outbox and target.
 */
#include "command.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/i18n.h"
#include "toban/base/str.h"
#include "toban/base/text.h"
#include "verb.h"
#include "view.h"

/* With --wait: one attempt takes at most 15 s, another sender may be finishing. */
#define WAIT_MS 25000
#define LOOK_MS 100

static int
outbox_list(struct cli *cli)
{
	json_t *args = json_pack("{s:s*}", "state", cli_value(cli, "state"));
	return view_call(cli, "outbox.list", args, view_outbox);
}

static int
outbox_show(struct cli *cli)
{
	return view_call(cli, "outbox.show", json_pack("{s:s}", "id", cli->words[1]), view_message);
}

static int
outbox_retry(struct cli *cli)
{
	const char *target = cli_value(cli, "target");
	json_t *args = cli_flag(cli, "given-up")
		? json_pack("{s:b, s:s*}", "given_up", 1, "target", target)
		: json_pack("{s:s}", target ? "target" : "id", target ? target : cli->words[1]);
	json_t *result = NULL;
	int status = cli_call(cli, "outbox.retry", args, &result);
	return status == EXIT_DONE ? view_answer(cli, result, view_target) : status;
}

static bool
is_throw_away(const struct cli *cli)
{
	return cli->globals.desk && strcmp(cli->globals.desk, "demo") == 0;
}

static int
refuse_throw_away(struct cli *cli)
{
	return cli_fail(cli, EXIT_USAGE, "D111", _("A throw-away desk sends no messages."),
		_("Name the file of a desk with --desk."));
}

/* The sender takes this process's place: what is wrong with the desk is said before that. */
static int
outbox_run(struct cli *cli)
{
	if (is_throw_away(cli)) {
		return refuse_throw_away(cli);
	}
	json_t *info = NULL;
	int status = cli_call(cli, "desk.info", NULL, &info);
	json_decref(info);
	if (status != EXIT_DONE) {
		return status;
	}
	return cli->host->send(cli->host->ctx, &cli->globals, cli_flag(cli, "once"));
}

static int
run_outbox(struct cli *cli)
{
	const int ids = cli_flag(cli, "target") || cli_flag(cli, "given-up") ? 0 : 1;
	const struct cli_verb verbs[] = {
		{ "list", 0, 0, outbox_list },
		{ "show", 1, 1, outbox_show },
		{ "retry", ids, ids, outbox_retry },
		{ "run", 0, 0, outbox_run },
	};
	return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), 0);
}

/* What is wrong with a file that holds one line, and how long that may be. */
struct line_file {
	const char *key; /* the argument it becomes */
	size_t most;
	const char *unreadable;
	const char *unfit;
};

static const struct line_file secret_file = {
	"secret",
	511,
	N_("The file with the secret cannot be read."),
	N_("The file does not hold a secret or password in its first line."),
};

static const struct line_file url_file = {
	"url",
	2049,
	N_("The file with the address cannot be read."),
	N_("The file does not hold an address in its first line."),
};

/* Read from a file, never from the arguments: those are public on the machine. */
static int
read_line_file(struct cli *cli, const struct line_file *file, const char *path, json_t *args)
{
	char line[2051];
	FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *got = stream ? fgets(line, (int)file->most + 1, stream) : NULL;
	if (stream && stream != stdin) {
		/* Only read from: nothing can be lost by a failing close. */
		(void)fclose(stream);
	}
	if (!got) {
		return cli_fail(cli, EXIT_MISSING, "D110", _(file->unreadable), "");
	}
	if (!utf8_valid(line, strlen(line)) || strlen(line) == file->most) {
		explicit_bzero(line, sizeof(line));
		return cli_fail(cli, EXIT_INPUT, "D105", _(file->unfit), "");
	}
	line[strcspn(line, "\r\n")] = '\0';
	json_object_set_new(args, file->key, json_string(line));
	explicit_bzero(line, sizeof(line));
	return EXIT_DONE;
}

static json_t *
event_list(const char *events)
{
	json_t *list = json_array();
	while (*events) {
		size_t len = strcspn(events, ", ");
		if (len) {
			json_array_append_new(list, json_stringn(events, len));
		}
		events += len;
		events += strspn(events, ", ");
	}
	return list;
}

/* Who has an address of theirs can write into the room. */
static bool
address_is_secret(const struct cli *cli)
{
	static const char *const formats[] = { "slack", "mattermost", "teams" };
	const char *format = cli_value(cli, "format");

	for (size_t i = 0; format && i < ARRAY_LEN(formats); i++) {
		if (strcmp(format, formats[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* The file that holds the address, "-" for stdin; NULL: it is an argument. */
static const char *
address_file(const struct cli *cli)
{
	if (cli_flag(cli, "url-file")) {
		return cli_value(cli, "url-file");
	}
	return strcmp(cli->words[2], "-") == 0 ? "-" : NULL;
}

static int
target_add(struct cli *cli)
{
	const char *url = address_file(cli);

	if (!url && address_is_secret(cli)) {
		return cli_fail(cli, EXIT_USAGE, "D111",
			_("The address of a Slack, Mattermost or Teams receiver is a secret, and "
			  "a command line is none. Nothing was added."),
			_("Give it with --url-file FILE, or - in place of URL to read it from "
			  "stdin. This one may be in the shell's history now: make a new address "
			  "at the service if others can read that."));
	}
	json_t *args =
		json_pack("{s:s, s:s*}", "name", cli->words[1], "url", url ? NULL : cli->words[2]);
	const char *events = cli_value(cli, "events");
	if (events) {
		json_object_set_new(args, "events", event_list(events));
	}
	static const char *const texts[] = { "format", "template", "person" };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *value = cli_value(cli, texts[i]);
		if (value) {
			json_object_set_new(args, texts[i], json_string(value));
		}
	}
	if (cli_flag(cli, "allow-http")) {
		json_object_set_new(args, "allow_http", json_true());
	}
	if (cli_flag(cli, "allow-private")) {
		json_object_set_new(args, "allow_private", json_true());
	}
	/* In this order when both come from standard input. */
	const char *secret = cli_value(cli, "secret-file");
	int status = url ? read_line_file(cli, &url_file, url, args) : EXIT_DONE;
	if (status == EXIT_DONE && secret) {
		status = read_line_file(cli, &secret_file, secret, args);
	}
	if (status != EXIT_DONE) {
		json_decref(args);
		return status;
	}
	return view_call(cli, "target.add", args, view_target);
}

static int
target_list(struct cli *cli)
{
	json_t *args =
		cli_flag(cli, "addresses") ? json_pack("{s:b}", "addresses", 1) : json_object();
	return view_call(cli, "target.list", args, view_targets);
}

static int
target_remove(struct cli *cli)
{
	return view_call(
		cli, "target.remove", json_pack("{s:s}", "name", cli->words[1]), view_target);
}

static int
target_start(struct cli *cli)
{
	return view_call(
		cli, "target.start", json_pack("{s:s}", "name", cli->words[1]), view_target);
}

static int
target_preview(struct cli *cli)
{
	json_t *args = json_pack("{s:s, s:s*, s:s*}", "name", cli->words[1], "type",
		cli_value(cli, "type"), "id", cli_value(cli, "incident"));
	return view_call(cli, "target.preview", args, view_preview);
}

/* Asks until the message was tried or the patience is over; the newest document. */
static int
await_attempt(struct cli *cli, const char *id, json_t **ret_message)
{
	int64_t end = clock_steady_ms() + WAIT_MS;
	for (;;) {
		json_t *message = NULL;
		int status = cli_call(cli, "outbox.show", json_pack("{s:s}", "id", id), &message);
		if (status != EXIT_DONE) {
			return status;
		}
		bool tried = json_array_size(json_object_get(message, "deliveries")) > 0 ||
			strcmp(cli_string(message, "state"), "waiting") != 0 ||
			*cli_string(message, "last_answer"); /* there is no secret to try with */
		if (tried || clock_steady_ms() >= end) {
			*ret_message = message;
			return EXIT_DONE;
		}
		json_decref(message);
		/* Nothing to wait on: a signal only looks sooner. */
		(void)poll(NULL, 0, LOOK_MS);
	}
}

/* A sender of our own works beside the one there may be: a lock lets one send. */
static int
test_and_wait(struct cli *cli, const char *id)
{
	json_t *message = NULL;
	cli->host->sender_start(cli->host->ctx, &cli->globals);
	int status = await_attempt(cli, id, &message);
	cli->host->sender_stop(cli->host->ctx);
	if (status != EXIT_DONE) {
		return status;
	}
	bool sent = strcmp(cli_string(message, "state"), "sent") == 0;
	status = view_answer(cli, message, view_message);
	return status == EXIT_DONE && !sent ? EXIT_FAILED : status;
}

static int
target_test(struct cli *cli)
{
	json_t *result = NULL;
	if (cli_flag(cli, "wait") && is_throw_away(cli)) {
		return refuse_throw_away(cli);
	}
	int status =
		cli_call(cli, "target.test", json_pack("{s:s}", "name", cli->words[1]), &result);
	if (status != EXIT_DONE || !cli_flag(cli, "wait")) {
		return status == EXIT_DONE ? view_answer(cli, result, view_target) : status;
	}
	status = test_and_wait(cli, cli_string(result, "id"));
	json_decref(result);
	return status;
}

static int
run_target(struct cli *cli)
{
	const int words = cli_flag(cli, "url-file") ? 1 : 2;
	const struct cli_verb verbs[] = {
		{ "add", words, words, target_add },
		{ "list", 0, 0, target_list },
		{ "preview", 1, 1, target_preview },
		{ "remove", 1, 1, target_remove },
		{ "start", 1, 1, target_start },
		{ "test", 1, 1, target_test },
	};
	return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), 0);
}

static const struct cli_option outbox_options[] = {
	{ "once", NULL, N_("send what is due, then stop") },
	{ "state", "STATE", N_("only waiting, sent, dead or stopped ones") },
	{ "target", "NAME", N_("with retry: everything of this target") },
	{ "given-up", NULL, N_("with retry: everything that was given up") },
	{ NULL, NULL, NULL },
};

static const struct cli_option target_options[] = {
	{ "events", "LIST", N_("which messages, e.g. crisis,incident.report or * (crisis)") },
	{ "format", "FORMAT",
		N_("with add: generic, slack, mattermost, teams or alertmanager (generic)") },
	{ "template", "NAME", N_("with add: the wording, from forms/message (the format's own)") },
	{ "person", "PERSON", N_("with add: this person's own; gets what they are told") },
	{ "type", "TYPE", N_("with preview: which message, e.g. crisis.escalated") },
	{ "incident", "ID", N_("with preview: about this incident") },
	{ "wait", NULL, N_("with test: send it now and show what came of it") },
	{ "url-file", "FILE",
		N_("with add, in place of URL: the address; needed for slack, mattermost and "
		   "teams, whose addresses are secrets; - reads it from stdin") },
	{ "addresses", NULL, N_("with list: whole addresses; for administrators") },
	{ "secret-file", "FILE",
		N_("the signing secret whsec_... (without it one is made and shown once), or the "
		   "password for mail; - reads it from stdin") },
	{ "allow-http", NULL, N_("without encryption, http or plain smtp; for this machine") },
	{ "allow-private", NULL, N_("an address of this machine or of a private network") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_message_commands[] = {
	{ "outbox",
		"outbox list | show ID | retry ID | retry --target NAME | retry --given-up | "
		"run [--once]",
		N_("messages to other systems"), "toban outbox run --once", outbox_options, 1, 2,
		run_outbox },
	{ "target",
		"target add NAME URL|--url-file FILE [--events LIST] | list | remove NAME | "
		"start NAME | preview NAME | test NAME",
		N_("who receives messages"),
		"toban target add crisis-room https://hooks.example.org/toban --events crisis",
		target_options, 1, 3, run_target },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
