/* SPDX-License-Identifier: MIT */
/*
 * A key pair of toban's own, and the file it is kept in under a passphrase (docs/keys.md):
 *
 *     toban-key 1
 *     public ssh-ed25519 AAAA... COMMENT
 *     argon2id OPS KIB SALT
 *     xchacha20-poly1305 NONCE
 *     secret SEALED
 *
 * The passphrase goes through argon2id; what comes out seals the secret key, and with it
 * everything above it, so that nobody exchanges the public line.
 */
#ifndef TOBAN_BASE_SECRET_KEY_H
#define TOBAN_BASE_SECRET_KEY_H

#include <stddef.h>

#include "toban/base/err.h"
#include "toban/base/secret_text.h"
#include "toban/base/sshsig.h"

/* Longer files are none of ours. */
#define SECRET_KEY_FILE_MOST 4096

struct secret_key; /* opaque: in locked memory, wiped when freed */

/* A new random pair.  ERR_NOMEM. */
enum err secret_key_new(struct secret_key **ret_key);
void secret_key_free(struct secret_key *key); /* NULL allowed */

const struct ssh_public *secret_key_public(const struct secret_key *key);

/* As sshsig_make(). */
enum ssh_fault secret_key_sign(const struct secret_key *key, const char *namespace,
	struct ssh_bytes text, struct sshsig *ret_sig);

/* How much work a guess at the passphrase is; stands in the file. */
enum secret_key_cost {
	SECRET_KEY_SAFE, /* 256 MiB, four passes: near a second */
	SECRET_KEY_QUICK /* for tests */
};

struct secret_key_wrap {
	const struct secret_text *passphrase;
	const char *comment; /* one line without control characters; "" none */
	enum secret_key_cost cost;
};

/* Appends the content of the key's file.  ERR_NOMEM, also when argon2id gets no memory. */
enum err secret_key_wrap(
	const struct secret_key *key, const struct secret_key_wrap *wrap, struct str *out);

/*
 * The pair of a file's content.  ERR_DENIED: not this passphrase, or the file was changed.
 * ERR_INVALID: no such file.  ERR_UNSUPPORTED: of a newer version, or asks for more work than
 * is allowed (4 GiB, 64 passes).  ERR_NOMEM.
 */
enum err secret_key_unwrap(
	struct ssh_bytes file, const struct secret_text *passphrase, struct secret_key **ret_key);

/*
 * Its public line alone, for which no passphrase is needed; appended to `line` without a line
 * break.  Not proven until the file is unwrapped.  ERR_INVALID, ERR_UNSUPPORTED, ERR_NOMEM.
 */
enum err secret_key_peek(struct ssh_bytes file, struct ssh_public *ret_public, struct str *line);

#endif
