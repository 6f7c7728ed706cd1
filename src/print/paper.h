/* SPDX-License-Identifier: MIT */
/*
 * Writing on paper: labelled lines, wrapped text, headings, items, and the
 * words that stand for ids and keys.
 */
#ifndef TOBAN_PRINT_PAPER_H
#define TOBAN_PRINT_PAPER_H

#include <jansson.h>
#include <stddef.h>

#include "toban/base/str.h"

/* Columns of a page: what fits an A4 page in 10 point, and an 80-column terminal. */
#define PAPER_COLS 78
/* Where labels begin: what is left of it marks the items of a section. */
#define PAPER_MARGIN 2

struct paper {
	struct str *out;
	const json_t *procedure; /* procedure.show: the source of labels */
	const json_t *org;       /* org.show: the source of names */
	int section;             /* number of the last heading */
};

/* How a member of a document is written. */
enum paper_kind {
	PAPER_TEXT,       /* as a person wrote it, wrapped */
	PAPER_TIME,       /* RFC 3339 as "2026-11-22 22:41" */
	PAPER_PERSON,     /* an id as a name with the title */
	PAPER_PEOPLE,     /* a list of ids of people or departments, one a row */
	PAPER_DEPARTMENT, /* an id as a name */
	PAPER_STATE,      /* a state of the flow by its label */
	PAPER_ANSWER,     /* yes, no, unknown */
	PAPER_NUMBER,
	PAPER_HASH, /* below its label: it is longer than a row beside one */
	PAPER_KINDS
};

/* One labelled member; what is missing, null or "" is left out. */
struct paper_field {
	const char *label; /* N_() */
	const char *key;
	enum paper_kind kind;
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

/* Appends "name (id), title" of a person, "name (id)" of a department, or the id alone. */
void paper_name(const struct paper *paper, const char *id, struct str *out);

/* The same without the title. */
void paper_short_name(const struct paper *paper, const char *id, struct str *out);

/* Appends RFC 3339 as "2026-11-22 22:41"; what is no time as it is. */
void paper_moment(const char *rfc3339, struct str *out);

/* A frame of two rules around the title, in the middle of the page. */
void paper_title(struct paper *paper, const char *text);

/* The next section: its number, its name, a rule. */
void paper_heading(struct paper *paper, const char *text);

/* "(1) text": what follows belongs to it; a blank line before all but the first. */
void paper_item(struct paper *paper, size_t index, const char *text);

/* The label, and the text wrapped beside it; nothing when text is "". */
void paper_line(struct paper *paper, const char *label, const char *text);

/* Text of people, wrapped, `indent` columns in. */
void paper_text(struct paper *paper, int indent, const char *text);

/* Text that goes on in a line of which `used` columns are written, wrapped from `indent` on. */
void paper_go_on(struct paper *paper, int indent, int used, const char *text);

/* The members of `object` in the order of the table. */
void paper_fields(
	struct paper *paper, const json_t *object, const struct paper_field *fields, size_t n);

#endif
