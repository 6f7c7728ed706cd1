/* SPDX-License-Identifier: MIT */
/*
 * A short text that nobody else may see: a passphrase while it is typed.  It lives in memory
 * that is locked (as far as the system allows), kept out of core dumps, and wiped.
 */
#ifndef TOBAN_BASE_SECRET_TEXT_H
#define TOBAN_BASE_SECRET_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/err.h"

/* More bytes than anybody types. */
#define SECRET_TEXT_MOST 1023

struct secret_text {
	char *data; /* NUL-terminated; NULL before the start and after the release */
	size_t len;
};

/* Room for SECRET_TEXT_MOST bytes; hash_start() came before.  ERR_NOMEM. */
enum err secret_text_start(struct secret_text *text);
/* Wipes and gives back; zeroed memory is allowed. */
void secret_text_release(struct secret_text *text);
/* Wipes and empties. */
void secret_text_clear(struct secret_text *text);

/* Appends bytes; false, and unchanged, when they do not fit. */
bool secret_text_add(struct secret_text *text, const char *bytes, size_t len);
/* Takes away the last character. */
void secret_text_drop(struct secret_text *text);
bool secret_text_same(const struct secret_text *a, const struct secret_text *b);

/*
 * Reads one line from a descriptor into an empty text, a byte at a time so that nothing
 * behind the line is taken; the line's end is left out.  ERR_NOT_FOUND: nothing was there.
 * ERR_INVALID: too long, or no text_input_ok().  ERR_IO.
 */
enum err secret_text_read(struct secret_text *text, int fd);

/* Overwrites what a secret may have been in, so that the compiler does not leave it out. */
void secret_wipe(void *data, size_t len);

/* The rule for new passphrases: so many characters, so many different ones. */
#define PASSPHRASE_LEAST 12
#define PASSPHRASE_DIFFERENT 6

/* Whether a new passphrase is long enough and not one key held down. */
bool passphrase_is_good(const struct secret_text *text);

#endif
