/* SPDX-License-Identifier: MIT */
/*
 * Many heads kept elsewhere against one ledger: where they part.
 */
#ifndef TOBAN_SRC_CORE_KEPT_HEADS_H
#define TOBAN_SRC_CORE_KEPT_HEADS_H

#include "toban/core/ledger.h"

struct kept_list {
	struct ledger_head *items; /* is sorted */
	size_t n;                  /* 1.. */
	int64_t last;              /* where the ledger ends */
};

/*
 * Reports what does not fit.  `hash_at` tells the row hash of an entry, NULL: there is none
 * of that number (which is reported elsewhere).
 */
void kept_heads_compare(struct ledger_problems *problems, struct kept_list heads,
	const struct hash *(*hash_at)(void *ctx, int64_t seq), void *ctx);

#endif
