/* SPDX-License-Identifier: MIT */
/*
 * Reading kept ends: see heads.h.
 */
#include "heads.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "toban/base/i18n.h"
#include "toban/base/str.h"

#define SIZE_MOST (64L * 1024 * 1024) /* a witness file of some years */
#define LINE_MOST ((size_t)64 * 1024) /* no message that carries an end is as long */
#define TRIES_MOST 16                 /* beginnings of a document that are tried in a line */
#define SIGN "\"row_hash"              /* what only a line about an end has */

static int
fail_file(struct cli *cli, const char *path)
{
	struct str text = STR_INIT;
	str_say(&text, _("The file {path} cannot be read."), &(struct str_arg){ "path", path }, 1);
	int status = cli_fail(cli, EXIT_MISSING, "D107", str_text(&text), "");
	str_release(&text);
	return status;
}

/* A file that is too long is refused before it is read; standard input where it becomes so. */
static FILE *
open_file(const char *path)
{
	bool input = strcmp(path, "-") == 0;
	FILE *stream = input ? stdin : fopen(path, "re");
	struct stat st;
	if (stream && !input && (fstat(fileno(stream), &st) != 0 || st.st_size > SIZE_MOST)) {
		(void)fclose(stream); /* only read */
		return NULL;
	}
	return stream;
}

static void
close_file(FILE *stream)
{
	if (stream && stream != stdin) {
		(void)fclose(stream); /* only read */
	}
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

static bool
speaks(const char *from, const char *to)
{
	return memmem(from, (size_t)(to - from), SIGN, strlen(SIGN)) != NULL;
}

/* The ends in a line, whatever stands around them. */
static void
add_line(const char *line, size_t len, struct kept_ends *ends)
{
	const char *at = memchr(line, '{', len);
	const char *rest = line; /* behind the last end */
	bool unread = false;
	for (int tries = 0; at && tries < TRIES_MOST;) {
		json_error_t where = { .position = 1 };
		size_t left = len - (size_t)(at - line);
		json_t *document = json_loadb(at, left, JSON_DISABLE_EOF_CHECK, &where);
		json_t *end = end_of(document);
		/* Behind what was read, or behind the brace that began nothing. */
		size_t past = document && where.position > 0 ? (size_t)where.position : 1;
		if (end) {
			json_array_append(ends->heads, end);
			unread = unread || speaks(rest, at);
			rest = at + past;
		}
		tries += !end;
		json_decref(document);
		at = past >= left ? NULL : memchr(at + past, '{', left - past);
	}
	ends->unread += unread || speaks(rest, line + len);
}

/* The file as it comes, line by line; false when it cannot be read to its end. */
static bool
add_lines(FILE *stream, struct str *line, struct kept_ends *ends)
{
	long total = 0;
	int c;
	while (total <= SIZE_MOST && (c = getc_unlocked(stream)) != EOF) {
		total++;
		if (c != '\n' && line->len <= LINE_MOST) {
			str_add_char(line, (char)c);
		} else if (c == '\n') {
			add_line(str_text(line), line->len, ends);
			str_clear(line);
		}
	}
	add_line(str_text(line), line->len, ends);
	return !ferror(stream) && !line->failed && total <= SIZE_MOST;
}

/* A document that stands on several lines is short: another one is a file of lines. */
static bool
add_document(FILE *stream, struct str *text, json_t *heads)
{
	char part[4096];
	size_t n = 1;
	while (n > 0 && text->len <= LINE_MOST) {
		n = fread(part, 1, sizeof(part), stream);
		str_add_n(text, part, n);
	}
	json_t *one = n == 0 ? json_loadb(str_text(text), text->len, 0, NULL) : NULL;
	bool is = end_of(one) != NULL;
	if (is) {
		json_array_append(heads, end_of(one));
	}
	json_decref(one);
	return is;
}

/* What was read to look for a document is the beginning of the lines. */
static bool
read_ends(FILE *stream, struct kept_ends *ends)
{
	struct str text = STR_INIT;
	struct str line = STR_INIT;
	bool good = add_document(stream, &text, ends->heads);
	const char *at = str_text(&text);
	const char *end = at + text.len;
	const char *newline = good ? NULL : memchr(at, '\n', text.len);
	for (; newline; newline = memchr(at, '\n', (size_t)(end - at))) {
		add_line(at, (size_t)(newline - at), ends);
		at = newline + 1;
	}
	if (!good) {
		str_add_n(&line, at, (size_t)(end - at));
		good = !text.failed && add_lines(stream, &line, ends);
	}
	str_release(&line);
	str_release(&text);
	return good;
}

int
heads_file(struct cli *cli, const char *path, struct kept_ends *ret_ends)
{
	FILE *stream = open_file(path);
	struct kept_ends ends = { .heads = json_array() };
	int status = stream && ends.heads && read_ends(stream, &ends) ? EXIT_DONE
								      : fail_file(cli, path);
	close_file(stream);
	if (status == EXIT_DONE && json_array_size(ends.heads) == 0) {
		status = cli_fail(cli, EXIT_INPUT, "D102",
			_("There is no end of a ledger in this file."),
			_("An end is a JSON object with seq and row_hash: 'toban head --json' "
			  "prints one."));
	}
	if (status != EXIT_DONE) {
		json_decref(ends.heads);
		return status;
	}
	*ret_ends = ends;
	return EXIT_DONE;
}

/* A file of keys is short. */
static int
read_file(struct cli *cli, const char *path, struct str *out)
{
	FILE *stream = open_file(path);
	char part[4096];
	size_t n;
	while (stream && out->len <= LINE_MOST && (n = fread(part, 1, sizeof(part), stream)) > 0) {
		str_add_n(out, part, n);
	}
	bool good = stream && !ferror(stream) && !out->failed && out->len <= LINE_MOST;
	close_file(stream);
	return good ? EXIT_DONE : fail_file(cli, path);
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
