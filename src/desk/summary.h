/* SPDX-License-Identifier: MIT */
/*
 * The summary of an incident: the one row from which lists, counts and plain
 * search are answered.  Written in the transaction of every step and made again
 * from the events by the verifier; both use this function.
 */
#ifndef TOBAN_DESK_SUMMARY_H
#define TOBAN_DESK_SUMMARY_H

#include "toban/base/arena.h"
#include "toban/core/incident.h"
#include "toban/core/org.h"
#include "toban/core/promise.h"
#include "toban/store/store.h"

struct summary_source {
	const struct procedure *procedure;
	const struct org *org;
	const struct incident *incident; /* as folded; its events are read for their texts */
	const struct clock_jump *jumps;  /* all that the ledger holds, see jumps.h */
	size_t n_jumps;
};

/* Makes the row; everything lives in `arena` or in the incident. ERR_NOMEM, ERR_CORRUPT. */
enum err summary_row(
	struct arena *arena, const struct summary_source *source, struct incident_row *ret_row);

/* The texts of one entry, folded, as they are searched: what its form (NULL: none) calls a text. */
void summary_add_texts(struct str *search, const struct form *form, const json_t *fields);

/* When the desk must look at the incident by itself; STAMP_NONE: never. */
stamp summary_wake(const struct summary_source *source);

/* What summary_each() hands each row to; the row lives in `arena`, which may be used. */
typedef enum err summary_visit(void *ctx, struct arena *arena, const struct incident_row *row);

/*
 * Visits every stored summary, by id, in pages whose memory goes with them.  Ends at the first
 * visit that fails, with its error; else the store's, or ERR_NOMEM.
 */
enum err summary_each(struct store *store, summary_visit *visit, void *ctx);

/* The name of the first column in which two rows differ; NULL: they are equal. */
const char *summary_difference(const struct incident_row *a, const struct incident_row *b);

/* The row with its texts in `arena`.  ERR_NOMEM. */
enum err summary_copy(
	struct arena *arena, const struct incident_row *row, struct incident_row *ret_row);

/* Whether a list of a row, as " a b ", holds the person; ids hold no blanks. */
bool row_names(const char *list, const char *person);

#endif
