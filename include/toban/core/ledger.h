/* SPDX-License-Identifier: MIT */
/*
 * The ledger's arithmetic: commitments, row hashes, and the check that walks
 * them.  Pure: the store feeds rows, the desk reports.
 */
#ifndef TOBAN_CORE_LEDGER_H
#define TOBAN_CORE_LEDGER_H

#include "toban/core/event.h"

/* commitment = SHA-256(nonce || body); body must not be NULL. */
void ledger_commitment(const uint8_t nonce[NONCE_BYTES], const char *body, size_t len,
	struct hash *ret_commitment);

/*
 * Canonical form 1:
 *
 *     row_hash = SHA-256(prev_hash || canon || column... || commitment)
 *
 * The columns are those of struct event from seq to form_version, in that
 * order: a text as its length in bytes (8 bytes, big-endian) and its bytes, an
 * integer as 8 bytes big-endian two's complement, without a length; canon is
 * such an integer too.  Hashes are their 32 bytes.  STAMP_NONE is the integer
 * it is.  Uses event->prev_hash and ->commitment.  ERR_UNSUPPORTED for a canon
 * this program does not know.
 */
enum err ledger_row_hash(const struct event *event, struct hash *ret_hash);

/*
 * Appends the bytes that are hashed, so that others can make the hash again with a
 * program of their own.  ERR_UNSUPPORTED as above; ERR_NOMEM.
 */
enum err ledger_row_bytes(const struct event *event, struct str *out);

/*
 * Completes an event that is about to be stored: sets seq, prev_hash, a fresh
 * nonce, canon, commitment and row_hash.  `seq` is the previous seq + 1.
 */
enum err ledger_seal(struct event *event, int64_t seq, const struct hash *prev_hash);

/* Where a ledger ends: what a witness keeps. */
struct ledger_head {
	int64_t seq; /* 0: empty ledger, row_hash zeros */
	struct hash row_hash;
	stamp at;
};

/* What a check found; `seq` names the row (0: the ledger as a whole). */
struct ledger_problem {
	int64_t seq;
	const char *kind; /* changed, body-changed, two-heads, signature, evidence, missing,
			     inserted, reordered, cut-off, subject-order, duplicate, summary,
			     schema, unreadable, duties, signature */
	const char *text; /* English sentence, as text_show() leaves it */
};

struct ledger_problems {
	struct arena *arena;
	struct ledger_problem *items;
	size_t n;
	size_t cap;
	bool failed; /* memory ran out: at least one problem is not in the list */
};

/*
 * Appends a problem; `kind` must be static; the sentence is copied and made safe
 * to show, so it may quote a damaged row.  Without memory `failed` is set.
 */
void ledger_report(struct ledger_problems *p, int64_t seq, const char *kind, const char *fmt, ...)
	printf_like(4, 5);

/*
 * A walk over all rows in the order of seq.  Feed each row, then finish.
 * Erased bodies are accepted only for seqs that an `erase` event names (in
 * fields.seq of its body); the walk collects both and compares at the end.
 * Problems are complete, and sorted by seq, only after the finish.
 */
struct ledger_walk; /* opaque */

struct ledger_walk *ledger_walk_new(struct ledger_problems *problems);
void ledger_walk_free(struct ledger_walk *walk); /* NULL allowed */

/* One row; every fault is reported and the walk goes on.  ERR_NOMEM only. */
enum err ledger_walk_row(struct ledger_walk *walk, const struct event *event);

/*
 * Before the finish: one of many heads kept elsewhere, in any order; those with seq 0 ask for
 * nothing.  The first that does not fit is named, with how far the ones before it do, and how
 * many more do not; two heads of one entry with different hashes are "two-heads".  ERR_NOMEM.
 */
enum err ledger_walk_head(struct ledger_walk *walk, const struct ledger_head *head);

/*
 * Ends the walk.  `head` (NULL: none) is a head kept elsewhere: the row of
 * head->seq must exist with that hash, else "cut-off" or "changed".
 */
enum err ledger_walk_finish(struct ledger_walk *walk, const struct ledger_head *head,
	int64_t *ret_events, struct ledger_head *ret_head);

#endif
