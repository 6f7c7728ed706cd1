/* SPDX-License-Identifier: MIT */
/*
 * Calling the door and answering: results on standard output, everything else
 * on standard error, errors as documents with --json and as sentences without.
 */
#include "command.h"
#include "secret_input.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sign.h"
#include "toban/base/i18n.h"
#include "toban/base/memory.h"
#include "toban/base/text.h"

/* What is left to say when there is no memory for a sentence. */
#define OUT_OF_MEMORY "toban: memory is exhausted (D414)"

const char *
cli_string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

const char *
cli_words(const json_t *words)
{
	if (json_is_string(words)) {
		return json_string_value(words);
	}
	const char *text = cli_string(words, lang_word(i18n_lang()));
	return *text ? text : cli_string(words, "en");
}

static int
print_line(FILE *stream, const char *line)
{
	return fputs(line, stream) == EOF || fputc('\n', stream) == EOF || fflush(stream) != 0
		? EXIT_FAILED
		: EXIT_DONE;
}

/* Appends hostile text as a line of its own. */
static void
add_shown(struct str *out, const char *before, const char *text)
{
	str_add(out, before);
	text_show(out, text, strlen(text), TEXT_LINE);
	str_add_char(out, '\n');
}

static void
add_fields(struct str *out, const json_t *fields)
{
	size_t i;
	json_t *field;
	json_array_foreach(fields, i, field)
	{
		const char *name = cli_string(field, "field");
		const char *text = cli_string(field, "text");
		str_add(out, "  ");
		text_show(out, name, strlen(name), TEXT_LINE);
		add_shown(out, ": ", text);
	}
}

static void
add_who(struct str *out, const json_t *who)
{
	struct str names = STR_INIT;
	size_t i;
	json_t *person;
	json_array_foreach(who, i, person)
	{
		const char *id = json_string_value(person);
		str_add(&names, i ? ", " : "");
		str_add(&names, id ? id : cli_string(person, "id"));
	}
	if (names.len) {
		struct str line = STR_INIT;
		str_say(&line, _("Who can: {who}"), &(struct str_arg){ "who", str_text(&names) },
			1);
		add_shown(out, "  ", str_text(&line));
		str_release(&line);
	}
	str_release(&names);
}

/* Nothing can be done when even the complaint cannot be written. */
static void
print_complaint(const struct str *text)
{
	(void)print_line(stderr, text->failed ? OUT_OF_MEMORY : str_text(text));
}

static void
print_error_text(const json_t *error)
{
	struct str out = STR_INIT;
	str_add(&out, "toban: ");
	add_shown(&out, "", cli_string(error, "text"));
	add_fields(&out, json_object_get(error, "fields"));
	add_who(&out, json_object_get(error, "who"));
	const char *todo = cli_string(error, "what_to_do");
	if (*todo) {
		add_shown(&out, "  ", todo);
	}
	str_addf(&out, "  (%s)", cli_string(error, "code"));
	print_complaint(&out);
	str_release(&out);
}

json_t *
cli_marked(const struct cli *cli, const json_t *document)
{
	/* Shallow, and only read: Jansson's copy takes no const. */
	json_t *marked = json_copy((json_t *)(uintptr_t)document);

	if (cli->door.trial && json_object_set_new(marked, "trial", json_true()) != 0) {
		json_decref(marked);
		return NULL;
	}
	return marked;
}

int
cli_error(struct cli *cli, json_t *error)
{
	int status = door_exit_status(error);
	if (!error) {
		return cli_fail(cli, EXIT_FAILED, "D414", _("Memory is exhausted."), "");
	}
	if (cli->globals.json) {
		json_t *marked = cli_marked(cli, error);
		struct str text = STR_INIT;
		safe_json(&text, marked, JSON_COMPACT);
		print_complaint(&text);
		str_release(&text);
		json_decref(marked);
	} else {
		print_error_text(error);
	}
	json_decref(error);
	return status;
}

static const char *
class_of(enum cli_exit status)
{
	static const char *const classes[] = {
		[EXIT_DONE] = "failed",
		[EXIT_FAILED] = "failed",
		[EXIT_USAGE] = "usage",
		[EXIT_MISSING] = "not-found",
		[EXIT_DENIED] = "denied",
		[EXIT_CHANGED] = "conflict",
		[EXIT_INPUT] = "invalid",
		[EXIT_UNREACHABLE] = "unusable",
		[EXIT_DRAFT_ONLY] = "draft-only",
	};
	return classes[status];
}

int
cli_fail(struct cli *cli, enum cli_exit status, const char *code, const char *text,
	const char *what_to_do)
{
	json_t *error = door_error(code, class_of(status), text, what_to_do);
	if (!error) {
		(void)print_line(stderr, OUT_OF_MEMORY);
		return status;
	}
	(void)cli_error(cli, error);
	return status;
}

static bool
is_recording(const char *method)
{
	return strcmp(method, "incident.report") == 0 || strcmp(method, "incident.act") == 0;
}

int
cli_open(struct cli *cli)
{
	if (cli->opened) {
		return EXIT_DONE;
	}
	json_t *error = NULL;
	int status = cli->host->open(cli->host->ctx, &cli->globals, &cli->door, &error);
	if (status != EXIT_DONE) {
		(void)cli_error(cli, error);
		return status;
	}
	cli->opened = true;
	return cli_sit_down(cli);
}

const char *
cli_event(struct cli *cli)
{
	const char *given = cli_value(cli, "event");
	if (!given && !cli->event[0]) {
		random_id(clock_now(&cli->host->clock), cli->event);
	}
	return given ? given : cli->event;
}

int
cli_call(struct cli *cli, const char *method, json_t *args, json_t **ret_result)
{
	int status = cli_open(cli);
	if (status == EXIT_DONE) {
		json_t *error = NULL;
		cli_sign_wanted(cli, method, args);
		enum err e = cli->door.call(cli->door.ctx, method, args, ret_result, &error);
		if (e != ERR_OK) {
			status = cli_sign(cli, method, args, error);
		}
		if (e != ERR_OK && status == EXIT_DONE) {
			error = NULL;
			e = cli->door.call(cli->door.ctx, method, args, ret_result, &error);
			status = e == ERR_OK ? EXIT_DONE : cli_error(cli, error);
		}
		cli->recorded = cli->recorded || (e == ERR_OK && is_recording(method));
	}
	json_decref(args);
	return status;
}

/* Says why nothing came out; what was recorded before is recorded all the same. */
static int
output_failed(struct cli *cli, int number)
{
	struct str text = STR_INIT;
	str_say(&text, _("The answer could not be written: {why}."),
		&(struct str_arg){ "why", strerror(number) }, 1);
	int status = cli_fail(cli, EXIT_FAILED, "D417", str_text(&text),
		cli->recorded ? _("It is recorded all the same: do not send it again. toban list "
				  "and toban log show it.")
			      : "");
	str_release(&text);
	return status;
}

int
cli_print_json(struct cli *cli, const json_t *document)
{
	json_t *marked = cli_marked(cli, document);
	struct str text = STR_INIT;
	safe_json(&text, marked, JSON_COMPACT);
	str_add_char(&text, '\n');
	int status = cli_print_text(cli, &text);
	str_release(&text);
	json_decref(marked);
	return status;
}

void
cli_mark(const struct cli *cli, const char *before, struct str *out)
{
	if (cli->door.trial) {
		str_addf(out, "%s%s\n", before,
			_("*** TRIAL DESK - anybody could act as anybody: no evidence ***"));
	}
}

int
cli_print_text(struct cli *cli, const struct str *text)
{
	/* Words that found no memory are missing in it, or stand there as their keys. */
	if (text->failed || memory_refusals() > 0) {
		return output_failed(cli, ENOMEM);
	}
	errno = 0;
	if (fwrite(str_text(text), 1, text->len, stdout) != text->len || fflush(stdout) != 0) {
		return output_failed(cli, errno);
	}
	return EXIT_DONE;
}

int
cli_print_made(struct cli *cli, enum err e, const struct str *text)
{
	return e == ERR_OK ? cli_print_text(cli, text) : output_failed(cli, ENOMEM);
}
