/* SPDX-License-Identifier: MIT */
/*
 * Checking what the desk keeps against what its entries say.
 */
#ifndef TOBAN_DESK_VERIFY_H
#define TOBAN_DESK_VERIFY_H

#include "call.h"
#include "toban/core/head.h"
#include "verify_claim.h"

/* A check of the whole ledger: every entry is walked, in pages. */
struct verify {
	struct call *call;
	struct ledger_problems problems;
	const struct kept_heads *kept; /* elsewhere; NULL none */
	bool rebuild;
	bool wakes; /* the stored wakes are by the procedure and the jumps of now */
	struct cases *cases; /* of verify_case.c */
	bool same_rules;     /* at this entry of the walk the definitions are those in force */
	int64_t events;
	struct ledger_head end;
	struct signatures *signatures; /* of verify_signatures.c */
	struct duty_facts *facts;      /* of verify_acting.c */
};

/* Problems are added.  ERR_NOMEM and what the store says. */
enum err verify_run(struct verify *verify);

/* --- kept ends (verify_heads.c) --------------------------------------------------- */

/* Ends that were kept elsewhere, and what is found of their signatures. */
struct kept_heads {
	struct signed_head *items;
	size_t n;
	size_t n_signed;   /* by a key that was given or that the ledger names */
	size_t n_unsigned; /* they carry no signature */
	size_t n_wrong;    /* their signature does not hold: reported */
	bool keys_given;
};

/*
 * Reads the arguments `head` and `heads` of ledger.verify; D102.  Without either n is 0.
 */
enum err kept_heads_read(struct call *call, struct kept_heads *ret_kept);

/*
 * Checks the signatures: against the keys of the argument `keys` when there are some, so that a
 * ledger written anew with a key of its own does not pass; else against those the ledger names.
 */
enum err kept_heads_check(struct verify *verify, struct kept_heads *kept);

/* --- the cases of the walk (verify_case.c) -------------------------------------------------- */

/* For each entry of a case, in the order of the walk: checks its step and keeps it. */
enum err verify_case(struct verify *verify, struct arena *arena, const struct event *event,
	const struct claim *claim);
/* The subject's entries up to this one of the walk, or all; good until the next of the walk. */
enum err verify_case_entries(struct verify *verify, struct arena *arena, const struct event *event,
	struct entries *ret);
/* After all else that is asked of the entry: the case is judged once all of it came by. */
enum err verify_case_judge(struct verify *verify, struct arena *arena, const struct event *event);
/* At the end of the walk those that did not; `end` frees what is kept. */
enum err verify_cases_finish(struct verify *verify, struct arena *arena);
void verify_cases_end(struct verify *verify);

/* --- the parts: each adds what it finds ------------------------------------------------------ */

enum err verify_summaries(struct verify *verify);
enum err verify_targets(struct verify *verify);
enum err verify_alerts(struct verify *verify);
enum err verify_handovers(struct verify *verify);
enum err verify_people(struct verify *verify); /* whether the entries about who is there say it */
enum err verify_keys(struct verify *verify);   /* whether each entry about a key counts */
/* Whether the alert of a first entry has its row. */
enum err verify_alert_listed(struct verify *verify, struct arena *arena, const struct event *event);
/* Whether an erasure is decided where it belongs, and an erased entry leads to its own. */
enum err verify_erasure(struct verify *verify, struct arena *arena, const struct event *event);
/* Whether an attached file is what was attached. */
enum err verify_evidence(struct verify *verify, struct arena *arena, const struct event *event,
	const struct claim *claim);
/*
 * Whether the body claims no more than its kind allows: effect, round and state.  `states`: of the
 * case, 0 at first.
 */
void verify_step(struct verify *verify, const struct event *event, const struct claim *claim,
	int64_t *states);
/* Whether who took a step of a case had, by their roles then, any part in which it could be. */
void verify_part(struct verify *verify, const struct event *event, const struct claim *claim);
/* Separation of duties in one case. */
void verify_duties(struct verify *verify, const struct entries *entries);
/* Whether who took a step for somebody stood in for them. */
enum err verify_acting(struct verify *verify, const struct event *event, const struct claim *claim);
/*
 * Whether a decision is signed, over what the entry says, by a key that signed for its maker
 * then; `start` reads the keys and the organisations once for the walk, in its arena.
 */
enum err verify_signatures_start(struct verify *verify, struct arena *arena);
enum err verify_signature(struct verify *verify, struct arena *arena, const struct event *event,
	const struct claim *claim);
/*
 * Whether the procedure, where it is the one in force, allowed the decision: by the case before it
 * and by who held which part then.
 */
enum err verify_allowed(struct verify *verify, struct arena *arena, const struct event *event,
	const json_t *body, const struct incident *before);

/* --- who was who: only during the walk -------------------------------------------------------- */

/*
 * Who was there by all that was entered before the entry `seq`; good until it is asked again.
 * Numbers only grow while it is asked.  `end` frees what it keeps.
 */
enum err verify_duty_at(struct verify *verify, int64_t seq, const struct duty **ret_duty);
void verify_duty_end(struct verify *verify);
/* The organisation that held at an entry; NULL: none. */
const struct org *verify_org_at(const struct verify *verify, int64_t seq);
/* The roles of a person when the entry was made; 0: not registered. */
unsigned verify_roles(const struct verify *verify, const char *person, int64_t seq);
/* Whether two names had been of one account, at or before the entry `seq`: one human's. */
bool verify_is_same(const struct verify *verify, const char *one, const char *other, int64_t seq);

#endif
