/* SPDX-License-Identifier: MIT */
/*
 * Walking the classification table (docs/procedure.md; the documents: docs/methods.md).
 */
#ifndef TOBAN_CORE_CLASSIFY_H
#define TOBAN_CORE_CLASSIFY_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/arena.h"
#include "toban/core/form.h"
#include "toban/core/procedure.h"

enum answer { ANSWER_UNKNOWN, ANSWER_YES, ANSWER_NO }; /* not answered counts as unknown */

struct verdict {
	const char *category;         /* primary key */
	struct word_list categories;  /* all that hold, by number, the primary included */
	struct word_list suspected;   /* of a suspicion: what is suspected; else empty */
	bool major_proposed;
	struct words reason;          /* "3 because …; not 4 because …", generated */
	const char *table_version;
};

/* What the finder says, already checked by form_check. */
struct classify_input {
	const json_t *answers;   /* object CATEGORY -> "yes"|"no"|"unknown"; NULL: none given */
	const json_t *suspected; /* list of plain keys; NULL: none named */
	const char *primary;     /* key; NULL: none named */
};

/* The input in the clean fields of a report or a reclassification; borrows from them. */
struct classify_input classify_input_of(const json_t *fields);

/*
 * Judges answers:
 *   - yes among 1-5: those categories hold; primary is the lowest number
 *     unless `primary` names another of them;
 *   - none yes but some unknown, or `suspected` given: suspicion of those;
 *   - all no and no `suspected`: no incident by the table, ERR_INVALID with a
 *     diagnostic on "answers";
 *   - a `primary` that does not hold: diagnostic on "primary".
 * "Don't know" leads to 6 only when nothing is certain: the higher path wins.
 */
enum err classify(struct arena *arena, const struct classification *table,
	const struct classify_input *input, struct diagnostics *diagnostics,
	struct verdict *ret_verdict);

/*
 * The questions of the table with what was answered, as a new JSON array of
 * {"key", "question": {"en", "ja"}, "answer"}: what the record keeps, so that
 * it can be read without the table.  NULL when memory is exhausted.
 */
json_t *classify_asked(const struct classification *table, const json_t *answers);

#endif
