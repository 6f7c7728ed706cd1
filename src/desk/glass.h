/* SPDX-License-Identifier: MIT */
/*
 * Breaking the glass: somebody who may not read a restricted case, and has a part where it
 * happened, reads it for an hour, says why, and the office head is told at once.  Private
 * to the desk layer.
 */
#ifndef TOBAN_DESK_GLASS_H
#define TOBAN_DESK_GLASS_H

#include "call.h"

/* The subject of what is also an entry of the case, and its kind in both. */
#define SUBJECT_GLASS "glass"
#define KIND_GLASS "break-glass"

/* By which the caller reads a case now. */
struct glass {
	int64_t seq; /* of its entry in the case; 0: there is none */
	stamp until;
	const char *why;
};

/* What the caller broke of this case and still holds; `seq` 0 for nothing, be there a case or not.
 */
enum err glass_find(struct call *call, const char *id, struct glass *ret_glass);

/* How many the caller has not looked at; 0 for all but the office head. */
enum err glass_unseen(struct call *call, int64_t *ret_n);

#endif
