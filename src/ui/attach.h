/* SPDX-License-Identifier: MIT */
/*
 * Files of the person at the screen: what they are, choosing one, and keeping a
 * long paste as one.
 */
#ifndef TOBAN_SRC_UI_ATTACH_H
#define TOBAN_SRC_UI_ATTACH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/str.h"

struct app;
struct screen;

/* "12.3 KB" of a number of bytes. */
void attach_size_words(int64_t size, struct str *out);

/* What somebody typed as the path of a file, "~/" as their home; anything else as it is. */
void attach_path(const struct app *app, const char *typed, struct str *out);

/*
 * "= NAME  SIZE  sha256 0123abcd..." of the ordinary file at `path`; nothing when
 * there is none.  The sum of a file above 64 MiB is left to the desk.
 */
void attach_words(const char *path, struct str *out);

/*
 * Keeps the text as a file of this account only; false when it could not be kept,
 * else *path is where.  `name` tells several apart.  It outlives the login where the
 * account has a place for that, as a draft that names it does.
 */
bool attach_text(struct app *app, const char *name, const char *text, size_t len, struct str *path);

struct attach_file {
	const char *field; /* of the form; what a fault is told of */
	const char *path;
};

/*
 * Hands the file to the desk, with the rights of whoever is at the screen: *ret_file is what
 * a step names it by.  A large one is shown on its way.  False: *ret_error says why not,
 * NULL when the person stopped it, or what happened was said already.
 */
bool attach_put(struct app *app, const struct attach_file *file, json_t **ret_file,
	json_t **ret_error);

/* The record has it: a file that was only kept for it goes; any other stays. */
void attach_drop(struct app *app, const char *path);

/*
 * The file browser.  `answered` gets the path of the chosen file, after the
 * popup has closed; `from` is a file or folder to begin at, "" the person's own.
 */
struct attach_want {
	struct screen *asker;
	const char *from;
	void (*answered)(struct screen *asker, const char *path);
};
void attach_open(struct app *app, const struct attach_want *want);

#endif
