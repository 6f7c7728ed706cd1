/* SPDX-License-Identifier: MIT */
/*
 * Which incidents a filter lets through, and in what order: the same answer for
 * every engine.
 */
#ifndef TOBAN_SRC_STORE_FILTER_H
#define TOBAN_SRC_STORE_FILTER_H

#include "toban/store/search.h"
#include "toban/store/store.h"

/* due_at as a number that sorts "none" last. */
#define DUE_ORDER_NONE INT64_MAX

int64_t filter_due_order(stamp due_at);

/* Negative, 0 or positive as row a stands before, at or after b in lists. */
int filter_compare(int64_t a_due, const char *a_id, int64_t b_due, const char *b_id);

/* Whether the list " a b " holds the word. */
bool filter_has(const char *list, const char *word);

/*
 * The next word of a list of words between blanks, or false at the end.
 * *at starts at the list and moves on; the word is not terminated.
 */
bool filter_next_word(const char **at, const char **ret_word, size_t *ret_len);

/* Who reads: as in struct incident_filter. */
struct filter_reader {
	const char *person;
	const struct word_list *reads_for;
};

/* Whether a row with these two lists may be read; no person: no check. */
bool filter_visible(
	const char *readers, const char *hidden_from, const struct filter_reader *reader);

/* Whether the row is one of those wanted: who reads, the words, and what `passes` says. */
bool filter_found(const struct search_want *want, const struct incident_row *row);

/* Everything the filter says but the keyset and the limit. */
bool filter_matches(const struct incident_filter *filter, const struct incident_row *row);

#endif
