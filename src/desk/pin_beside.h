/* SPDX-License-Identifier: MIT */
/*
 * A look at a PIN that is done beside the desk.  The call that needs it ends with ERR_LATER and
 * is made again when the look is over; what it has to remember until then lies with its seat.
 * Private to the desk layer.
 */
#ifndef TOBAN_DESK_PIN_BESIDE_H
#define TOBAN_DESK_PIN_BESIDE_H

#include "call.h"

struct pin_beside {
	bool heard; /* `fits` is known; else the look is done by the call itself */
	bool fits;
	stamp counted_at;           /* the try is counted as failed since then */
	char keyed[PIN_KEYED_SIZE]; /* never the PIN itself */
	char hash[PIN_HASH_SIZE];   /* what it is compared with */
	const struct post *post;    /* of the seat when it was counted; only compared */
	char name[];                /* as typed */
};

/* Begins one for the seat of the call, against the hash of a row: ERR_LATER, or ERR_NOMEM. */
enum err pin_beside_ask(struct call *call, const struct pin_secret *secret, const char *hash);

/* Whether it fits: what was heard, or what looking now says. */
bool pin_beside_fits(const struct pin_beside *beside);

/* Wipes and frees; NULL allowed. */
void pin_beside_free(struct pin_beside *beside);

/*
 * A look that no call will ask for any more: its try is recorded as a failed one.  Leaves no error
 * document; nothing to do where no look is under way.
 */
void pin_beside_abandon(struct call *call);

#endif
