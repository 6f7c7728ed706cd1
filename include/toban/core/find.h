/* SPDX-License-Identifier: MIT */
/*
 * The language of search: words, "a phrase", -not, and filters such as
 * state:open.  Pure: what a value means on a desk is decided elsewhere.
 */
#ifndef TOBAN_CORE_FIND_H
#define TOBAN_CORE_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"

enum find_key {
	FIND_ID,
	FIND_CLASS,
	FIND_STATE,
	FIND_MINE,
	FIND_SINCE,
	FIND_UNTIL,
	FIND_DEPT,
	FIND_OWNER,
	FIND_BY,
	FIND_HAS,
	FIND_OVERDUE,
	FIND_MAJOR,
	FIND_DRILL,
	FIND_KEYS
};

/* One filter; all must hold. */
struct find_filter {
	enum find_key key;
	const char *value; /* folded, never empty */
	bool not ;         /* -state:open */
	size_t at;         /* code points before it in the folded text */
};

/* A question.  Words are folded, never empty, and match anywhere in a text. */
struct find_query {
	const char *const *words;
	size_t n_words;
	const char *const *without;
	size_t n_without;
	const struct find_filter *filters;
	size_t n_filters;
};

enum find_fault_kind {
	FIND_FINE,
	FIND_EMPTY,      /* nothing is asked */
	FIND_UNKNOWN,    /* no filter has that name */
	FIND_NO_VALUE,   /* a filter without a value */
	FIND_OPEN_QUOTE, /* a phrase that does not end */
	FIND_TOO_MANY,   /* more than 40 parts */
};

/* Why a text is no question. */
struct find_fault {
	enum find_fault_kind kind;
	const char *part; /* the part of the text it is about; "" */
	size_t at;        /* code points before it in the folded text */
};

/*
 * Reads a text.  Full-width forms count as ASCII, filters have Japanese names,
 * too.  ERR_INVALID with *ret_fault set; ERR_NOMEM.  Results live in `arena`.
 */
enum err find_parse(struct arena *arena, const char *text, struct find_query *ret_query,
	struct find_fault *ret_fault);

/* The filter's name; for its value "" (mine takes none) or an example of it. */
const char *find_name(enum find_key key);
const char *find_example(enum find_key key);

/*
 * Reads what since: and until: may hold: a year, a month (2025-04), or whatever
 * stamp_parse_loose() reads.  `end`: the last moment of that year, month or day.
 * ERR_INVALID.
 */
enum err find_date(const char *value, stamp now, int offset_min, bool end, stamp *ret_at);

/* A marked part of a text, in code points. */
struct find_mark {
	size_t start;
	size_t len;
};

/* A piece of a text around the first place where a word occurs. */
struct find_snippet {
	const char *text;
	const struct find_mark *marks; /* in order, not touching each other */
	size_t n;
};

/*
 * Cuts about `most` code points out of the text as it was written, so that the
 * first occurrence of any of the words is in it, and marks all of them; n == 0
 * when none occurs, then the text is its beginning.  ERR_NOMEM.
 */
enum err find_snippet(struct arena *arena, const struct find_query *query, const char *text,
	size_t most, struct find_snippet *ret_snippet);

#endif
