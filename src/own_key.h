/* SPDX-License-Identifier: MIT */
/*
 * The file of toban's own key: one to an account, under a passphrase (base/secret_key.h).
 */
#ifndef TOBAN_OWN_KEY_H
#define TOBAN_OWN_KEY_H

#include <stdint.h>

#include "toban/base/secret_key.h"
#include "toban/desk/signer.h"

struct own_key {
	const char *path;      /* NULL: there is no home to keep it in */
	int wrong;             /* passphrases since the last right one */
	int64_t wait_until_ms; /* on the steady clock: no look before */
};

/* Its public key without the passphrase.  SIGNER_NO_KEY, _FILE, _DISK, _NOMEM. */
enum signer_fault own_key_peek(const struct own_key *key, struct ssh_public *ret, struct str *line);

/*
 * Signs the text for the namespace of desks; the secret key is in memory for that moment.
 * SIGNER_WRONG_PASSPHRASE, and after three of them _WAIT, longer each time; as above.
 */
enum signer_fault own_key_sign(struct own_key *key, const struct secret_text *passphrase,
	struct ssh_bytes text, struct sshsig *ret_sig);

/*
 * Makes the key and its file, mode 0600, durable; never overwrites one.  SIGNER_EXISTS,
 * _WEAK_PASSPHRASE, _DISK, _NOMEM.
 */
enum signer_fault own_key_make(const struct own_key *key, const struct secret_text *passphrase,
	const char *comment, struct str *line);

#endif
