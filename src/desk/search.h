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
	size_t opened;
	bool stopped; /* more cases would have to be opened */
	enum err err; /* of opening one */
};

/* Looks whether every filter's value means something here; D102 with the field `query`. */
enum err search_filter_check(struct search_filter *filter);

/* For struct search_want; ctx is a struct search_filter. */
bool search_filter_passes(const struct incident_row *row, const void *ctx);

/*
 * The places where the words stand, as a list of
 * {"seq","kind","at","actor","field","text","marks":[[start,len]]}, the title's first.  NULL: one
 * of the words stands nowhere but in an entry that the caller may not read (veil.h).
 */
enum err search_hits(
	struct call *call, const char *id, const struct find_query *query, json_t **ret_hits);

#endif
