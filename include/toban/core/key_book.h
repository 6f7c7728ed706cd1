/* SPDX-License-Identifier: MIT */
/*
 * The book of keys: which public key signs for whom, from which entry to which.  It is the
 * fold of the subject "keys" (docs/keys.md), and the only place that decides whether an
 * entry about a key counts; the desk writes by it and the verifier reports by it.
 *
 * A signed entry holds, as the member "signed" of its body,
 *
 *     {"key": FINGERPRINT, "hash": SHA-256 of the text, "text": TEXT, "signature": ARMORED}
 *
 * and its text can be made anew from its other members: key_text().
 */
#ifndef TOBAN_CORE_KEY_BOOK_H
#define TOBAN_CORE_KEY_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/ssh_key.h"
#include "toban/base/str.h"
#include "toban/core/event.h"

#define SUBJECT_KEYS "keys"

#define KEY_PROPOSED "key-proposed" /* by the person the key shall sign for */
#define KEY_APPROVED "key-approved" /* by the office head or an administrator */
#define KEY_REFUSED "key-refused"
#define KEY_REVOKED "key-revoked"
#define KEY_OF_DESK "desk-key" /* the desk's own, for ends that go out; by ACTOR_DESK */

/* "The newest": a sequence number no entry has. */
#define KEY_NOW INT64_MAX

enum key_state { KEY_IS_PROPOSED, KEY_IS_APPROVED, KEY_IS_REFUSED, KEY_IS_REVOKED };

/* One key of one person; texts live in the book's arena, "" where there is nothing to say. */
struct key_entry {
	enum key_state state;
	struct ssh_public public;
	const char *fingerprint;
	const char *line;    /* "ssh-ed25519 AAAA...", without a comment */
	const char *comment; /* what the person calls it */
	const char *person;
	int64_t proposed_seq;
	stamp proposed_at;
	int64_t approved_seq; /* 0: never approved */
	stamp approved_at;
	const char *approved_by;
	const char *approved_key; /* fingerprint of the key it was approved with; "" unsigned */
	bool first;               /* approved unsigned, because nobody could sign yet */
	int64_t left_seq;         /* of the first organisation without its person; 0: none */
	int64_t ended_seq;        /* refused, revoked, or its person left; 0: not */
	stamp ended_at;
	const char *ended_by;
	const char *why; /* it ended */
};

/* A key of the desk itself. */
struct desk_key {
	struct ssh_public public;
	const char *fingerprint;
	int64_t from_seq;
	int64_t until_seq; /* of the entry that put another in its place; 0: in use */
};

/* An entry that does not count, and why. */
struct key_fault {
	int64_t seq;
	const char *kind; /* as struct ledger_problem: unreadable, signature, duties; static */
	const char *text; /* English sentence */
};

struct key_book {
	struct key_entry *keys; /* in the order of their proposals */
	size_t n_keys;
	struct desk_key *desk_keys; /* in order */
	size_t n_desk_keys;
	struct key_fault *faults; /* in order */
	size_t n_faults;
	int64_t subject_seq; /* of the newest entry; 0: none */
};

/* What the fold has to know beside the entries. */
struct key_rules {
	const char *desk; /* hash of the first entry, hexadecimal: which desk this is */
	bool trial;       /* a trial desk asks for no signature, but checks one that is there */
	/* The roles the person had when the entry `seq` was made; 0: nobody. */
	unsigned (*roles)(void *ctx, const char *person, int64_t seq);
	/* The first organisation after `seq` without the person: their keys end. May be NULL. */
	const struct event *(*left)(void *ctx, const char *person, int64_t seq);
	void *ctx;
};

/*
 * Folds all entries of the subject in order.  An entry that breaks a rule becomes a fault
 * and changes nothing.  Everything lives in `arena`.  ERR_NOMEM.
 */
enum err key_book_fold(struct arena *arena, const struct event *events, size_t n,
	const struct key_rules *rules, struct key_book *ret_book);

/* Whether the key signs for its person in the entry `seq` (KEY_NOW: in one made now). */
bool key_entry_valid(const struct key_entry *entry, int64_t seq);

/* Whether it ended because its person left: they may bring it in again. */
bool key_entry_left(const struct key_entry *entry);

/* The newest entry of this fingerprint; NULL: there is none. */
const struct key_entry *key_book_find(const struct key_book *book, const char *fingerprint);

/* The key that signs for the person in the entry `seq` under this fingerprint; NULL: none does. */
const struct key_entry *key_book_signer(
	const struct key_book *book, const char *person, const char *fingerprint, int64_t seq);

/* How many keys sign for the person now. */
size_t key_book_count(const struct key_book *book, const char *person);

/* "proposed", "approved", "refused", "revoked". */
const char *key_state_word(enum key_state state);

/* Roles that approve, refuse and revoke the keys of others. */
bool key_roles_approve(unsigned roles);

/*
 * Whether nobody who approves keys has one that is valid in the entry `seq`: then, and only
 * then, an administrator approves without a signature.
 */
bool key_book_is_first(const struct key_book *book, const struct key_rules *rules, int64_t seq);

/* What the text of an entry about a key says. */
struct key_claim {
	const char *kind;        /* KEY_... */
	const char *desk;        /* as in struct key_rules */
	const char *event;       /* the entry's id */
	const char *actor;       /* whose entry it is */
	const char *person;      /* whose key it is */
	const char *fingerprint; /* of the key */
	int64_t proposal;        /* the entry that proposed it; 0 in the proposal itself */
	const char *why;         /* "" none */
};

/*
 * Appends the text that is signed: a line "toban 1 KIND", then one line NAME LENGTH VALUE for
 * each of desk, event, actor, person, fingerprint, proposal, why, the length in bytes.  For a
 * proposal it is the proof that the person has the key.
 */
void key_text(const struct key_claim *claim, struct str *out);

#endif
