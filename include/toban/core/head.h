/* SPDX-License-Identifier: MIT */
/*
 * Signed ends of the ledger, as they go out to witnesses (docs/witness.md): what exactly
 * is signed, the one line in which it travels, and when one is due.  Pure.
 */
#ifndef TOBAN_CORE_HEAD_H
#define TOBAN_CORE_HEAD_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/arena.h"
#include "toban/base/ssh_key.h"
#include "toban/base/str.h"
#include "toban/core/ledger.h"

/* The first line of the text; another form gets another number. */
#define HEAD_FORM "toban-head-1"

/* The type of the messages that carry one. */
#define TYPE_HEAD "ledger.head"

#define HEAD_CHANGED_MS (INT64_C(15) * 60 * 1000) /* after a change that is no decision */
#define HEAD_DAILY_MS (INT64_C(24) * 60 * 60 * 1000)

/* --- when ------------------------------------------------------------------------- */

enum head_occasion { HEAD_NONE, HEAD_FIRST, HEAD_DECISION, HEAD_CHANGED, HEAD_DAILY };

const char *head_occasion_word(enum head_occasion occasion); /* first, decision, changed, daily */

/* What went out last, and where the ledger is. */
struct head_clock {
	stamp now;
	stamp last_at;    /* when the last one was signed; STAMP_NONE: none was */
	int64_t last_seq; /* where the ledger ended then */
	int64_t seq;      /* where it ends now */
	int64_t decision; /* the newest decision since; 0: there was none */
};

/*
 * Whether one is due, and else when to look again if nobody writes.  A clock that was set
 * back makes one due: what was signed "later" cannot be waited for.
 */
enum head_occasion head_due(const struct head_clock *clock, stamp *ret_next);

/* --- what ------------------------------------------------------------------------- */

struct signed_head {
	const char *desk;        /* hash of the first entry, hexadecimal: which desk this is */
	struct ledger_head head; /* its `at` is the newest entry's */
	stamp signed_at;
	const char *occasion;  /* not signed: a word for people */
	const char *signature; /* armored; "" none */
	const char *key;       /* fingerprint; "" none */
};

/*
 * Appends what is signed: HEAD_FORM, then the lines "desk HEX", "seq N", "row_hash HEX", "at
 * TIME", "signed_at TIME", each ended by a line break; times in UTC to the millisecond.
 */
void head_text(const struct signed_head *head, struct str *out);

/* As one JSON object, a new reference; NULL without memory. */
json_t *head_json(const struct signed_head *head);

/*
 * Reads one from an object of head_json(), from a message that carries one in `data`, or
 * from an unsigned {"seq", "row_hash"}; texts are copied.  ERR_INVALID: it holds none; ERR_NOMEM.
 */
enum err head_read(struct arena *arena, const json_t *json, struct signed_head *ret_head);

/* Whether the signature is one of the key over the text; a fault of it else. */
enum ssh_fault head_check(const struct signed_head *head, const struct ssh_public *key);

#endif
