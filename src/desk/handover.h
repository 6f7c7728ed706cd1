/* SPDX-License-Identifier: MIT */
/*
 * The sheet of a shift: what the one who goes tells the one who comes, made
 * from the cases and never typed.
 *
 * There are two of it.  The one that is shown holds what the reader may see.
 * The one that is recorded is the same for everybody and can never be taken
 * back, so it holds numbers, states and times of cases that are open to all,
 * and no text that a person wrote but the giver's own remark (docs/security.md).
 */
#ifndef TOBAN_DESK_HANDOVER_H
#define TOBAN_DESK_HANDOVER_H

#include "call.h"
#include "toban/core/handover.h"

enum sheet_kind { SHEET_SHOWN, SHEET_RECORDED };

/*
 * Makes the sheet of the department as of now: {"incidents", "calls",
 * "approvals", "clocks", "measures", "restricted", "drafts", "more", "hash"}.
 * *ret_sheet lives until the call ends.  Failures have their document.
 */
enum err sheet_make(
	struct call *call, const char *department, enum sheet_kind kind, json_t **ret_sheet);

/*
 * A recorded sheet as the caller may read it today: rows of cases they may not see are
 * taken out, and titles put in.  Lives until the call ends.
 */
enum err sheet_read(struct call *call, const json_t *recorded, json_t **ret_sheet);

/*
 * Whether the caller may read the entry whole: who may read handovers of the
 * department, when none of the cases it names was closed to them since.
 */
enum err handover_sight(struct call *call, const struct event *event, bool *ret_may);

/* The department of the argument, else the caller's own; D107. */
enum err handover_department(struct call *call, const char **ret_department);

/* A refusal ends the call; allowed goes on.  `e` is what judging said. */
enum err handover_admit(struct call *call, enum err e, const struct step_verdict *verdict);

/* Entries that tell what stands now: a beginning and its end. */
#define HANDOVER_NEWEST 2

/* The newest `limit` entries of the department's handovers, folded; kept until the call ends. */
enum err handover_load(
	struct call *call, const char *department, size_t limit, struct handover_list *ret_list);

/* The department's open handover for the board: an object, or null when none waits. */
enum err handover_notice(struct call *call, const char *department, json_t **ret_notice);

/* A handover as a document, without its sheet. */
json_t *doc_handover(const struct call *call, const struct handover *handover);

#endif
