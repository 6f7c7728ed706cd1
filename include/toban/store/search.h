/* SPDX-License-Identifier: MIT */
/*
 * Search over the cases of a store, and the index it goes by.
 */
#ifndef TOBAN_STORE_SEARCH_H
#define TOBAN_STORE_SEARCH_H

#include "toban/store/store.h"

/* What is searched for; zeroed members ask for nothing. */
struct search_want {
	const char *reader;       /* as in struct incident_filter */
	const struct word_list *reads_for;
	const char *const *words; /* folded; each must occur in the search text, as it is */
	size_t n_words;
	/* Looks at a visible row that has the words; the row lives for this call only. */
	bool (*passes)(const struct incident_row *row, const void *ctx);
	const void *ctx;
	const char *before_id; /* keyset: go on after this row; NULL: from the newest */
	size_t limit;          /* 1.. */
	size_t count;          /* count on, without returning them, up to so many rows */
};

struct search_found {
	struct incident_row *items; /* the newest reported first */
	size_t n;
	bool more;    /* there are rows after the last */
	size_t found; /* rows counted, n among them, from `before_id` on */
	int64_t behind; /* events the index has yet to follow; 0 when it was not asked */
	bool all;     /* `found` is every one; false: there are at least so many */
};

/*
 * Finds cases that the ledger knows.  Never stale: what the index does not hold
 * yet is read from the summaries.  A row's search text changes only together with an
 * event of its subject.  ERR_NOT_FOUND: before_id is no incident.
 */
enum err store_search(struct store *store, struct arena *arena, const struct search_want *want,
	struct search_found *ret_found);

/* Whether an entry of the subject was made by one of `forms`, as " a b ". */
enum err store_subject_has_form(
	struct store *store, const char *subject, const char *forms, bool *ret_has);

/*
 * Brings the search index forward over at most `limit` events, in a transaction
 * of its own; *ret_behind says how many are left.  Nothing to do writes nothing.
 */
enum err store_search_index(struct store *store, size_t limit, int64_t *ret_behind);

#endif
