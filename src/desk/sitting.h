/* SPDX-License-Identifier: MIT */
/*
 * Entries about who sat down where, which PIN did not fit, who was locked out and who let them
 * in again: of the subject "access", with what they change of the PINs.
 */
#ifndef TOBAN_DESK_SITTING_H
#define TOBAN_DESK_SITTING_H

#include "call.h"
#include "toban/store/pin.h"

struct sitting {
	const char *kind;
	const char *actor;             /* a person's id; NULL: the desk itself */
	json_t *body;                  /* its reference is taken over; NULL: no memory */
	const struct pin_change *pins; /* written with it; NULL: nothing */
};

/* Records it; every failure has its error document. */
enum err sitting_record(struct call *call, const struct sitting *sitting);

#endif
