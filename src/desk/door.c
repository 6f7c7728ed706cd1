/* SPDX-License-Identifier: MIT */
/*
 * What both sides of the door share: the shape of an error document and what
 * its class means, and how a file is handed through it.
 */
#include "toban/desk/door.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/str.h"
#include "toban/base/text.h"

#define NAME_MOST 255 /* bytes of a name, as evidence.put takes it */

struct error_class {
	const char *word;
	int exit_status; /* README, "Commands" */
	enum err err;
};

static const struct error_class classes[] = {
	{ "failed", 1, ERR_IO },
	{ "usage", 2, ERR_INVALID },
	{ "not-found", 3, ERR_NOT_FOUND },
	{ "denied", 4, ERR_DENIED },
	{ "conflict", 5, ERR_CONFLICT },
	{ "invalid", 6, ERR_INVALID },
	{ "unusable", 7, ERR_BUSY },
};

static const struct error_class *
class_of(const json_t *error)
{
	const char *word = json_string_value(json_object_get(error, "class"));

	for (size_t i = 0; word && i < ARRAY_LEN(classes); i++) {
		if (strcmp(classes[i].word, word) == 0) {
			return &classes[i];
		}
	}
	return &classes[0];
}

int
door_exit_status(const json_t *error)
{
	return class_of(error)->exit_status;
}

enum err
door_err(const json_t *error)
{
	return class_of(error)->err;
}

void
door_wipe(const json_t *document)
{
	static const char *const secret[] = { "pin", "old", "passphrase", "secret" };

	for (size_t i = 0; i < ARRAY_LEN(secret); i++) {
		const json_t *value = json_object_get(document, secret[i]);
		const char *text = json_string_value(value);
		char *writable;

		if (text) {
			/* jansson keeps the text as it was given: writing into it is sound. */
			memcpy(&writable, &text, sizeof(writable));
			for (size_t k = 0; k < json_string_length(value); k++) {
				((volatile char *)writable)[k] = ' ';
			}
		}
	}
}

json_t *
door_error(const char *code, const char *class, const char *text, const char *what_to_do)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:[], s:[]}", "code", code, "class", class, "text",
		text, "what_to_do", what_to_do, "fields", "who");
}

/* --- files ------------------------------------------------------------------------ */

/*
 * The last part of the path, as text that may be entered: a file may be called anything, and
 * what is no text is shown by marks.
 */
static void
add_name(struct str *out, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash && slash[1] ? slash + 1 : path;
	size_t len = strlen(name);
	size_t kept = 0;

	if (text_input_ok(name, len, NULL) && !strpbrk(name, "\n\t")) {
		str_add(out, name);
	} else {
		text_show(out, name, len, TEXT_LINE);
	}
	while (kept < out->len && text_next(str_text(out), out->len, kept) <= NAME_MOST) {
		kept = text_next(str_text(out), out->len, kept);
	}
	str_truncate(out, kept);
}

/* O_NONBLOCK so that a FIFO cannot hold anybody; NULL: open, else why not. */
static const char *
open_file(const char *path, int *ret_fd)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		return errno == ENOENT ? N_("There is no such file.")
				       : N_("This file cannot be read.");
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd); /* nothing was read or written */
		return N_("Only an ordinary file can be attached.");
	}
	*ret_fd = fd;
	return NULL;
}

static json_t *
file_error(const char *field, const char *fault)
{
	struct str text = STR_INIT;
	json_t *error;

	str_say(&text, _("Not recorded: {fault} ({field})"),
		(struct str_arg[]){ { "fault", fault }, { "field", field } }, 2);
	error = door_error("D107", "invalid", str_text(&text),
		_("Nothing was recorded; what you entered is unchanged. Correct the named fields "
		  "and send again."));
	str_release(&text);
	if (error) {
		json_array_append_new(json_object_get(error, "fields"),
			json_pack(
				"{s:s, s:s, s:s}", "field", field, "code", "D107", "text", fault));
	}
	return error;
}

enum err
door_put(const struct door *door, const char *field, const char *path, json_t **ret_result,
	json_t **ret_error)
{
	struct str name = STR_INIT;
	int fd = -1;
	const char *fault = open_file(path, &fd);
	json_t *args;
	enum err e;

	if (fault) {
		*ret_error = file_error(field, _(fault));
		return ERR_INVALID;
	}
	add_name(&name, path);
	args = json_pack("{s:s, s:i}", "name", str_text(&name), "fd", fd);
	e = door->call(door->ctx, "evidence.put", args, ret_result, ret_error);
	json_decref(args);
	str_release(&name);
	(void)close(fd); /* only read from; the desk has its own */
	return e;
}
