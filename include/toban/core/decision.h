/* SPDX-License-Identifier: MIT */
/*
 * What is signed when somebody decides (docs/signatures.md): a short text that a person can read
 * and that has one form only.  Whoever signs it says: I, in this part, take this step, in this
 * case, standing on this entry, with these fields - once, for the text names the one entry it is
 * for.  Pure.
 */
#ifndef TOBAN_CORE_DECISION_H
#define TOBAN_CORE_DECISION_H

#include "toban/base/clock.h"
#include "toban/base/hash.h"
#include "toban/base/str.h"

/* The first line of the text; another form gets another number. */
#define DECISION_FORM "toban-decision-1"

/* The namespace of the signatures (SSHSIG): what they were made for, and nothing else. */
#define DECISION_NAMESPACE "toban"

/* Random text that keeps short fields from being guessed by their hash: 130 bits. */
#define SALT_SIZE NEW_ID_SIZE

/* How long after its text was made a decision may be recorded. */
#define DECISION_VALID_MS (INT64_C(60) * 60 * 1000)

struct decision {
	const char *desk;           /* hash of the first entry, in hexadecimal */
	const char *event;          /* id of the entry to be made, as random_id() makes it */
	const char *subject;        /* of that entry: incident id, org, keys */
	const char *step;           /* its kind */
	const char *actor;          /* who decides */
	const char *acting_for;     /* whom they stand in for; "" nobody */
	const char *post;           /* "" none */
	const char *state;          /* what the case is in afterwards; "" none */
	int64_t stands_on;          /* newest entry a person made in the subject; 0: none */
	struct hash stands_on_hash; /* its row hash; zeros */
	const struct hash *result;  /* of the result that is approved or returned; NULL none */
	struct hash fields;         /* decision_fields() of what was entered */
};

/* A new salt. */
void decision_salt(char out[SALT_SIZE]);

/* SHA-256 of the salt and the canonical JSON of the fields behind it. */
void decision_fields(const char salt[SALT_SIZE], const char *fields, struct hash *ret_hash);

/*
 * Appends the text: DECISION_FORM, then one line "NAME LENGTH:VALUE" for each member, LENGTH the
 * bytes of VALUE, so that no value can be taken for two lines.  ERR_INVALID when `event` is no id
 * of random_id(), whose time the text tells; ERR_NOMEM.
 */
enum err decision_text(const struct decision *decision, struct str *out);

/* The hash of the fields that a text names; ERR_INVALID when it is none of decision_text(). */
enum err decision_text_fields(const char *text, struct hash *ret_hash);

/* When an id of random_id() was made, to the millisecond; ERR_INVALID for any other text. */
enum err decision_event_time(const char *event, stamp *ret_at);

/*
 * What the desk hands out with a text, and gets back with the signature as `event`: the id, the
 * salt and the entry the text stands on.  The desk keeps none of it in between.
 */
struct decision_ticket {
	char event[NEW_ID_SIZE];
	char salt[SALT_SIZE];
	int64_t stands_on;
};

#define TICKET_SIZE 65 /* 26 + 26 + 10 digits, two dots, NUL */

/* Writes "EVENT.SALT.SEQ". */
void decision_ticket_write(const struct decision_ticket *ticket, char out[TICKET_SIZE]);

/* Reads what the above wrote; ERR_INVALID for anything else. */
enum err decision_ticket_read(const char *text, struct decision_ticket *ret_ticket);

#endif
