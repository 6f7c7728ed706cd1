/* SPDX-License-Identifier: MIT */
/*
 * Who reads a case, without reading it.
 */
#ifndef TOBAN_STORE_SIGHT_H
#define TOBAN_STORE_SIGHT_H

#include "toban/store/store.h"

/* The two lists of a summary row, as struct incident_row has them. */
struct store_sight {
	const char *readers;
	const char *hidden_from;
};

/*
 * Of the case of that id.  How long it takes does not hang on what is in the case: who may not
 * read it must not learn how much there is.  ERR_NOT_FOUND, ERR_NOMEM or as the store says.
 */
enum err store_sight(
	struct store *store, struct arena *arena, const char *id, struct store_sight *ret_sight);

#endif
