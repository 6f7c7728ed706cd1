/* SPDX-License-Identifier: MIT */
/*
 * The one door (docs/methods.md): the screen and the command line reach everything
 * through named methods whose arguments and results are JSON documents.  An
 * embedded desk and, later, the service's client both look like this.
 */
#ifndef TOBAN_DESK_DOOR_H
#define TOBAN_DESK_DOOR_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/err.h"

/* What became of a call that was begun; both documents are borrowed, one is NULL. */
typedef void door_done(void *ctx, enum err e, const json_t *result, const json_t *error);

struct door {
	/*
	 * Calls `method` for the session's person.  `args` is borrowed and may
	 * be NULL (no arguments); secrets in it (door_wipe()) are overwritten when the
	 * call is over, so that another call needs another document.  On ERR_OK
	 * *ret_result is a new reference and *ret_error untouched.  On any other value
	 * *ret_error is a new reference to an error document:
	 *   {"code": "D301", "class": CLASS, "text", "what_to_do",
	 *    "fields": [{"field", "code", "text"}], "who": [PERSON]}
	 * CLASS: failed, usage, not-found, denied, conflict, invalid, unusable.
	 */
	enum err (*call)(void *ctx, const char *method, const json_t *args, json_t **ret_result,
		json_t **ret_error);
	/* Readable when the record changed elsewhere; -1: none. */
	int wake_fd;
	/* Clears the wake-up; true when the record really changed, or may have. */
	bool (*woke)(void *ctx);
	/*
	 * Why the desk cannot be reached just now: an error document, borrowed until the next
	 * use of the door; NULL: it can.  It changes with calls and with woke().
	 * May itself be NULL: a desk in this process never goes away.
	 */
	const json_t *(*trouble)(void *ctx);
	bool trial; /* the desk is one for trial: whatever comes from it is no evidence */
	bool post;  /* the account was a shared console's: who sits there is asked first */
	/*
	 * Whether who waits at a call can give it up (base/waiting.h); it is then told as one
	 * without an answer, D430 or D431.  False: it goes on to its end.
	 */
	bool stops;
	/*
	 * Begins a call and does not wait for it; `args` is copied.  done(done_ctx) is called
	 * once, by woke() after wake_fd rang, or by settle().  One at a time: false when one is
	 * under way, or it could not be begun, and then nothing happens.  A call() waits until
	 * what was begun before is done, but its answer is still told by the two alone.
	 * NULL: this door answers at once or not at all; settle is then NULL as well.
	 */
	bool (*later)(
		void *ctx, const char *method, const json_t *args, door_done *done, void *done_ctx);
	/* Waits for what was begun with later(), and tells its answer. */
	void (*settle)(void *ctx);
	void *ctx;
};

/*
 * Begins to put in the ordinary file at `path`, opened here with the rights of whoever
 * runs this process: the first answer of evidence.put, a file or {"continue"} to go on with.
 * `field` is what a fault of the file is told of.  Returns as the door's call does.
 */
enum err door_put(const struct door *door, const char *field, const char *path, json_t **ret_result,
	json_t **ret_error);

/* The exit status (README, "Commands") for an error document; 1 for anything odd. */
int door_exit_status(const json_t *error);

/* The error a document stands for; ERR_IO for anything odd. */
enum err door_err(const json_t *error);

/*
 * Overwrites the texts of members that hold secrets ("pin", "old", "passphrase", "secret") with
 * blanks; NULL allowed.  Whoever carries a document elsewhere does so when it was carried.
 */
void door_wipe(const json_t *document);

/* A new error document with empty lists; NULL without memory. `class` is one of the words above. */
json_t *door_error(const char *code, const char *class, const char *text, const char *what_to_do);

#endif
