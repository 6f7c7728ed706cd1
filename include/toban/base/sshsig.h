/* SPDX-License-Identifier: MIT */
/*
 * Signatures of texts in the format of OpenSSH (PROTOCOL.sshsig), by Ed25519 keys: what
 * `ssh-keygen -Y sign` makes and `ssh-keygen -Y verify` checks.  Pure: no key is looked for,
 * nothing is read or written.
 */
#ifndef TOBAN_BASE_SSHSIG_H
#define TOBAN_BASE_SSHSIG_H

#include <stddef.h>
#include <stdint.h>

#include "toban/base/ssh_key.h"
#include "toban/base/ssh_wire.h"
#include "toban/base/str.h"

/* Every signature of a desk is made for this and no other purpose. */
#define SSHSIG_NAMESPACE "toban"
#define SSHSIG_NAMESPACE_MAX 63 /* bytes */

/* Longer texts are no signature of a kind that is known here. */
#define SSHSIG_ARMORED_MAX 16384

/* A secret key as libsodium has it: the seed and the public key. */
#define SSHSIG_SECRET_BYTES 64

enum sshsig_hash { SSHSIG_SHA512, SSHSIG_SHA256 };

struct sshsig {
	struct ssh_public key;
	char namespace[SSHSIG_NAMESPACE_MAX + 1]; /* never empty */
	enum sshsig_hash hash;                    /* over the text; new ones have SHA-512 */
	uint8_t bytes[SSH_SIGNATURE_BYTES];
};

/*
 * Reads an armored signature ("-----BEGIN SSH SIGNATURE-----" ...), lines ended by LF or
 * CRLF, the last one may be missing.  Anything before, behind or within it that is not
 * part of the format is refused.  What it says is not checked yet.
 */
enum ssh_fault sshsig_parse(const char *armored, struct sshsig *ret_sig);

/* Writes it as ssh-keygen does, with the line break at its end: the form to keep. */
void sshsig_armor(const struct sshsig *sig, struct str *out);

/*
 * The bytes an Ed25519 key really signs for a text: magic, namespace, hash of the text.  A
 * namespace is 1 to SSHSIG_NAMESPACE_MAX bytes without a NUL.
 */
void sshsig_blob_to_sign(
	const char *namespace, enum sshsig_hash hash, struct ssh_bytes text, struct str *out);

/* Whether `sig` is a signature of the text for the namespace by the key it names. */
enum ssh_fault sshsig_check(const struct sshsig *sig, const char *namespace, struct ssh_bytes text);

/*
 * Parses and checks at once.  With `expected` (NULL: whichever) it must be by that key.
 * *ret_signer (may be NULL) is the key it was made with.
 */
enum ssh_fault sshsig_verify(const char *armored, const char *namespace, struct ssh_bytes text,
	const struct ssh_public *expected, struct ssh_public *ret_signer);

/* Signs the text with a secret key, which is only read. */
enum ssh_fault sshsig_make(const uint8_t secret[SSHSIG_SECRET_BYTES], const char *namespace,
	struct ssh_bytes text, struct sshsig *ret_sig);

#endif
