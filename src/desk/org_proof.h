/* SPDX-License-Identifier: MIT */
/*
 * Whether a change of rights counts.  One that was entered around the desk must give nobody a
 * part: it holds by the signature of somebody who might make it, or not at all.
 */
#ifndef TOBAN_DESK_ORG_PROOF_H
#define TOBAN_DESK_ORG_PROOF_H

#include "toban/core/event.h"
#include "toban/core/key_book.h"
#include "toban/core/org.h"

/* One change, and what it is judged by. */
struct org_proof {
	const char *desk;            /* hash of the first entry: which desk this is */
	const struct key_book *book; /* of the keys before it */
	const struct org *was;       /* what held before */
	const struct org *now;       /* what it puts in its place */
	const struct event *event;   /* with its body */
	const struct event *before;  /* of the same subject */
};

/* Whether it is signed as what it says, in time, by a key that signed for its maker then. */
bool org_proof_signed(const struct org_proof *proof);

/* Whether its maker might change rights, and gave no part to themselves. */
bool org_proof_allowed(const struct org_proof *proof);

#endif
