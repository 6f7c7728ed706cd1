/* SPDX-License-Identifier: MIT */
/*
 * What the caller sees of the cases of a list.  Private to the desk layer.
 */
#ifndef TOBAN_DESK_SIGHT_H
#define TOBAN_DESK_SIGHT_H

#include "call.h"
#include "toban/core/sight.h"

/*
 * Whose restricted cases the caller may read besides their own: of those they stand in for at
 * this moment.  What an auditor may read is nobody else's by standing in.  Never NULL.
 */
const struct word_list *call_reads_for(struct call *call);

/* How a summary row stands to the caller. */
enum row_sight {
	ROW_SEEN,
	ROW_RESTRICTED, /* they may know that there is one, and nothing of it */
	ROW_HIDDEN      /* they are involved: for them it does not exist */
};

enum row_sight row_sight(struct call *call, const struct incident_row *row);
/* As row_sight(): whether rows with these two lists are seen. */
enum row_sight lists_sight(struct call *call, const char *readers, const char *hidden_from);


/*
 * How many open cases the caller may not read; of one from which they are kept because they are
 * involved they are not told.  No word and no department that was asked for moves it.
 */
enum err restricted_count(struct call *call, int64_t *ret_n);

/* The same of a case by its number; one that does not exist is ROW_SEEN. */
enum err case_sight(struct call *call, const char *id, enum row_sight *ret_sight);

/* Whether a text that the desk made names a case which the caller (perhaps nobody) may not read. */
enum err text_names_unseen(struct call *call, const char *text, bool *ret_names);

#endif
