/* SPDX-License-Identifier: MIT */
/*
 * Witnesses: signed ends of the ledger go out to receivers of messages, a file and
 * syslog (docs/witness.md).  What went out last is kept as a value of the engine, in the
 * transaction that puts the messages into the outbox: each occasion is one end, however
 * often an engine is killed.
 */
#ifndef TOBAN_DESK_WITNESS_H
#define TOBAN_DESK_WITNESS_H

#include "call.h"

/*
 * Makes an end if one is due, and hands it to whoever is a witness.  *ret_next: when to look
 * again though nobody writes; STAMP_NONE: not at all.  A witness that cannot be reached is
 * no failure here: the doctor tells of it.
 */
enum err witness_turn(struct desk *desk, stamp now, stamp *ret_next);

/* How one witness does. */
struct witness {
	const char *name;  /* of the target; "file", "syslog" */
	const char *kind;  /* webhook, mail, file, syslog */
	int64_t seq;       /* of the newest end it took; 0: none */
	stamp at;          /* when it took it */
	const char *fault; /* what went wrong with the newest, "" nothing */
};

struct witnesses {
	struct witness *items;
	size_t n;
	stamp made_at; /* when the newest end was signed; STAMP_NONE: none was */
	int64_t made_seq;
	const char *fault; /* the key cannot be used: why, in English; "" it can */
};

/* As the store tells it; lives as long as the call. */
enum err witness_list(struct call *call, struct witnesses *ret_witnesses);

/* Whether one of them, syslog apart, which cannot say so, took an end in the last day. */
bool witness_took(const struct witnesses *witnesses, stamp now);

/* {"protection", "witness"} for desk.info: the word with witnesses counted, and how they do. */
enum err witness_add_doc(struct call *call, json_t *doc);

/* --- handing over (witness_out.c) ------------------------------------------------------ */

/*
 * Appends the line to the file, unless it is its last line already, and syncs it; the file is
 * made, mode 0640, if it is not there.  Static English words on failure; NULL: done.
 */
const char *witness_append(const char *path, const char *line);

/* Tells the system's log (witness_syslog.c). */
void witness_syslog(const char *line);

/* --- the desk's own key (witness_key.c) ------------------------------------------------- */

struct sign_key;

/*
 * Opens the secret key, makes it where there is none, and sees to it that the ledger names it.
 * On failure *ret_why is a static English sentence, or NULL when the store failed.
 */
enum err witness_key(struct call *call, struct sign_key **ret_key, const char **ret_why);

#endif
