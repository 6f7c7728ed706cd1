/* SPDX-License-Identifier: MIT */
/*
 * Public keys as OpenSSH writes them, of the one kind that signs at a desk: Ed25519.
 */
#ifndef TOBAN_BASE_SSH_KEY_H
#define TOBAN_BASE_SSH_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/ssh_wire.h"
#include "toban/base/str.h"

#define SSH_KEY_KIND "ssh-ed25519"
#define SSH_PUBLIC_BYTES 32
#define SSH_SIGNATURE_BYTES 64

/* "SHA256:" and 43 digits of base64, with the NUL. */
#define SSH_FINGERPRINT_SIZE 51

struct ssh_public {
	uint8_t bytes[SSH_PUBLIC_BYTES];
};

/* What is wrong with a key or a signature; SSH_OK: nothing. */
enum ssh_fault {
	SSH_OK = 0,
	SSH_NOMEM,
	SSH_DAMAGED,   /* it is not in the form of OpenSSH, or something hangs on it */
	SSH_KIND,      /* another kind of key: RSA, ECDSA, a security key (sk-...) */
	SSH_HASH_KIND, /* a signature over another hash than SHA-512 or SHA-256 */
	SSH_NAMESPACE, /* a signature made for something else */
	SSH_OTHER_KEY, /* a sound signature by another key than the expected one */
	SSH_WRONG,     /* the signature is not of this text by this key */
	SSH_FAULT_COUNT
};

/* One sentence for people, in the language spoken; "" for SSH_OK. */
const char *ssh_fault_text(enum ssh_fault fault);

/* The same for logs, tests and the verifier: a word, never translated. */
const char *ssh_fault_word(enum ssh_fault fault);

/* The key as bytes on the wire: appended to `out`. */
void ssh_public_blob(const struct ssh_public *key, struct str *out);

/* Reads such bytes; nothing may be left over, and the key must be a point that can sign. */
enum ssh_fault ssh_public_of_blob(struct ssh_bytes blob, struct ssh_public *ret_key);

/*
 * Reads a line as it stands in a .pub file: "ssh-ed25519 AAAA... comment", one line
 * break at its end allowed.  *ret_comment points into `line`, may be empty, ends with the
 * line's end; its length is *ret_comment_len.  Both may be NULL.  The comment is text that
 * text_input_ok() takes.
 */
enum ssh_fault ssh_public_parse(const char *line, struct ssh_public *ret_key,
	const char **ret_comment, size_t *ret_comment_len);

/* Writes such a line, without a line break; no blank when there is no comment (NULL or ""). */
void ssh_public_line(const struct ssh_public *key, const char *comment, struct str *out);

/* "SHA256:uNBc...": what ssh-keygen -l shows. */
void ssh_fingerprint(const struct ssh_public *key, char out[SSH_FINGERPRINT_SIZE]);

/* Whether the text has the form of a fingerprint. */
bool ssh_fingerprint_ok(const char *text);

bool ssh_public_same(const struct ssh_public *a, const struct ssh_public *b);

/* Reads a signature as a key makes it ("ssh-ed25519" and 64 bytes on the wire). */
enum ssh_fault ssh_signature_of_blob(struct ssh_bytes blob, uint8_t ret[SSH_SIGNATURE_BYTES]);

#endif
