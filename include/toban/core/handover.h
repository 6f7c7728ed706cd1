/* SPDX-License-Identifier: MIT */
/*
 * The handover of a shift (docs/procedure.md): who goes gives the sheet, who
 * comes accepts it, and both are entries of the ledger.  Each department has a
 * subject of its own, so that the order of its entries decides, in the
 * transaction itself, who was first.
 */
#ifndef TOBAN_CORE_HANDOVER_H
#define TOBAN_CORE_HANDOVER_H

#include <jansson.h>

#include "toban/core/event.h"
#include "toban/core/org.h"
#include "toban/core/step.h"

/* The subject is this and the department's id. */
#define SUBJECT_HANDOVER "handover/"

#define HANDOVER_GIVEN "handover-given"
#define HANDOVER_ACCEPTED "handover-accepted"
#define HANDOVER_WITHDRAWN "handover-withdrawn"

enum handover_state { HANDOVER_PENDING, HANDOVER_IS_ACCEPTED, HANDOVER_IS_WITHDRAWN };

/* One handover, from giving to its end; texts and documents are borrowed from the list. */
struct handover {
	enum handover_state state;
	int64_t seq; /* of the entry that gave it */
	const char *by;
	const char *to; /* NULL: anybody of the department */
	const char *text;
	const json_t *sheet; /* as it was given */
	stamp at;
	int64_t end_seq; /* 0 while it is pending, then nothing below holds */
	const char *end_by;
	const char *end_text;
	const json_t *since; /* what had changed when it was accepted; NULL */
	stamp end_at;
};

struct handover_list {
	struct handover *items; /* the newest first */
	size_t n;
	int64_t subject_seq; /* of the newest entry; 0: none */
	json_t *store;       /* the bodies; freed by handover_release() */
};

/* "pending", "accepted", "withdrawn" */
const char *handover_state_word(enum handover_state state);

/* Whether this is a subject of handovers. */
bool handover_is_subject(const char *subject);

/*
 * Folds the newest entries of one department, the newest first.  The end of a
 * handover whose beginning is not among them is passed over.  ERR_CORRUPT when
 * they tell no handovers (an end that names another beginning, a body that is
 * no document); ERR_NOMEM.  On success call handover_release().
 */
enum err handover_fold(
	struct arena *arena, const struct event *events, size_t n, struct handover_list *ret_list);
void handover_release(struct handover_list *list); /* safe on zeroed memory */

/* The one that waits for its acceptance; NULL: none. */
const struct handover *handover_pending(const struct handover_list *list);

/* What a handover is judged by. */
struct handover_context {
	const struct org *org;
	const char *department;
	const struct handover *pending; /* NULL: none */
};

/*
 * Who may: any of the department's people but auditors and administrators
 * gives, while nothing waits and somebody else could accept; anybody of the
 * department but the giver accepts; the giver alone withdraws.  A refusal has
 * its code (D301, D306, D307, D312, D403, D405, D406), a translated sentence, and who could
 * instead.  ERR_NOMEM.
 */
enum err handover_judge_give(struct arena *arena, const struct handover_context *context,
	const struct person *person, struct step_verdict *ret_verdict);
enum err handover_judge_accept(struct arena *arena, const struct handover_context *context,
	const struct person *person, struct step_verdict *ret_verdict);
enum err handover_judge_withdraw(struct arena *arena, const struct handover_context *context,
	const struct person *person, struct step_verdict *ret_verdict);

/* Whether the person works in the department's shift: what `to` must be. */
bool handover_is_member(const struct person *person, const char *department);

/* Everybody of the department's shift but `without` (NULL: nobody is left out). ERR_NOMEM. */
enum err handover_members(struct arena *arena, const struct handover_context *context,
	const char *without, struct word_list *ret_people);

/* Whether the person may read the department's handovers: its people, the office, auditors. */
bool handover_readable(const struct person *person, const char *department);

/*
 * What is different between two sheets of a department: {"new", "gone", "moved"}, each the
 * numbers of incidents ("moved": a person took a step since).  A new reference; NULL without
 * memory.
 */
json_t *handover_difference(const json_t *before, const json_t *after);

#endif
