/* SPDX-License-Identifier: MIT */
/*
 * The organisation as it was at any entry: who held which part then.
 */
#ifndef TOBAN_DESK_ORG_HISTORY_H
#define TOBAN_DESK_ORG_HISTORY_H

#include "toban/core/org.h"
#include "toban/store/store.h"

struct org_history {
	struct org_since {
		int64_t seq; /* of the entry since which it holds */
		size_t at;   /* which of `events` that is */
		const struct org *org;
	} * items; /* in order */
	size_t n;
	struct event_list events; /* all of the subject, readable or not */
	int64_t refused_seq; /* of the newest change that does not count (org_proof.h); 0 none */
	int64_t not_allowed_seq; /* of one of them that is signed, by who might not; 0 none */
};

/*
 * Reads every organisation that was recorded; one that cannot be read or does not count is left
 * out: the verifier names it.  Everything lives in `arena`.
 */
enum err org_history_read(
	struct store *store, struct arena *arena, struct org_history *ret_history);

/* The one that held when the entry `seq` was made; NULL: there was none. */
const struct org *org_history_at(const struct org_history *history, int64_t seq);

/*
 * Who made the change since which the person has been here without a break under this account, at
 * that entry; NULL: they were not here, or since the desk was founded.
 */
const char *org_history_entered_by(
	const struct org_history *history, const char *person, int64_t seq);

/* The first change after the entry `seq` that left the person out: as struct key_rules asks. */
const struct event *org_history_left(void *history, const char *person, int64_t seq);

/* The newest organisation that leaves the person out, by its entry; 0: none ever did. */
int64_t org_history_absent(const struct org_history *history, const char *person);

/*
 * Whether two people who are not one had, one after the other, the same account by then: a person
 * who was entered anew under another name is the same human.
 */
bool org_history_same(
	const struct org_history *history, const char *one, const char *other, int64_t seq);

/*
 * The organisation, which is the newest or is to follow it, with everybody's other names: of whom
 * org_history_same() says so (struct person).  In `arena`; all else is borrowed from `org`.
 */
enum err org_history_named(struct arena *arena, const struct org_history *history,
	const struct org *org, const struct org **ret_org);

/* The roles of a person at that entry, 0 for nobody: what struct key_rules asks for. */
unsigned org_history_roles(void *history, const char *person, int64_t seq);

#endif
