/* SPDX-License-Identifier: MIT */
/*
 * Keys for the people of a desk of the tests, and calls that are signed with them.
 */
#ifndef TOBAN_TEST_DESK_SIGNER_H
#define TOBAN_TEST_DESK_SIGNER_H

#include "fixture.h"
#include "toban/base/sshsig.h"

struct pair {
	const char *person; /* whose it is; NULL nobody's */
	uint8_t secret[SSHSIG_SECRET_BYTES];
	struct ssh_public public;
	char fingerprint[SSH_FINGERPRINT_SIZE];
};

/* A new pair of keys that nobody at the desk knows. */
void pair_make(struct pair *pair);

/* The armored signature of a text; the result is to be freed. */
char *pair_sign(const struct pair *pair, const char *namespace, const char *text);

/*
 * Makes a key for the person and has it approved, by entries as the methods of keys write
 * them.  Keys of the office head and of administrators last: once they have one, approvals
 * are signed.
 */
void give_key(struct fixture *f, const char *person, struct pair *ret_pair);

/* Revokes it, as its owner. */
void revoke_key(struct fixture *f, const char *person, const struct pair *pair);

/* The `sign` member of the refusal D320 of an act; a new reference. */
json_t *text_to_sign(struct fixture *f, const char *person, const char *id, const char *step,
	const char *fields);

/* incident.act with this event and signature: the answer or the error. */
enum err act_signed(struct fixture *f, const char *person, const json_t *args, json_t **ret_answer);

/* Asks for the text, signs it and acts, as whose the keys are; expects success. */
json_t *decide(struct fixture *f, const struct pair *pair, const char *id, const char *step,
	const char *fields);

/* Any method that asks for a signature: asks, signs, calls again; `args` are taken over. */
json_t *call_signed(struct fixture *f, const struct pair *pair, const char *method, json_t *args);

/* The arguments of incident.act for `sign`, signed by the pair; a new reference. */
json_t *signed_args(const char *id, const char *step, const char *fields, const json_t *sign,
	const struct pair *pair);

/* The problems of ledger.verify as one text "SEQ:KIND SEQ:KIND"; to be freed. */
char *problems(struct fixture *f);

#endif
