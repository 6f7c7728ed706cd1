/* SPDX-License-Identifier: MIT */
/*
 * Messages to other systems and their receivers, as lines for people.
 */
#include "view.h"

#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* One message, and what its receiver said last. */
static void
add_message(struct str *out, const json_t *row)
{
	struct str line = STR_INIT;
	struct str answer = STR_INIT;
	long long status = (long long)json_integer_value(json_object_get(row, "last_status"));
	str_addf(&line, "%s  %s  %s  %s (%lld)", cli_string(row, "target"), cli_string(row, "type"),
		cli_string(row, "subject"), cli_string(row, "state"),
		(long long)json_integer_value(json_object_get(row, "attempts")));
	view_line(out, cli_string(row, "id"), str_text(&line));
	if (status > 0) {
		str_addf(&answer, "%lld ", status);
	}
	str_add(&answer, cli_string(row, "last_answer"));
	if (answer.len > 0) {
		str_add(out, "    ");
		view_line(out, _("Last answer"), str_text(&answer));
	}
	str_release(&line);
	str_release(&answer);
}

void
view_outbox(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(result, "messages"), i, row)
	{
		add_message(out, row);
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("No message."));
	}
}

static void
add_target(struct str *out, const json_t *target)
{
	struct str line = STR_INIT;
	size_t i;
	json_t *event;
	str_add(&line, cli_string(target, "url"));
	json_array_foreach(json_object_get(target, "events"), i, event)
	{
		str_addf(&line, " %s", json_string_value(event) ? json_string_value(event) : "");
	}
	const char *const more[] = { "format", "template", "person" };
	for (i = 0; i < ARRAY_LEN(more); i++) {
		const char *value = cli_string(target, more[i]);
		if (*value && strcmp(value, "generic") != 0) {
			str_addf(&line, " %s=%s", more[i], value);
		}
	}
	if (json_is_true(json_object_get(target, "stopped"))) {
		str_addf(&line, "  %s", _("stopped: it answered that it is gone (410)"));
	}
	view_line(out, cli_string(target, "name"), str_text(&line));
	str_release(&line);
}

void
view_target(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	if (json_object_get(result, "name")) {
		add_target(out, result);
	}
	view_line(out, _("Signing secret, shown only now"), cli_string(result, "secret"));
	view_line(out, _("Queued"), cli_string(result, "id"));
	str_addf(out, "%s\n", _("Done."));
}

void
view_targets(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	size_t i;
	json_t *target;
	json_array_foreach(json_object_get(result, "targets"), i, target)
	{
		add_target(out, target);
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("No target: nobody receives messages."));
	}
}

/* Every attempt, the oldest first: when, what was answered, what became of the message. */
static void
add_deliveries(struct str *out, const json_t *rows)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		struct str line = STR_INIT;
		char number[24];
		long long status = (long long)json_integer_value(json_object_get(row, "status"));
		(void)snprintf(number, sizeof(number), "  %lld",
			(long long)json_integer_value(json_object_get(row, "attempt")));
		view_time(&line, cli_string(row, "at"));
		str_addf(&line, "  %s", cli_string(row, "outcome"));
		if (status > 0) {
			str_addf(&line, "  %lld", status);
		}
		str_addf(&line, "  %s", cli_string(row, "answer"));
		view_line(out, number, str_text(&line));
		str_release(&line);
	}
}

void
view_message(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	add_message(out, result);
	view_line(out, _("Text"), cli_string(json_object_get(result, "message"), "text"));
	add_deliveries(out, json_object_get(result, "deliveries"));
	if (json_array_size(json_object_get(result, "deliveries")) == 0) {
		str_addf(out, "%s\n", _("Nothing was tried yet."));
	}
}

/* As it goes over the wire, every byte that could command a terminal made visible. */
void
view_preview(struct cli *cli, const json_t *result, struct str *out)
{
	const char *body = cli_string(result, "body");
	const char *key;
	json_t *value;
	(void)cli;
	json_object_foreach(json_object_get(result, "headers"), key, value)
	{
		view_line(out, key, json_string_value(value));
	}
	str_add(out, json_object_size(json_object_get(result, "headers")) > 0 ? "\n" : "");
	while (*body) {
		text_show(out, body, strcspn(body, "\r\n"), TEXT_LINE);
		str_add(out, "\n");
		body += strcspn(body, "\n");
		body += *body == '\n';
	}
	str_addf(out, "\n%s\n", _("In words:"));
	text_show(out, cli_string(result, "words"), strlen(cli_string(result, "words")),
		TEXT_KEEP_NEWLINE);
	str_add(out, "\n");
}
