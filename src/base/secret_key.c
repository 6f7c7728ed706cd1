/* SPDX-License-Identifier: MIT */
/*
 * Toban's own keys: see secret_key.h.
 */
#include "toban/base/secret_key.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "toban/base/hash.h"

#define FIRST_LINE "toban-key 1"
#define VERSIONED "toban-key "
#define SALT_BYTES crypto_pwhash_argon2id_SALTBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define WRAP_KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define SEALED_BYTES (SSHSIG_SECRET_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES)

#define KIB_MOST (4ul * 1024 * 1024)
#define OPS_MOST 64ul

/* All of it in one block of locked memory. */
struct secret_key {
	struct ssh_public public;
	uint8_t secret[SSHSIG_SECRET_BYTES];
};

struct cost {
	unsigned long ops;
	unsigned long kib;
};

static const struct cost costs[] = {
	[SECRET_KEY_SAFE] = { 4, 256ul * 1024 },
	[SECRET_KEY_QUICK] = { 1, 64 },
};

/* What the lines of a file say. */
struct file {
	const char *public; /* the line behind the word, until `public_len` */
	size_t public_len;
	struct cost cost;
	uint8_t salt[SALT_BYTES];
	uint8_t nonce[NONCE_BYTES];
	uint8_t sealed[SEALED_BYTES];
	size_t head_len; /* bytes before the line "secret": sealed, too */
};

/* --- the pair ---------------------------------------------------------------------------- */

enum err
secret_key_new(struct secret_key **ret_key)
{
	struct secret_key *key = sodium_malloc(sizeof(*key));

	if (!key) {
		return ERR_NOMEM;
	}
	(void)crypto_sign_keypair(key->public.bytes, key->secret); /* documented to return 0 */
	*ret_key = key;
	return ERR_OK;
}

void
secret_key_free(struct secret_key *key)
{
	sodium_free(key);
}

const struct ssh_public *
secret_key_public(const struct secret_key *key)
{
	return &key->public;
}

enum ssh_fault
secret_key_sign(const struct secret_key *key, const char *namespace, struct ssh_bytes text,
	struct sshsig *ret_sig)
{
	return sshsig_make(key->secret, namespace, text, ret_sig);
}

/* --- sealing ------------------------------------------------------------------------------- */

/* The key that seals, out of the passphrase; locked memory for sodium_free().  NULL: no memory. */
static uint8_t *
stretch(const struct secret_text *passphrase, const uint8_t salt[SALT_BYTES], struct cost cost)
{
	uint8_t *key = sodium_malloc(WRAP_KEY_BYTES);

	if (key &&
		crypto_pwhash_argon2id(key, WRAP_KEY_BYTES, passphrase->data, passphrase->len, salt,
			cost.ops, (size_t)cost.kib * 1024,
			crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
		sodium_free(key);
		return NULL;
	}
	return key;
}

enum err
secret_key_wrap(const struct secret_key *key, const struct secret_key_wrap *wrap, struct str *out)
{
	struct cost cost = costs[wrap->cost];
	uint8_t salt[SALT_BYTES];
	uint8_t nonce[NONCE_BYTES];
	uint8_t sealed[SEALED_BYTES];
	struct str head = STR_INIT;
	uint8_t *seal;

	randombytes_buf(salt, sizeof(salt));
	randombytes_buf(nonce, sizeof(nonce));
	str_add(&head, FIRST_LINE "\npublic ");
	ssh_public_line(&key->public, wrap->comment, &head);
	str_addf(&head, "\nargon2id %lu %lu ", cost.ops, cost.kib);
	base64_add(&head, salt, sizeof(salt));
	str_add(&head, "\nxchacha20-poly1305 ");
	base64_add(&head, nonce, sizeof(nonce));
	str_add_char(&head, '\n');
	seal = stretch(wrap->passphrase, salt, cost);
	if (seal && !head.failed) {
		/* Documented to return 0. */
		(void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, key->secret,
			sizeof(key->secret), (const unsigned char *)head.data, head.len, NULL,
			nonce, seal);
		str_add_n(out, head.data, head.len);
		str_add(out, "secret ");
		base64_add(out, sealed, sizeof(sealed));
		str_add_char(out, '\n');
	} else {
		out->failed = true;
	}
	sodium_free(seal);
	str_release(&head);
	return out->failed ? ERR_NOMEM : ERR_OK;
}

/* --- reading a file -------------------------------------------------------------------------- */

/* Steps over a line that begins with `word` and a blank; *ret_rest is what follows on it. */
static bool
take_line(struct ssh_bytes file, size_t *at, const char *word, struct ssh_bytes *ret_rest)
{
	const char *start = (const char *)file.data + *at;
	size_t left = file.len - *at;
	const char *end = memchr(start, '\n', left);
	size_t len = strlen(word);

	if (!end || (size_t)(end - start) <= len || memcmp(start, word, len) != 0 ||
		start[len] != ' ') {
		return false;
	}
	*ret_rest = (struct ssh_bytes){ start + len + 1, (size_t)(end - start) - len - 1 };
	*at += (size_t)(end - start) + 1;
	return true;
}

/* Exactly `size` bytes of base64. */
static bool
take_bytes(struct ssh_bytes digits, uint8_t *bytes, size_t size)
{
	size_t len = 0;

	return sodium_base642bin(bytes, size, digits.data, digits.len, NULL, &len, NULL,
		       sodium_base64_VARIANT_ORIGINAL) == 0 &&
		len == size;
}

/* "OPS KIB SALT" */
static bool
take_cost(struct ssh_bytes rest, struct file *file)
{
	char text[100];
	char salt[64];
	int end = 0;

	if (rest.len >= sizeof(text)) {
		return false;
	}
	memcpy(text, rest.data, rest.len);
	text[rest.len] = '\0';
	return sscanf(text, "%9lu %9lu %63s%n", &file->cost.ops, &file->cost.kib, salt, &end) ==
		3 &&
		text[end] == '\0' &&
		take_bytes(
			(struct ssh_bytes){ salt, strlen(salt) }, file->salt, sizeof(file->salt));
}

static enum err
parse(struct ssh_bytes bytes, struct file *ret_file)
{
	struct file file = { .public = NULL };
	struct ssh_bytes rest;
	size_t at = strlen(FIRST_LINE) + 1;

	if (bytes.len > SECRET_KEY_FILE_MOST || bytes.len < at ||
		memcmp(bytes.data, VERSIONED, strlen(VERSIONED)) != 0) {
		return ERR_INVALID;
	}
	if (memcmp(bytes.data, FIRST_LINE "\n", at) != 0) {
		return ERR_UNSUPPORTED;
	}
	if (!take_line(bytes, &at, "public", &rest)) {
		return ERR_INVALID;
	}
	file.public = rest.data;
	file.public_len = rest.len;
	if (!take_line(bytes, &at, "argon2id", &rest) || !take_cost(rest, &file) ||
		!take_line(bytes, &at, "xchacha20-poly1305", &rest) ||
		!take_bytes(rest, file.nonce, sizeof(file.nonce))) {
		return ERR_INVALID;
	}
	file.head_len = at;
	if (!take_line(bytes, &at, "secret", &rest) ||
		!take_bytes(rest, file.sealed, sizeof(file.sealed)) || at != bytes.len) {
		return ERR_INVALID;
	}
	/* A file that somebody else wrote must not be able to hold the program up for hours. */
	if (file.cost.ops < 1 || file.cost.ops > OPS_MOST || file.cost.kib < 8 ||
		file.cost.kib > KIB_MOST) {
		return ERR_UNSUPPORTED;
	}
	*ret_file = file;
	return ERR_OK;
}

static enum err
read_public(const struct file *file, struct ssh_public *ret_public, struct str *line)
{
	struct str text = STR_INIT;
	enum ssh_fault fault = SSH_NOMEM;

	str_add_n(&text, file->public, file->public_len);
	if (!text.failed && strlen(text.data) == text.len) {
		fault = ssh_public_parse(text.data, ret_public, NULL, NULL);
	} else if (!text.failed) {
		fault = SSH_DAMAGED;
	}
	if (!fault && line) {
		str_add_n(line, text.data, text.len);
		fault = line->failed ? SSH_NOMEM : SSH_OK;
	}
	str_release(&text);
	return fault == SSH_NOMEM ? ERR_NOMEM : fault ? ERR_INVALID : ERR_OK;
}

enum err
secret_key_peek(struct ssh_bytes bytes, struct ssh_public *ret_public, struct str *line)
{
	struct file file;
	enum err e = parse(bytes, &file);

	return e ? e : read_public(&file, ret_public, line);
}

static enum err
unseal(const struct file *file, struct ssh_bytes head, const uint8_t *seal, struct secret_key *key)
{
	struct ssh_public named;
	enum err e = read_public(file, &named, NULL);

	if (e) {
		return e;
	}
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(key->secret, NULL, NULL, file->sealed,
		    sizeof(file->sealed), head.data, head.len, file->nonce, seal) != 0) {
		return ERR_DENIED;
	}
	(void)crypto_sign_ed25519_sk_to_pk(key->public.bytes, key->secret);
	return ssh_public_same(&named, &key->public) ? ERR_OK : ERR_INVALID;
}

enum err
secret_key_unwrap(
	struct ssh_bytes bytes, const struct secret_text *passphrase, struct secret_key **ret_key)
{
	struct file file;
	struct secret_key *key;
	uint8_t *seal;
	enum err e = parse(bytes, &file);

	if (e) {
		return e;
	}
	key = sodium_malloc(sizeof(*key));
	seal = key ? stretch(passphrase, file.salt, file.cost) : NULL;
	e = seal ? unseal(&file, (struct ssh_bytes){ bytes.data, file.head_len }, seal, key)
		 : ERR_NOMEM;
	sodium_free(seal);
	if (e) {
		sodium_free(key);
		return e;
	}
	*ret_key = key;
	return ERR_OK;
}
