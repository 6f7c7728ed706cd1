/* SPDX-License-Identifier: MIT */
/*
 * A secret Ed25519 key while it is used: in locked memory that is wiped, and that no
 * core file holds.
 */
#ifndef TOBAN_BASE_SIGN_KEY_H
#define TOBAN_BASE_SIGN_KEY_H

#include "toban/base/err.h"
#include "toban/base/ssh_key.h"
#include "toban/base/str.h"

struct sign_key; /* opaque */

/* A new one; ERR_NOMEM when no memory can be locked. */
enum err sign_key_new(struct sign_key **ret_key);

/* The one of a line that sign_key_write() made; ERR_INVALID, ERR_NOMEM. */
enum err sign_key_read(const char *line, struct sign_key **ret_key);

/*
 * Appends the line to keep, with its line break: "toban-key-1 " and the base64 of the seed.
 * It is the secret itself: wipe it.
 */
void sign_key_write(const struct sign_key *key, struct str *out);

/* Its public part. */
void sign_key_public(const struct sign_key *key, struct ssh_public *ret_public);

/* Appends an armored signature of the text for the namespace SSHSIG_NAMESPACE; ERR_NOMEM. */
enum err sign_key_sign(const struct sign_key *key, const char *text, struct str *out);

void sign_key_free(struct sign_key *key); /* wipes it; NULL allowed */

#endif
