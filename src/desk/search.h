/* SPDX-License-Identifier: MIT */
/*
 * The two halves of a search: what the filters of a question let through, and
 * where in a case its words stand.
 */
#ifndef TOBAN_DESK_SEARCH_H
#define TOBAN_DESK_SEARCH_H

#include <jansson.h>

#include "call.h"
#include "toban/core/find.h"
#include "toban/store/store.h"

/* Cases that are opened for one question, by:, owner: and has: ask for it. */
#define SEARCH_OPENED_MOST 2000

/* A question on this desk. */
struct search_filter {
	struct call *call;
	const struct find_query *query;
	stamp since; /* STAMP_NONE: no limit */
	stamp until;
	const char *naming; /* forms that name another case, as " a b "; NULL: not looked up yet */
	size_t opened;
	bool stopped; /* more cases would have to be opened */
	enum err err; /* of opening one */
};

/* Looks whether every filter's value means something here; D102 with the field `query`. */
enum err search_filter_check(struct search_filter *filter);

/* For struct search_want; ctx is a struct search_filter. */
bool search_filter_passes(const struct incident_row *row, const void *ctx);

/*
 * Whether all words of the question stand in a row that has them, and none that it leaves out, when
 * what the caller may not read of the case (veil.h) is left out.  A case is neither found nor left
 * out by the words of such an entry, nor counted: who could tell would read it word by word.
 */
bool search_veil_passes(struct search_filter *search, const struct incident_row *row);

/* Which of the entries the caller may not read, in the call's arena; *ret_any: one of them. */
enum err search_veil_covered(struct call *call, const struct incident *incident,
	const bool **ret_covered, bool *ret_any);

/*
 * The places where the words stand in what the caller may read, as a list of
 * {"seq","kind","at","actor","field","text","marks":[[start,len]]}, the title's first.
 */
enum err search_hits(
	struct call *call, const char *id, const struct find_query *query, json_t **ret_hits);

#endif
