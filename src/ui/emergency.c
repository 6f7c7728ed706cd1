/* SPDX-License-Identifier: MIT */
/*
 * The emergency file.  Its folder may be one that everybody writes in: names are
 * never followed through links, and only one's own private files are read.
 */
#include "emergency.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "doc.h"
#include "toban/base/fd.h"
#include "toban/base/i18n.h"

#define PREFIX "toban-unsent-"
#define SUFFIX ".txt"
/* What follows is for the program; never translated. */
#define MACHINE "---- for toban, leave as it is ----\n"

/* A paste of 1 MiB stands in it twice, once with every quote and newline escaped. */
enum { FILE_MOST = 4 * 1024 * 1024 };

static void
add_readable(struct app *app, const json_t *draft, struct str *out)
{
	json_t *fields = json_object_get(draft, "fields");
	const char *key;
	json_t *value;

	str_add(out,
		_("This text could not be saved in the desk. The next start of toban by the "
		  "same account takes it over as a draft and removes this file."));
	str_add(out, "\n");
	book_time_full(&app->book, book_now(&app->book), out);
	str_addf(out, "  %s  %s %s\n\n", book_person(&app->book, book_me(&app->book)),
		doc_text(draft, "form"), doc_text(draft, "subject"));
	json_object_foreach(fields, key, value)
	{
		if (json_is_string(value)) {
			str_addf(out, "%s:\n%s\n\n", key, json_string_value(value));
		}
	}
}

/* Which desk the text was meant for: another one may know a person of the same name. */
static const char *
this_desk(const struct app *app)
{
	return doc_text(app->book.desk, "founded");
}

static bool
fill(struct app *app, const json_t *draft, struct str *out)
{
	json_t *machine = json_pack("{s:s, s:s, s:O}", "desk", this_desk(app), "person",
		book_me(&app->book), "draft", draft);
	char *text = machine ? json_dumps(machine, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	add_readable(app, draft, out);
	str_add(out, MACHINE);
	str_addf(out, "%s\n", text ? text : "");
	json_decref(machine);
	free(text);
	return text && !out->failed;
}

/* Complete under another name first: the older text stays until the newer one is whole. */
static bool
put_file(const char *path, const struct str *text)
{
	struct str fresh = STR_INIT;
	bool written = false;
	int fd;

	str_addf(&fresh, "%s.new", path);
	(void)unlink(str_text(&fresh)); /* left by a write that failed */
	fd = open(str_text(&fresh), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		written = fd_write_all(fd, str_text(text), text->len) == ERR_OK && fsync(fd) == 0;
		written = close(fd) == 0 && written;
		written = written && rename(str_text(&fresh), path) == 0;
		if (!written) {
			(void)unlink(str_text(&fresh)); /* half a text helps nobody */
		}
	}
	str_release(&fresh);
	return written;
}

bool
emergency_write(struct app *app, const char *name, const json_t *draft, struct str *path)
{
	const char *dir = app->options->emergency_dir;
	struct str text = STR_INIT;
	bool written;

	if (!dir || !dir[0]) {
		return false;
	}
	if (path->len == 0) {
		str_addf(path, "%s/" PREFIX "%s" SUFFIX, dir, name);
	}
	written = fill(app, draft, &text) && put_file(str_text(path), &text);
	str_release(&text);
	return written;
}

void
emergency_remove(struct str *path)
{
	if (path->len > 0) {
		(void)unlink(str_text(path)); /* one left over is offered as a draft again */
		str_clear(path);
	}
}

/* --- at the next start ------------------------------------------------------------------ */

/* The text of a private file of this account; NULL: it is none, or too large. */
static char *
read_own(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	char *text = NULL;
	size_t len = 0;

	if (fd < 0) {
		return NULL;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		(st.st_mode & 077) == 0 && st.st_size > 0 && st.st_size <= FILE_MOST) {
		text = calloc(1, (size_t)st.st_size + 1);
		if (text && fd_read_all(fd, text, (size_t)st.st_size, &len) != ERR_OK) {
			free(text);
			text = NULL;
		}
	}
	(void)close(fd); /* only read */
	return text;
}

static json_t *
parse(const char *text)
{
	const char *last = NULL;

	/* What was typed may hold the same line; the last one is ours. */
	for (const char *at = strstr(text, MACHINE); at; at = strstr(at + 1, MACHINE)) {
		last = at;
	}
	return last ? json_loads(last + strlen(MACHINE), JSON_REJECT_DUPLICATES, NULL) : NULL;
}

/* The draft it belonged to gets it, unless that one went on elsewhere meanwhile. */
static bool
still_same(struct app *app, const json_t *draft)
{
	const char *known = doc_text(draft, "draft");
	json_t *saved = NULL;
	json_t *error = NULL;
	bool same = false;

	if (known[0] &&
		app_try(app, "draft.load", json_pack("{s:s}", "draft", known), &saved, &error) ==
			ERR_OK) {
		same = doc_time(saved, "saved_at") == doc_time(draft, "saved_at");
	}
	json_decref(saved);
	json_decref(error);
	return same;
}

/* Where it is; what the desk will never take is no fault to mend. */
static void
say_not_taken(struct app *app, const char *name, const json_t *error)
{
	struct str path = STR_INIT;
	bool too_large = strcmp(doc_text(error, "code"), "D104") == 0;
	struct str_arg args[] = { { "path", NULL }, { "why", doc_text(error, "text") } };

	str_addf(&path, "%s/%s", app->options->emergency_dir, name);
	args[0].value = str_text(&path);
	app_say_with(app, too_large ? SAY_INFO : SAY_ERROR,
		too_large ? _("What could not be saved last time is too large for a draft. It is "
			      "in {path}.")
			  : _("What could not be saved last time is still in {path}. {why}"),
		args, ARRAY_LEN(args));
	str_release(&path);
}

/* True when the desk has it now; else why not. */
static bool
take_over(struct app *app, json_t *draft, json_t **ret_error)
{
	json_t *args = json_deep_copy(draft);
	json_t *result = NULL;
	bool taken;

	if (!still_same(app, draft)) {
		(void)json_object_del(args, "draft");
	}
	(void)json_object_del(args, "saved_at");
	(void)json_object_del(args, "expect");
	taken = app_try(app, "draft.save", args, &result, ret_error) == ERR_OK;
	if (taken) {
		app_say_with(app, SAY_DONE,
			_("What could not be saved last time is now your draft {draft}."),
			&(struct str_arg){ "draft", doc_text(result, "draft") }, 1);
	}
	json_decref(result);
	return taken;
}

static bool
is_ours(const char *name)
{
	size_t len = strlen(name);

	return strncmp(name, PREFIX, strlen(PREFIX)) == 0 && len > strlen(SUFFIX) &&
		strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static bool
is_for(const struct app *app, const json_t *doc)
{
	return strcmp(doc_text(doc, "desk"), this_desk(app)) == 0 &&
		strcmp(doc_text(doc, "person"), book_me(&app->book)) == 0;
}

/* Takes over one file, or keeps in `left` that it stays, and why; *ret_taken: it did. */
static bool
import_file(struct app *app, int dir, const char *name, json_t *left, bool *ret_taken)
{
	char *text = is_ours(name) ? read_own(dir, name) : NULL;
	json_t *doc = text ? parse(text) : NULL;
	json_t *draft = json_object_get(doc, "draft");
	bool ours = json_is_object(draft) && is_for(app, doc);
	json_t *error = NULL;

	if (ours && take_over(app, draft, &error)) {
		(void)unlinkat(dir, name, 0); /* else offered again */
		*ret_taken = true;
	} else if (ours) {
		/* Without memory for it the file is offered again at the next start. */
		(void)json_object_set(left, name, error ? error : json_null());
	}
	json_decref(error);
	json_decref(doc);
	free(text);
	return ours;
}

bool
emergency_import(struct app *app)
{
	const char *path = app->options->emergency_dir;
	DIR *dir = path && path[0] ? opendir(path) : NULL;
	const struct dirent *entry;
	json_t *left = json_object();
	void *first;
	bool said = false;
	bool taken = false;

	while (dir && (entry = readdir(dir)) != NULL) {
		said = import_file(app, dirfd(dir), entry->d_name, left, &taken) || said;
	}
	if (dir) {
		(void)closedir(dir); /* only read */
	}
	/* Behind what was taken: of that the list tells, of this nothing else does. */
	first = json_object_iter(left);
	if (first) {
		say_not_taken(app, json_object_iter_key(first), json_object_iter_value(first));
	}
	json_decref(left);
	if (taken) {
		app_changed(app);
	}
	return said;
}
