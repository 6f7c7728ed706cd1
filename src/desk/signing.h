/* SPDX-License-Identifier: MIT */
/*
 * Decisions are signed (docs/signatures.md): a method that records one says here what it is
 * about to record, and gets either the refusal with the text to be signed, or the proof that
 * goes into the body of the entry.
 */
#ifndef TOBAN_DESK_SIGNING_H
#define TOBAN_DESK_SIGNING_H

#include "call.h"
#include "toban/core/decision.h"

/* The member of a body that holds the proof: {"key","salt","signature","text"}. */
#define BODY_SIGNED "signed"

/*
 * What an organisation says, as its canonical JSON holds it, in a desk whose decisions are signed
 * from then on: {"decisions": "signed"}.
 */
#define ORG_DECISIONS "decisions"
#define ORG_SIGNED "\"decisions\":\"signed\""

/* D204: what a person recorded since the caller looked, who and when. */
enum err call_fail_changed(struct call *call, const struct incident *incident);

/* What the caller brought of a signature, and what is made of it. */
struct signing {
	const char *given;     /* id of an entry the caller may have sent before; NULL none */
	const char *event_id;  /* id of the entry to be made */
	const char *signature; /* armored; NULL none */
	char salt[SALT_SIZE];
	int64_t stands_on; /* entry the text stood on that was handed out; -1: none was */
	bool asked;        /* the caller wants the text though nobody must sign (`sign`) */
	bool expired;      /* the signature is of a text that is too old */
	stamp at;          /* when the text was, or is, made: times entered count from it */
};

/*
 * Reads the arguments `event`, `signature` and `sign` (a flag) of a call.  `must`: at a real desk
 * its entry is signed, so that the id that came is replaced when it does not tell the time; of
 * any other entry it is kept, however old, or a repeated call would record twice.  ERR_NOMEM.
 */
enum err signing_start(struct call *call, bool must, struct signing *ret_signing);

/* The entry that is about to be recorded. */
struct signed_entry {
	const char *subject;
	const char *kind;
	const char *state;               /* "" none */
	const char *acting_for;          /* "" nobody */
	const json_t *fields;            /* what was entered */
	const struct incident *incident; /* the case as it is before; NULL: another subject */
	int64_t stands_on;               /* newest entry a person made in the subject; 0 none */
	struct hash stands_on_hash;
	const struct hash *result; /* NULL none */
};

/* Fills in what the case says: what the decision stands on, and the result. */
void signing_of_case(struct signed_entry *entry, const struct incident *incident);

/*
 * With a sound signature adds the proof to `body`.  In a trial desk without one: ERR_OK, and
 * nothing is added.  Else the call ends: D320; D204 or D355 when the text stood on an older entry;
 * D354 when it is too old; D350-D353 for a signature that does not do.  All but D351-D353 have the
 * text to be signed now in `sign` {"event","text","hash","keys"}.
 */
enum err signing_apply(struct call *call, const struct signing *signing,
	const struct signed_entry *entry, json_t *body);

/*
 * The signatures of a case, in order: [{"seq","kind","by","at","key","hash","short"}], `hash` of
 * the text that was signed and `short` as much of it as people compare.  A new reference.
 */
json_t *doc_signatures(struct call *call, const struct incident *incident);

#endif
