/* SPDX-License-Identifier: MIT */
/*
 * Attached files: putting them in, and the command that lists, hands out, measures
 * and tells who had them.
 */
#include "evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "labels.h"
#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "verb.h"
#include "view.h"

enum { CHUNK = 64 * 1024, HASH_SHOWN = 16 };

/* --- work that takes several calls -------------------------------------------------- */

/* Says on a terminal how far it is; `result` is the last answer. */
static void
show_progress(struct cli *cli, const char *what, const json_t *result)
{
	json_int_t size = json_integer_value(json_object_get(result, "size"));
	json_int_t done = json_integer_value(json_object_get(result, "done"));
	struct str line = STR_INIT;

	if (cli->globals.json || !isatty(STDERR_FILENO)) {
		return;
	}
	if (json_object_get(result, "continue") && size > 0) {
		str_add_char(&line, '\r');
		text_show(&line, what, strlen(what), TEXT_LINE);
		str_addf(&line, " %3d %%", (int)(done * 100 / size));
	} else {
		str_add(&line, "\r\033[K"); /* it is over: the row is free again */
	}
	(void)fd_write_all(STDERR_FILENO, str_text(&line), line.len); /* chatter */
	str_release(&line);
}

int
cli_go_on(struct cli *cli, const char *method, const char *what, json_t **result)
{
	bool shown = json_object_get(*result, "continue") != NULL;
	int status = EXIT_DONE;

	while (status == EXIT_DONE && json_object_get(*result, "continue")) {
		json_t *args = json_pack("{s:s}", "continue", cli_string(*result, "continue"));
		show_progress(cli, what, *result);
		json_decref(*result);
		*result = NULL;
		status = cli_call(cli, method, args, result);
	}
	if (shown) {
		show_progress(cli, what, NULL);
	}
	return status;
}

/* --- putting in ----------------------------------------------------------------------- */

static int
put_file(struct cli *cli, const char *field, json_t *fields)
{
	const char *path = cli_string(fields, field);
	json_t *result = NULL;
	json_t *error = NULL;
	int status = EXIT_DONE;

	if (!*path) {
		return EXIT_DONE; /* the form says whether there must be one */
	}
	if (door_put(&cli->door, field, path, &result, &error) != ERR_OK) {
		return cli_error(cli, error);
	}
	status = cli_go_on(cli, "evidence.put", path, &result);
	if (status == EXIT_DONE) {
		json_object_set_new(fields, field, result);
	}
	return status;
}

/* Looks at the form only when a value may be a path: most steps need no such question. */
static bool
may_name_file(const json_t *fields)
{
	const char *key;
	json_t *value;

	/* jansson's iteration wants a mutable object but changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)fields, key, value)
	{
		const char *text = json_string_value(value);

		if (text && *text &&
			(strcmp(key, "file") == 0 || strchr(text, '/') ||
				access(text, F_OK) == 0)) {
			return true;
		}
	}
	return false;
}

int
cli_put_files(struct cli *cli, const char *step, json_t *fields)
{
	json_t *form;
	size_t i;
	json_t *field;
	int status = may_name_file(fields) ? cli_open(cli) : EXIT_DONE;

	if (status != EXIT_DONE || !may_name_file(fields)) {
		return status;
	}
	form = cli_step_form(cli, step);
	json_array_foreach(json_object_get(form, "fields"), i, field)
	{
		if (status == EXIT_DONE && strcmp(cli_string(field, "type"), "file") == 0) {
			status = put_file(cli, cli_string(field, "key"), fields);
		}
	}
	json_decref(form);
	return status;
}

/* --- views ------------------------------------------------------------------------------ */

static void
add_text(struct str *out, const char *text)
{
	text_show(out, text, strlen(text), TEXT_LINE);
}

static void
add_file(struct str *out, const json_t *file)
{
	const char *id = cli_string(file, "id");

	if (*id) {
		add_text(out, id);
		str_add(out, "  ");
	}
	str_addf(out, "%5lld  ", (long long)json_integer_value(json_object_get(file, "seq")));
	add_text(out, cli_string(file, "name"));
	str_addf(out, "  %lld B  sha256 %.*s..",
		(long long)json_integer_value(json_object_get(file, "size")), HASH_SHOWN,
		cli_string(file, "sha256"));
}

static void
add_who(struct str *out, const json_t *entry)
{
	str_add(out, "  ");
	view_time(out, cli_string(entry, "at"));
	str_add(out, "  ");
	add_text(out, cli_string(entry, "by"));
}

static void
view_files(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *file;

	(void)cli;
	json_array_foreach(json_object_get(result, "files"), i, file)
	{
		add_file(out, file);
		add_who(out, file);
		if (json_is_true(json_object_get(file, "damaged"))) {
			str_addf(out, "  %s", _("DAMAGED"));
		}
		str_add_char(out, '\n');
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("No evidence has been attached yet."));
	}
}

static void
view_custody(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *file;

	json_array_foreach(json_object_get(result, "files"), i, file)
	{
		size_t k;
		json_t *entry;

		add_file(out, file);
		str_addf(out, "\n       %s", cli_kind(cli, "evidence"));
		add_who(out, file);
		str_add_char(out, '\n');
		json_array_foreach(json_object_get(file, "custody"), k, entry)
		{
			str_addf(out, "       %s", cli_kind(cli, cli_string(entry, "kind")));
			add_who(out, entry);
			str_add_char(out, '\n');
		}
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("No evidence has been attached yet."));
	}
}

static const char *
state_words(const char *state)
{
	return strcmp(state, "whole") == 0      ? _("whole")
		: strcmp(state, "damaged") == 0 ? _("DAMAGED")
						: _("missing");
}

static void
view_checked(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *file;

	(void)cli;
	json_array_foreach(json_object_get(result, "checked"), i, file)
	{
		add_file(out, file);
		str_addf(out, "  %s\n", state_words(cli_string(file, "state")));
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("No evidence has been attached yet."));
	}
}

static void
view_saved(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	view_line(out, _("Saved"), cli_string(result, "path"));
	view_line(out, _("Name"), cli_string(result, "name"));
	view_line(out, "sha256", cli_string(result, "sha256"));
}

/* --- reading what there is ---------------------------------------------------------------- */

/* The number of an entry; 0 when it is none, which the desk refuses by name. */
static json_int_t
number_of(const char *text)
{
	char *end = NULL;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	return *text && !*end && errno == 0 && number > 0 ? number : 0;
}

/* The files of one case, of one entry alone if `seq` is given; {"id","files"}. */
static int
read_case(struct cli *cli, const char *id, const char *seq, json_t **ret_result)
{
	json_t *show = NULL;
	json_t *files = json_array();
	size_t i;
	json_t *file;
	int status = cli_call(cli, "incident.show", json_pack("{s:s}", "id", id), &show);

	json_array_foreach(json_object_get(show, "evidence"), i, file)
	{
		if (!seq || json_integer_value(json_object_get(file, "seq")) == number_of(seq)) {
			json_array_append(files, file);
		}
	}
	json_decref(show);
	if (status == EXIT_DONE && seq && json_array_size(files) == 0) {
		status = cli_fail(cli, EXIT_MISSING, "D107",
			_("This case has no attached file of that entry."),
			_("toban evidence list ID shows the numbers of the entries."));
	}
	if (status != EXIT_DONE) {
		json_decref(files);
		return status;
	}
	*ret_result = json_pack("{s:s, s:o}", "id", id, "files", files);
	return EXIT_DONE;
}

/* Those of all cases that may be seen, page by page; {"files"}. */
static int
read_all(struct cli *cli, json_t **ret_result)
{
	json_t *files = json_array();
	json_t *after = json_null();
	int status = EXIT_DONE;

	do {
		json_t *page = NULL;

		status = cli_call(cli, "evidence.list", json_pack("{s:o}", "after", after), &page);
		json_array_extend(files, json_object_get(page, "files"));
		after = json_incref(json_object_get(page, "next"));
		json_decref(page);
	} while (status == EXIT_DONE && json_is_string(after));
	json_decref(after);
	if (status != EXIT_DONE) {
		json_decref(files);
		return status;
	}
	*ret_result = json_pack("{s:o}", "files", files);
	return EXIT_DONE;
}

static int
read_files(struct cli *cli, json_t **ret_result)
{
	return cli->n_words > 1
		? read_case(cli, cli->words[1], cli->n_words > 2 ? cli->words[2] : NULL, ret_result)
		: read_all(cli, ret_result);
}

int
cli_evidence_files(struct cli *cli, const char *id, json_t **ret_result)
{
	return id ? read_case(cli, id, NULL, ret_result) : read_all(cli, ret_result);
}

static int
run_list(struct cli *cli)
{
	json_t *result = NULL;
	int status = read_files(cli, &result);

	return status == EXIT_DONE ? view_answer(cli, result, view_files) : status;
}

static int
run_custody(struct cli *cli)
{
	json_t *result = NULL;
	int status = read_files(cli, &result);

	return status == EXIT_DONE ? view_answer(cli, result, view_custody) : status;
}

/* --- measuring --------------------------------------------------------------------------- */

static int
check_one(struct cli *cli, const char *id, const json_t *file, json_t *checked)
{
	json_t *result = NULL;
	int status = cli_call(cli, "evidence.check",
		json_pack("{s:s, s:O}", "id", id, "seq", json_object_get(file, "seq")), &result);

	if (status == EXIT_DONE) {
		status = cli_go_on(cli, "evidence.check", cli_string(file, "name"), &result);
	}
	if (status == EXIT_DONE) {
		json_array_append_new(checked, result);
	}
	return status;
}

static int
run_check(struct cli *cli)
{
	json_t *found = NULL;
	json_t *checked = json_array();
	bool ok = true;
	size_t i;
	json_t *file;
	int status = read_files(cli, &found);

	json_array_foreach(json_object_get(found, "files"), i, file)
	{
		const char *id = cli_string(file, "id");

		if (status == EXIT_DONE) {
			status = check_one(cli, *id ? id : cli->words[1], file, checked);
			ok = ok &&
				json_is_true(json_object_get(
					json_array_get(checked, json_array_size(checked) - 1),
					"ok"));
		}
	}
	json_decref(found);
	if (status != EXIT_DONE) {
		json_decref(checked);
		return status;
	}
	status = view_answer(
		cli, json_pack("{s:b, s:o}", "ok", ok, "checked", checked), view_checked);
	return status == EXIT_DONE && !ok ? EXIT_FAILED : status;
}

/* --- handing out ------------------------------------------------------------------------------ */

/* Where a copy goes; the file is made before anything is asked for, and whole or not there. */
struct copy {
	const char *path; /* NULL: standard output */
	char *temporary;  /* with --force: what takes the place of `path`; NULL */
	int fd;
};

static int
fail_target(struct cli *cli, const char *path, int number)
{
	struct str text = STR_INIT;
	int status;

	if (number == EEXIST) {
		str_say(&text, _("{path} is there already."), &(struct str_arg){ "path", path }, 1);
		status = cli_fail(cli, EXIT_FAILED, "D422", str_text(&text),
			_("Nothing was overwritten. Choose another name, or say --force."));
	} else {
		str_say(&text, _("{path} cannot be written: {why}."),
			(struct str_arg[]){ { "path", path }, { "why", strerror(number) } }, 2);
		status = cli_fail(cli, EXIT_FAILED, "D415", str_text(&text),
			_("The record itself is unchanged. Choose another place and try again."));
	}
	str_release(&text);
	return status;
}

static int
open_copy(struct cli *cli, struct copy *copy)
{
	const char *out = cli_value(cli, "out");
	bool force = cli_flag(cli, "force");
	struct str name = STR_INIT;

	*copy = (struct copy){ .path = NULL, .fd = STDOUT_FILENO };
	if (!out || !*out) {
		return cli_fail(cli, EXIT_USAGE, "D111", _("Where to is not said: --out FILE."),
			_("--out - is standard output."));
	}
	if (strcmp(out, "-") == 0) {
		return force || !isatty(STDOUT_FILENO)
			? EXIT_DONE
			: cli_fail(cli, EXIT_USAGE, "D111",
				  _("What a file holds may command a terminal: it is not written "
				    "to one."),
				  _("Name a file, or say --force."));
	}
	copy->path = out;
	if (force) {
		str_addf(&name, "%s.XXXXXX", out);
		copy->temporary = str_detach(&name);
		copy->fd = copy->temporary ? mkostemp(copy->temporary, O_CLOEXEC) : -1;
	} else {
		copy->fd = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	}
	return copy->fd >= 0 ? EXIT_DONE : fail_target(cli, out, errno);
}

/* Gives the copy its place, or takes away what there is of it. */
static int
close_copy(struct cli *cli, struct copy *copy, int status)
{
	const char *made = copy->temporary ? copy->temporary : copy->path;

	if (copy->path && copy->fd >= 0) {
		bool whole = status == EXIT_DONE && fsync(copy->fd) == 0;

		whole = close(copy->fd) == 0 && whole;
		whole = whole && (!copy->temporary || rename(copy->temporary, copy->path) == 0);
		if (!whole) {
			int number = errno;

			(void)unlink(made); /* half a file is worse than none */
			status =
				status == EXIT_DONE ? fail_target(cli, copy->path, number) : status;
		}
	}
	free(copy->temporary);
	return status;
}

/* All of it, hashed on the way: the copy is what was attached, or there is none. */
static enum err
pump(int from, int to, struct hash *ret_hash)
{
	struct hash_stream *stream = hash_stream_new();
	char *chunk = malloc(CHUNK);
	size_t len = CHUNK;
	enum err e = stream && chunk ? ERR_OK : ERR_NOMEM;

	while (!e && len == CHUNK) {
		e = fd_read_all(from, chunk, CHUNK, &len);
		if (!e) {
			hash_stream_add(stream, chunk, len);
			e = fd_write_all(to, chunk, len);
		}
	}
	if (!e) {
		hash_stream_finish(stream, ret_hash);
	}
	free(chunk);
	hash_stream_free(stream);
	return e;
}

static int
fill_copy(struct cli *cli, const struct copy *copy, json_t *result)
{
	int fd = (int)json_integer_value(json_object_get(result, "fd"));
	char hex[HASH_HEX_SIZE];
	struct hash hash;
	enum err e = pump(fd, copy->fd, &hash);

	(void)close(fd); /* only read from */
	if (e) {
		return fail_target(
			cli, copy->path ? copy->path : _("standard output"), errno ? errno : EIO);
	}
	hash_hex(&hash, hex);
	return strcmp(hex, cli_string(result, "sha256")) == 0
		? EXIT_DONE
		: cli_fail(cli, EXIT_FAILED, "D372",
			  _("The kept file is not what was attached: its SHA-256 is another."),
			  _("No copy was kept. Tell your administrator."));
}

static int
ask_copy(struct cli *cli, const struct copy *copy, json_t **ret_result)
{
	json_t *args = json_pack("{s:s, s:I, s:b}", "id", cli->words[1], "seq",
		number_of(cli->words[2]), "export", copy->path != NULL);
	int status = cli_call(cli, "evidence.open", args, ret_result);

	return status == EXIT_DONE ? cli_go_on(cli, "evidence.open", cli->words[2], ret_result)
				   : status;
}

static int
run_get(struct cli *cli)
{
	struct copy copy;
	json_t *result = NULL;
	int status = cli_open(cli);

	if (status != EXIT_DONE) {
		return status;
	}
	status = open_copy(cli, &copy);
	if (status == EXIT_DONE) {
		status = ask_copy(cli, &copy, &result);
	}
	if (status == EXIT_DONE) {
		status = fill_copy(cli, &copy, result);
	}
	status = close_copy(cli, &copy, status);
	if (status != EXIT_DONE || !copy.path) {
		json_decref(result);
		return status;
	}
	json_object_del(result, "fd");
	json_object_set_new(result, "path", json_string(copy.path));
	return view_answer(cli, result, view_saved);
}

/* --- the command -------------------------------------------------------------------------- */

static int
run_evidence(struct cli *cli)
{
	static const struct cli_verb verbs[] = {
		{ "list", 0, 1, run_list },
		{ "get", 2, 2, run_get },
		{ "check", 0, 2, run_check },
		{ "custody", 1, 2, run_custody },
	};

	return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), 0);
}

static const struct cli_option evidence_options[] = {
	{ "out", "FILE", N_("where a copy goes; - is standard output") },
	{ "force", NULL, N_("overwrite what is there; write to a terminal") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_evidence_commands[] = {
	{ "evidence",
		"evidence list [ID] | get ID ENTRY --out FILE|- [--force] | check [ID [ENTRY]] | "
		"custody ID [ENTRY]",
		N_("attached files: copies, whether they are whole, who had them"),
		"toban evidence get 26-0001 17 --out headers.txt", evidence_options, 1, 3,
		run_evidence },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
