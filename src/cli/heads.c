/* SPDX-License-Identifier: MIT */
/*
 * Reading kept ends: see heads.h.
 */
#include "heads.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/str.h"

#define SIZE_MOST (64 * 1024 * 1024) /* a witness file of some years */

static int
fail_file(struct cli *cli, const char *path)
{
	struct str text = STR_INIT;
	str_say(&text, _("The file {path} cannot be read."), &(struct str_arg){ "path", path }, 1);
	int status = cli_fail(cli, EXIT_MISSING, "D107", str_text(&text), "");
	str_release(&text);
	return status;
}

static bool
read_whole(FILE *stream, struct str *out)
{
	char part[65536];
	size_t n;
	while (out->len <= SIZE_MOST && (n = fread(part, 1, sizeof(part), stream)) > 0) {
		str_add_n(out, part, n);
	}
	return !ferror(stream) && !out->failed && out->len <= SIZE_MOST;
}

static int
read_file(struct cli *cli, const char *path, struct str *out)
{
	bool input = strcmp(path, "-") == 0;
	FILE *stream = input ? stdin : fopen(path, "re");
	bool good = stream && read_whole(stream, out);
	if (stream && !input) {
		(void)fclose(stream); /* only read */
	}
	return good ? EXIT_DONE : fail_file(cli, path);
}

/* What of a document is an end: itself, or what a message carries; NULL: nothing. */
static json_t *
end_of(json_t *document)
{
	json_t *carried = json_object_get(json_object_get(document, "data"), "head");
	json_t *end = carried ? carried : document;
	return json_is_integer(json_object_get(end, "seq")) &&
			json_is_string(json_object_get(end, "row_hash"))
		? end
		: NULL;
}

/* The first end in a line, whatever stands around it. */
static void
add_line(const char *line, size_t len, json_t *heads)
{
	for (const char *at = memchr(line, '{', len); at;) {
		size_t left = len - (size_t)(at - line);
		json_t *document = json_loadb(at, left, JSON_DISABLE_EOF_CHECK, NULL);
		json_t *end = end_of(document);
		if (end) {
			json_array_append(heads, end);
		}
		json_decref(document);
		at = end ? NULL : memchr(at + 1, '{', left - 1);
	}
}

static void
add_lines(const struct str *text, json_t *heads)
{
	const char *at = str_text(text);
	const char *end = at + text->len;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);
		add_line(at, len, heads);
		at += len + (newline != NULL);
	}
}

int
heads_file(struct cli *cli, const char *path, json_t **ret_heads)
{
	struct str text = STR_INIT;
	int status = read_file(cli, path, &text);
	json_t *heads = json_array();
	if (status == EXIT_DONE) {
		json_t *one = json_loadb(str_text(&text), text.len, 0, NULL);
		if (end_of(one)) {
			json_array_append(heads, end_of(one));
		} else {
			add_lines(&text, heads);
		}
		json_decref(one);
	}
	str_release(&text);
	if (status == EXIT_DONE && json_array_size(heads) == 0) {
		status = cli_fail(cli, EXIT_INPUT, "D102",
			_("There is no end of a ledger in this file."),
			_("An end is a JSON object with seq and row_hash: 'toban head --json' "
			  "prints one."));
	}
	if (status != EXIT_DONE) {
		json_decref(heads);
		return status;
	}
	*ret_heads = heads;
	return EXIT_DONE;
}

int
keys_given(struct cli *cli, const char *key, json_t **ret_keys)
{
	struct str text = STR_INIT;
	json_t *keys = json_array();
	int status = EXIT_DONE;
	if (strncmp(key, "ssh-", 4) == 0) {
		str_add(&text, key);
	} else {
		status = read_file(cli, key, &text);
	}
	for (const char *at = str_text(&text); *at;) {
		size_t len = strcspn(at, "\n");
		if (len > 0 && *at != '#') {
			json_array_append_new(keys, json_stringn(at, len));
		}
		at += len + (at[len] != '\0');
	}
	str_release(&text);
	if (status == EXIT_DONE && json_array_size(keys) == 0) {
		status = cli_fail(
			cli, EXIT_INPUT, "D102", _("There is no public key in this file."), "");
	}
	if (status != EXIT_DONE) {
		json_decref(keys);
		return status;
	}
	*ret_keys = keys;
	return EXIT_DONE;
}
