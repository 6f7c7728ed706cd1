/* SPDX-License-Identifier: MIT */
/*
 * What an entry claims to do, by its kind and its body: whether that is true is asked elsewhere.
 */
#ifndef TOBAN_DESK_VERIFY_CLAIM_H
#define TOBAN_DESK_VERIFY_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/core/event.h"

struct flow_step;
struct verify;

/* Members that a body may have; without its bit a member is not there. */
enum claim_holds {
	HOLDS_EFFECT = 1 << 0,
	HOLDS_ROUND = 1 << 1,
	HOLDS_ACTING = 1 << 2,
	HOLDS_SIGNED = 1 << 3,
	HOLDS_INVOLVED = 1 << 4, /* and the list is not empty */
	HOLDS_ALL = (1 << 5) - 1,
};

/* What an entry says that it does, read once and asked often. */
struct claim {
	const struct flow_step *step; /* of its kind, in the procedure in force; NULL: none */
	const char *effect; /* the one a fold gives it; "": one that nothing is asked about */
	unsigned holds;     /* of enum claim_holds */
	bool says_effect;   /* its body does, not only its kind */
	bool says_round;
	bool begins_round; /* it is a reopening, or a verdict that the measures do not work */
	bool is_decision;  /* it must be signed, by its kind or by what its body says it does */
	bool is_void;      /* the next entry of its case takes it back; false until that came */
};

/* Entries of one subject in their order, and what each claims. */
struct entries {
	const struct event *events;
	const struct claim *claims;
	size_t n;
};

bool verify_is_of_case(const struct event *event);
void verify_claim(const struct verify *verify, const struct event *event, struct claim *ret);
/* Whether the case must be judged for it: it decides, undoes, or tells who has no part any more. */
bool verify_is_judged(const struct claim *claim);
/* Whether the entry takes back the entry `seq`. */
bool verify_takes_back(const struct claim *claim, const struct event *event, int64_t seq);
/* All of a subject, in `arena`.  ERR_NOMEM and what the store says. */
enum err verify_read_entries(const struct verify *verify, struct arena *arena, const char *subject,
	struct entries *ret);

#endif
