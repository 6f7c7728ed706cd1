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

#endif
