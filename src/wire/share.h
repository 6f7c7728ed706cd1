/* SPDX-License-Identifier: MIT */
/*
 * What one turn gives to each account.  An account may have many desks open, and each of them
 * much to ask; whoever else asks waits for a share of each account and not for all of it.
 */
#ifndef TOBAN_SRC_WIRE_SHARE_H
#define TOBAN_SRC_WIRE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What is done for it: each has a share of its own, so that none keeps another from its turn. */
enum share_kind {
	SHARE_TAKING, /* requests become documents */
	SHARE_CALLS,
	SHARE_WRITES, /* that become durable together */
	SHARE_KINDS
};

struct share {
	uid_t uid;
	size_t unread; /* bytes of answers that its desks have not read */
	struct share_part {
		int64_t spent_ms;
		size_t n;
	} parts[SHARE_KINDS];
};

/* Of the accounts of this turn. */
struct shares {
	struct share *items; /* room for all that can be connected */
	size_t n;
};

/* That of the account; a new one in this turn. */
struct share *shares_find(struct shares *shares, uid_t uid);

/* Whether the account had its share of this: something was done, and it took its time. */
bool share_is_used(const struct share *share, enum share_kind kind);

/* Something was done that began then, by clock_steady_ms(). */
void share_count(struct share *share, enum share_kind kind, int64_t began);

#endif
