/* SPDX-License-Identifier: MIT */
/*
 * Attached files: copied beside the desk under the name of their hash, before
 * the entry that names them is recorded.  Who put a file in has a claim to it, and
 * nobody else can attach it: a hash alone opens nothing.
 */
#ifndef TOBAN_DESK_EVIDENCE_H
#define TOBAN_DESK_EVIDENCE_H

#include "call.h"
#include "file_job.h"
#include "toban/store/intake.h"

/* --- taking in (evidence.c) ------------------------------------------------------- */

/* Where the file of that hash is kept; NULL without memory. Lives in `arena`. */
const char *evidence_path(struct arena *arena, const char *dir, const char *sha256);

/* What is behind a descriptor, for one field of the caller's: D107, D104, D377, D374. */
struct evidence_source {
	const char *field;
	const char *name;
	int fd; /* taken over */
};
/* Begins to take it in; the job goes on with evidence_put(). */
enum err evidence_begin(
	struct call *call, const struct evidence_source *source, struct file_job **ret_job);

/*
 * One piece of it.  *ret_value stays NULL while there is more; else it is
 * {"name","size","sha256"}, the caller has the claim, and the job has ended.  A failure ends
 * it, too, with a document.
 */
enum err evidence_put(struct call *call, struct file_job *job, json_t **ret_value);

/*
 * If `form` has a field of type file and `entered` names a file there, by the hash of
 * one the caller put in (in a file desk also by its path, which is then taken in),
 * *ret_entered is a copy of `entered` (kept by the call) that holds
 * {"name","size","sha256"} in its place, else NULL.  Faults are those of the field.
 */
enum err evidence_enter(
	struct call *call, const struct form *form, const json_t *entered, json_t **ret_entered);

/* The entry that names these files is recorded: their claims are used up. */
void evidence_used(struct call *call, const json_t *entered);

/* --- what is kept, and for how long (evidence_keep.c) ------------------------------- */

/*
 * After the entry that attached it was erased: removes the file, unless another entry
 * attaches the same content or somebody has just put it in.  *ret_removed: it is gone, or was
 * not there.  Reads the whole ledger.  ERR_IO, ERR_NOMEM or as the store says.
 */
enum err evidence_forget(struct call *call, const char *sha256, bool *ret_removed);

/* Drops claims that nobody used for a week, and their files unless something needs them. */
enum err evidence_sweep(struct desk *desk, stamp now);

/* Holds off others who give files their names or remove them; -1 when it cannot. */
int evidence_lock(const char *dir);

/* What the doctor finds. */
struct evidence_state {
	size_t files;     /* attached by entries that were not erased */
	size_t missing;   /* of these, not in the folder */
	size_t open;      /* that others than their owner may read or write */
	size_t orphans;   /* in the folder, and nobody's */
	const char *some; /* one of the first of these kinds that there are; NULL */
};
enum err evidence_examine(struct call *call, struct evidence_state *ret_state);

#endif
