/* SPDX-License-Identifier: MIT */
/*
 * Counting what one turn did for whom: see share.h.
 */
#include "share.h"

#include "toban/base/clock.h"

#define SHARE_MS 25 /* 32 desks of one account that write at once stay well below it */

struct share *
shares_find(struct shares *shares, uid_t uid)
{
	size_t i = 0;

	while (i < shares->n && shares->items[i].uid != uid) {
		i++;
	}
	if (i == shares->n) {
		shares->items[shares->n++] = (struct share){ .uid = uid };
	}
	return &shares->items[i];
}

bool
share_is_used(const struct share *share, enum share_kind kind)
{
	return share->parts[kind].n > 0 && share->parts[kind].spent_ms >= SHARE_MS;
}

void
share_count(struct share *share, enum share_kind kind, int64_t began)
{
	share->parts[kind].spent_ms += clock_steady_ms() - began;
	share->parts[kind].n++;
}
