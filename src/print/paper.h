/* SPDX-License-Identifier: MIT */
/*
 * Writing on paper: labelled lines, wrapped text, headings, tables.
 */
#ifndef TOBAN_PRINT_PAPER_H
#define TOBAN_PRINT_PAPER_H

#include <jansson.h>

#include "toban/base/str.h"

/* Columns of a page: what fits an A4 page in 10 point, and an 80-column terminal. */
#define PAPER_COLS 78

struct paper {
	struct str *out;
	const json_t *procedure; /* procedure.show: the source of labels */
	const json_t *org;       /* org.show: the source of names */
};

/* A string member, "" when missing.  Borrowed. */
const char *paper_string(const json_t *object, const char *key);

/* WORDS in the process's language; a plain string as it is. */
const char *paper_words(const json_t *words);

/* The label of `key` in the list `list` of procedure.show, whose rows name it `name`. */
const char *paper_label(
	const struct paper *paper, const char *list, const char *name, const char *key);

/* The label of `key` in the object `map` of procedure.show; the key itself when unknown. */
const char *paper_mapped(const struct paper *paper, const char *map, const char *key);

/* "name (id)" of a person or department for paper; the id alone when unknown; "" for "". */
void paper_named(const struct paper *paper, const char *list, const char *id, struct str *out);

/* A labelled line with a person's or department's name; `list`: "people", "departments". */
void paper_who(struct paper *paper, const char *label, const char *list, const char *id);

void paper_title(struct paper *paper, const char *text);
void paper_heading(struct paper *paper, const char *text);

/* "label: text", wrapped with the text indented; nothing when text is "". */
void paper_line(struct paper *paper, const char *label, const char *text);

/* Text of people, wrapped, `indent` columns in. */
void paper_text(struct paper *paper, int indent, const char *text);

/* RFC 3339 as "2026-11-22 22:41"; what is no time as it is. */
void paper_time(struct paper *paper, const char *label, const char *rfc3339);

#endif
