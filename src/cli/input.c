/* SPDX-License-Identifier: MIT */
/*
 * Documents from outside: files, standard input, and --set options.
 */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* A report with every field at its limit is below 1 MiB; more is a mistake or an attack. */
#define INPUT_LIMIT (4u * 1024u * 1024u)

static int
read_all(FILE *stream, struct str *out)
{
	char block[16384];
	size_t n;
	while ((n = fread(block, 1, sizeof(block), stream)) > 0) {
		str_add_n(out, block, n);
		if (out->len > INPUT_LIMIT) {
			return EXIT_INPUT;
		}
	}
	return ferror(stream) || out->failed ? EXIT_FAILED : EXIT_DONE;
}

/* The largest number of values in a sentence of this file. */
#define VALUES_MAX 3

/* Names of files and pieces of input are no better than the input: they are made safe first. */
static int
fail_with(struct cli *cli, enum cli_exit status, const char *pattern, const struct str_arg *args,
	size_t n_args)
{
	struct str text = STR_INIT;
	struct str values[VALUES_MAX] = { 0 };
	struct str_arg safe[VALUES_MAX] = { 0 };
	for (size_t i = 0; i < n_args && i < VALUES_MAX; i++) {
		text_show(&values[i], args[i].value, strlen(args[i].value), TEXT_LINE);
		safe[i] = (struct str_arg){ args[i].name, str_text(&values[i]) };
	}
	str_say(&text, pattern, safe, n_args);
	int result = cli_fail(cli, status, "D110", str_text(&text),
		_("Nothing was recorded. Mend the input and send it again."));
	for (size_t i = 0; i < VALUES_MAX; i++) {
		str_release(&values[i]);
	}
	str_release(&text);
	return result;
}

static int
parse(struct cli *cli, const char *path, const struct str *text, json_t **ret_object)
{
	json_error_t why;
	json_t *value = json_loadb(str_text(text), text->len, JSON_REJECT_DUPLICATES, &why);
	if (!value) {
		char place[32];
		(void)snprintf(place, sizeof(place), "%d:%d", why.line, why.column);
		return fail_with(cli, EXIT_INPUT, _("{path} is no JSON: {why} (at {place})."),
			(struct str_arg[]){
				{ "path", path }, { "why", why.text }, { "place", place } },
			3);
	}
	if (!json_is_object(value)) {
		json_decref(value);
		return fail_with(cli, EXIT_INPUT, _("{path} must hold one JSON object {...}."),
			&(struct str_arg){ "path", path }, 1);
	}
	*ret_object = value;
	return EXIT_DONE;
}

/* Reads the stream, which is called `name`, to its end; every fault is printed. */
static int
read_named(struct cli *cli, FILE *stream, const char *name, struct str *text)
{
	int status = read_all(stream, text);
	if (status == EXIT_INPUT) {
		return fail_with(cli, EXIT_INPUT, _("{path} is larger than 4 MiB."),
			&(struct str_arg){ "path", name }, 1);
	}
	return status == EXIT_DONE ? EXIT_DONE
				   : fail_with(cli, EXIT_FAILED, _("{path} cannot be read."),
					     &(struct str_arg){ "path", name }, 1);
}

int
cli_read_input(struct cli *cli, struct str *ret_text)
{
	return read_named(cli, stdin, _("standard input"), ret_text);
}

/* How a file is called in a complaint. */
static const char *
name_of(const char *path)
{
	return strcmp(path, "-") == 0 ? _("standard input") : path;
}

static int
read_path(struct cli *cli, const char *path, struct str *out)
{
	bool piped = strcmp(path, "-") == 0;
	FILE *stream = piped ? stdin : fopen(path, "re");
	const char *name = name_of(path);
	if (!stream) {
		return fail_with(cli, EXIT_MISSING, _("{path} cannot be opened: {why}."),
			(struct str_arg[]){ { "path", name }, { "why", strerror(errno) } }, 2);
	}
	int status = read_named(cli, stream, name, out);
	if (!piped) {
		/* Only read from: nothing can be lost by a failing close. */
		(void)fclose(stream);
	}
	return status;
}

int
cli_read_json(struct cli *cli, const char *path, json_t **ret_object)
{
	struct str text = STR_INIT;
	int status = read_path(cli, path, &text);
	if (status == EXIT_DONE) {
		status = parse(cli, name_of(path), &text, ret_object);
	}
	str_release(&text);
	return status;
}

int
cli_read_text(struct cli *cli, const char *path, json_t **ret_text)
{
	struct str text = STR_INIT;
	int status = read_path(cli, path, &text);
	if (status == EXIT_DONE && !utf8_valid(str_text(&text), text.len)) {
		status = fail_with(cli, EXIT_INPUT,
			_("{path} is no UTF-8; expected a file saved as UTF-8."),
			&(struct str_arg){ "path", name_of(path) }, 1);
	} else if (status == EXIT_DONE) {
		*ret_text = json_stringn(str_text(&text), text.len);
	}
	str_release(&text);
	return status;
}

/* Puts `value` (stolen) at a dotted path, making the objects on the way. */
static bool
put_path(json_t *object, char *path, json_t *value)
{
	char *dot = strchr(path, '.');
	if (!dot) {
		return json_object_set_new(object, path, value) == 0;
	}
	*dot = '\0';
	json_t *inner = json_object_get(object, path);
	if (!json_is_object(inner)) {
		inner = json_object();
		if (json_object_set_new(object, path, inner) != 0) {
			json_decref(value);
			return false;
		}
	}
	return put_path(inner, dot + 1, value);
}

static int
read_set(struct cli *cli, const char *text, json_t *object)
{
	const char *equals = strchr(text, '=');
	if (!equals || equals == text) {
		return fail_with(cli, EXIT_USAGE, _("--set needs KEY=VALUE, not {text}."),
			&(struct str_arg){ "text", text }, 1);
	}
	bool json = equals[-1] == ':';
	json_t *value =
		json ? json_loads(equals + 1, JSON_DECODE_ANY, NULL) : json_string(equals + 1);
	if (!value) {
		return fail_with(cli, EXIT_INPUT,
			json ? _("The value in {text} is no JSON.")
			     : _("The value in {text} is no UTF-8."),
			&(struct str_arg){ "text", text }, 1);
	}
	char *path = strndup(text, (size_t)(equals - text) - (json ? 1 : 0));
	bool done = path && put_path(object, path, value);
	free(path);
	return done ? EXIT_DONE
		    : fail_with(cli, EXIT_INPUT, _("{text} cannot be taken in."),
			      &(struct str_arg){ "text", text }, 1);
}

int
cli_read_sets(struct cli *cli, json_t *object)
{
	for (size_t i = 0; i < cli->n_given; i++) {
		if (strcmp(cli->given[i].name, "set") == 0) {
			int status = read_set(cli, cli->given[i].value, object);
			if (status != EXIT_DONE) {
				return status;
			}
		}
	}
	return EXIT_DONE;
}
