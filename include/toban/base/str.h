/* SPDX-License-Identifier: MIT */
/*
 * A growing byte string.  Failure is sticky: after memory ran out every append
 * does nothing and `failed` is true, so callers check once, at the end.
 */
#ifndef TOBAN_BASE_STR_H
#define TOBAN_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/attr.h"

struct str {
	char *data;  /* NUL-terminated once anything was appended; else NULL */
	size_t len;  /* bytes without the NUL */
	size_t cap;  /* bytes allocated */
	bool failed; /* memory ran out; the content is cut */
	bool wipes;  /* what it held may be a secret: see STR_WIPING */
};

#define STR_INIT { 0 }

/*
 * The same for what may be a secret: bytes that are cut off, moved or given back are
 * overwritten first, so that no memory that was freed holds them.  Stays so when released.
 */
#define STR_WIPING { .wipes = true }

/* Frees the content and makes the string empty again.  Safe on STR_INIT. */
void str_release(struct str *s);

/* Empties the string but keeps its memory; clears `failed`. */
void str_clear(struct str *s);

/* The text, "" when empty; valid until the next change.  Never NULL. */
const char *str_text(const struct str *s);

/*
 * Makes room for `extra` more bytes, so that appending them cannot fail.
 * False (and `failed`) when memory ran out now or before.
 */
bool str_reserve(struct str *s, size_t extra);

void str_add(struct str *s, const char *text);                    /* NUL-terminated */
void str_add_n(struct str *s, const char *bytes, size_t len);     /* may hold NULs */
void str_add_char(struct str *s, char c);
void str_add_repeat(struct str *s, char c, size_t n);
void str_addf(struct str *s, const char *fmt, ...) printf_like(2, 3);

/*
 * Replaces the `del` bytes at `pos` by the `len` bytes at `bytes`, which must
 * not lie inside `s`.  Positions past the end count as the end.
 */
void str_splice(struct str *s, size_t pos, size_t del, const char *bytes, size_t len);

/* Cuts the string to `len` bytes; longer than the string does nothing. */
void str_truncate(struct str *s, size_t len);

/*
 * Hands the buffer (free() it) to the caller and empties the string;
 * NULL when `failed`.  An empty string gives "".
 */
char *str_detach(struct str *s);

/* One named value for str_say(). */
struct str_arg {
	const char *name; /* without braces */
	const char *value; /* NULL counts as "" */
};

/*
 * Appends `pattern` with every {name} replaced by its value; an unknown {name}
 * stays as it is, so that a translator's slip is visible and harmless.  Used
 * for all translated sentences: placeholders may change their order.
 */
void str_say(struct str *s, const char *pattern, const struct str_arg *args, size_t n_args);

/* Before the next sentence of a message: a blank, but none at the start and behind 。 */
void str_next_sentence(struct str *out);

#endif
