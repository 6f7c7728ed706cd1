/* SPDX-License-Identifier: MIT */
/*
 * A secret key in locked memory: see sign_key.h.
 */
#include "toban/base/sign_key.h"

#include <sodium.h>
#include <string.h>

#include "toban/base/hash.h"
#include "toban/base/sshsig.h"

#define KEY_FORM "toban-key-1 "

struct sign_key {
	uint8_t secret[SSHSIG_SECRET_BYTES]; /* seed, then public key */
	struct ssh_public public;
};

_Static_assert(SSHSIG_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "as libsodium has it");

static enum err
key_of_seed(const uint8_t seed[crypto_sign_SEEDBYTES], struct sign_key **ret_key)
{
	struct sign_key *key = sodium_malloc(sizeof(*key));

	if (!key) {
		return ERR_NOMEM;
	}
	(void)crypto_sign_seed_keypair(key->public.bytes, key->secret, seed); /* cannot fail */
	*ret_key = key;
	return ERR_OK;
}

enum err
sign_key_new(struct sign_key **ret_key)
{
	uint8_t seed[crypto_sign_SEEDBYTES];
	enum err e;

	random_bytes(seed, sizeof(seed));
	e = key_of_seed(seed, ret_key);
	sodium_memzero(seed, sizeof(seed));
	return e;
}

enum err
sign_key_read(const char *line, struct sign_key **ret_key)
{
	size_t form = strlen(KEY_FORM);
	size_t len = strcspn(line, "\n");
	char text[64] = "";
	struct str seed = STR_INIT;
	enum err e = ERR_INVALID;

	if (strncmp(line, KEY_FORM, form) == 0 && len - form < sizeof(text) &&
		line[len + (line[len] != '\0')] == '\0') {
		memcpy(text, line + form, len - form);
		e = base64_parse(text, &seed);
	}
	if (!e) {
		e = seed.len == crypto_sign_SEEDBYTES
			? key_of_seed((const uint8_t *)seed.data, ret_key)
			: ERR_INVALID;
	}
	sodium_memzero(text, sizeof(text));
	if (seed.data) {
		sodium_memzero(seed.data, seed.cap);
	}
	str_release(&seed);
	return e;
}

void
sign_key_write(const struct sign_key *key, struct str *out)
{
	/* In one piece, so that no half of the secret is left behind by growing. */
	if (str_reserve(out, 128)) {
		str_add(out, KEY_FORM);
		base64_add(out, key->secret, crypto_sign_SEEDBYTES);
		str_add_char(out, '\n');
	}
}

void
sign_key_public(const struct sign_key *key, struct ssh_public *ret_public)
{
	*ret_public = key->public;
}

enum err
sign_key_sign(const struct sign_key *key, const char *text, struct str *out)
{
	struct sshsig sig;
	const struct ssh_bytes bytes = { text, strlen(text) };
	enum ssh_fault fault = sshsig_make(key->secret, SSHSIG_NAMESPACE, bytes, &sig);

	if (!fault) {
		sshsig_armor(&sig, out);
	}
	return fault || out->failed ? ERR_NOMEM : ERR_OK;
}

void
sign_key_free(struct sign_key *key)
{
	sodium_free(key);
}
