/* SPDX-License-Identifier: MIT */
/*
 * Attached files: copied beside the desk under the name of their hash, before
 * the entry that names them is recorded.
 */
#ifndef TOBAN_DESK_EVIDENCE_H
#define TOBAN_DESK_EVIDENCE_H

#include "call.h"

/*
 * If `form` has a field of type file and `entered` names a path there, takes
 * that file in; *ret_entered is a copy of `entered` (kept by the call) that
 * holds {"name","size","sha256"} in its place, or stays NULL when there is
 * nothing to take.  Faults of the file are faults of the field.  A copy whose
 * entry is then refused stays: another entry may have named it meanwhile.
 */
enum err evidence_enter(
	struct call *call, const struct form *form, const json_t *entered, json_t **ret_entered);

/* Where the file of that hash is kept; NULL without memory. Lives in `arena`. */
const char *evidence_path(struct arena *arena, const char *dir, const char *sha256);

#endif
