/* SPDX-License-Identifier: MIT */
/*
 * An entry that names another case - a link - is for those who may read that case, too: it may
 * have been restricted, or somebody found to be involved in it, after the link was made.
 */
#ifndef TOBAN_DESK_VEIL_H
#define TOBAN_DESK_VEIL_H

#include "call.h"

/* Whether the entry names a case that the caller may not read. */
enum err veil_covers(struct call *call, const struct event *event, bool *ret_covered);

/*
 * Takes from each such entry of `log`, the document of `events`, all but its state, and marks it
 * "withheld".
 */
enum err veil_log(struct call *call, const struct event_list *events, json_t *log);

/* Takes such links out of the list of incident.show. */
enum err veil_links(struct call *call, json_t *links);

#endif
