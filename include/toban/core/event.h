/* SPDX-License-Identifier: MIT */
/*
 * One entry of the ledger (docs/architecture.md): a fact, never changed afterwards.
 */
#ifndef TOBAN_CORE_EVENT_H
#define TOBAN_CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/base/hash.h"

/* The canonical form in use for new rows; older rows keep theirs. */
#define LEDGER_CANON 1

#define NONCE_BYTES 16

/* Subjects that are no incident. */
#define SUBJECT_ORG "org"
#define SUBJECT_PROCEDURE "procedure"
#define SUBJECT_DESK "desk"
#define SUBJECT_CLOCK "clock" /* jumps of the machine's clock */
#define SUBJECT_ACCESS "access" /* who sat down where, who came to a door that was shut */

/* Actor of what the desk does by itself. */
#define ACTOR_DESK "desk"

/*
 * How ids begin that the desk makes of what an entry is about, so that it is made once; no
 * client may give one.  What a door ever took from a client begins otherwise.
 */
#define EVENT_ID_CLOCK "clock-" /* what was promised and is due */
#define EVENT_ID_JUMP "jump-"   /* a clock that was set */
#define EVENT_ID_GLASS "glass-" /* a broken glass */

/* The kind of an entry that makes the one before it count for nothing. */
#define KIND_TAKEN_BACK "taken-back"

struct event {
	int64_t seq;         /* 1.. without gaps over the whole ledger; 0 before it is stored */
	const char *id;      /* made by the client: a retried step has the same one; unique */
	const char *subject; /* incident id, or SUBJECT_… */
	int64_t subject_seq; /* 1.. without gaps in its subject */
	stamp at;            /* the desk's clock */
	stamp happened_at;   /* what the person says; STAMP_NONE when they said nothing */
	const char *actor;   /* person id or ACTOR_DESK */
	const char *post;    /* shared console it was typed at; "" none */
	const char *kind;    /* step name, or seen, notified, … of the desk */
	const char *form;    /* form name; "" none */
	const char *form_version; /* "VERSION@first 12 hex of the procedure's hash"; "" none */
	int canon;                /* version of the canonical form of this row */
	uint8_t nonce[NONCE_BYTES];
	const char *body; /* canonical JSON object; NULL when lawfully erased */
	const char *kept; /* of an erased one the body of its erasure (core/erasure.h); else NULL */
	struct hash commitment; /* SHA-256(nonce || body) */
	struct hash prev_hash;  /* row_hash of seq - 1; zeros for seq 1 */
	struct hash row_hash;
};

#endif
