/* SPDX-License-Identifier: MIT */
/*
 * The one grammar of all definition files (docs/forms.md): desktop-entry style.
 *
 *     # comment            (only at the start of a line)
 *     [kind name]          a section; the name may be missing
 *     Key=value            blanks around = and at both ends are dropped
 *     Key[ja]=値           the same in Japanese
 *
 * Keys and kinds are ASCII letters, digits, "-", "_" and ".".  Lines may have
 * 64 KiB; "\n" in a value is a line break, "\\" a backslash, any other escape
 * a fault.  CRLF line ends and a leading byte order mark are read over.
 *
 * inih is not used: Debian's build cuts lines at 199 bytes without a word, cuts
 * values at " ;" and reports no line numbers.
 */
#ifndef TOBAN_BASE_INI_H
#define TOBAN_BASE_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/base/i18n.h"

struct ini_entry {
	const char *key;   /* never empty; unique in its section together with lang */
	const char *value; /* valid UTF-8, may be "" */
	enum lang lang;    /* LANG_EN when no [xx] was written */
	int line;          /* 1-based */
};

struct ini_section {
	const char *kind; /* first word, never empty */
	const char *name; /* rest, "" when missing */
	int line;
	const struct ini_entry *entries; /* in file order */
	size_t n_entries;
};

struct ini_file {
	const char *path; /* as given, for messages */
	const struct ini_section *sections; /* in file order */
	size_t n_sections;
};

/* One finding of a reader or a lint: where, what, and what was expected. */
struct ini_problem {
	const char *path;
	int line; /* 1-based; 0: the file as a whole */
	const char *text;     /* English, one sentence */
	const char *expected; /* English; "" when there is nothing to add */
};

/* A list of findings in an arena. */
struct ini_problems {
	struct arena *arena; /* set by the caller before use */
	struct ini_problem *items;
	size_t n;    /* findings in items */
	size_t cap;  /* private to ini_report() */
	size_t lost; /* findings for which memory was missing; count them as faults */
};

/*
 * Appends a finding; printf-style text, which is made safe to show by text_show() as
 * the path is.  All strings are copied.  Out of memory drops it and counts it in `lost`.
 */
void ini_report(struct ini_problems *problems, const char *path, int line, const char *expected,
	const char *fmt, ...) printf_like(5, 6);

/*
 * Reads `len` bytes of `path` (used in messages only).  All strings live in
 * problems->arena.  Every fault is added to `problems`; ERR_INVALID if there was
 * any (ret_file then holds what could be read), ERR_NOMEM.
 */
enum err ini_parse(const char *path, const char *data, size_t len, struct ini_problems *problems,
	struct ini_file *ret_file);

/* The value of `key` in `lang`, falling back to English; NULL if absent. */
const char *ini_get(const struct ini_section *section, const char *key, enum lang lang);

/* The first section of that kind and name (NULL: any name); NULL if absent. */
const struct ini_section *ini_find(const struct ini_file *file, const char *kind, const char *name);

#endif
