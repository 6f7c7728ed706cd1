/* SPDX-License-Identifier: MIT */
/*
 * argon2id by libsodium, over HMAC-SHA-256 of person and PIN: the same PIN of two people
 * has nothing in common.
 */
#include "toban/base/pin_hash.h"

#include <sodium.h>
#include <string.h>

#include "toban/base/hash.h"

_Static_assert(PIN_HASH_SIZE >= crypto_pwhash_STRBYTES, "room for what libsodium writes");
_Static_assert(PIN_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES, "the key of an HMAC");

static const struct {
	unsigned long long ops;
	size_t memory;
} costs[] = {
	[PIN_COST_FULL] = { crypto_pwhash_OPSLIMIT_INTERACTIVE, 32 * 1024 * 1024 },
	[PIN_COST_LEAST] = { crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN },
};

/* HMAC over parts, each with its NUL, so that no two lists of parts are the same text. */
static void
keyed(const uint8_t *key, const char *const parts[3], struct hash *ret)
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, PIN_KEY_BYTES);
	for (int i = 0; i < 3; i++) {
		crypto_auth_hmacsha256_update(
			&state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
	}
	crypto_auth_hmacsha256_final(&state, ret->bytes);
	sodium_memzero(&state, sizeof(state));
}

enum err
pin_hash(const struct pin_secret *secret, enum pin_cost cost, char out[PIN_HASH_SIZE])
{
	const char *const parts[3] = { "pin", secret->person, secret->pin };
	struct hash hash;
	int rc;

	keyed(secret->key, parts, &hash);
	rc = crypto_pwhash_str(out, (const char *)hash.bytes, sizeof(hash.bytes), costs[cost].ops,
		costs[cost].memory);
	sodium_memzero(&hash, sizeof(hash));
	return rc == 0 ? ERR_OK : ERR_NOMEM;
}

static bool
fits(const struct hash *keyed, const char *text)
{
	char padded[crypto_pwhash_STRBYTES] = "";

	/* libsodium reads as many bytes as it writes. */
	memcpy(padded, text, strnlen(text, sizeof(padded) - 1));
	return crypto_pwhash_str_verify(padded, (const char *)keyed->bytes, sizeof(keyed->bytes)) ==
		0;
}

bool
pin_hash_fits(const struct pin_secret *secret, const char *text)
{
	const char *const parts[3] = { "pin", secret->person, secret->pin };
	struct hash hash;
	bool is;

	keyed(secret->key, parts, &hash);
	is = fits(&hash, text);
	sodium_memzero(&hash, sizeof(hash));
	return is;
}

void
pin_hash_keyed(const struct pin_secret *secret, char out[PIN_KEYED_SIZE])
{
	const char *const parts[3] = { "pin", secret->person, secret->pin };
	struct hash hash;

	keyed(secret->key, parts, &hash);
	(void)sodium_bin2hex(out, PIN_KEYED_SIZE, hash.bytes, sizeof(hash.bytes));
	sodium_memzero(&hash, sizeof(hash));
}

bool
pin_hash_fits_keyed(const char *keyed_hex, const char *text)
{
	struct hash hash;
	size_t len = 0;
	bool is = sodium_hex2bin(hash.bytes, sizeof(hash.bytes), keyed_hex, strlen(keyed_hex), NULL,
			  &len, NULL) == 0 &&
		len == sizeof(hash.bytes) && fits(&hash, text);

	sodium_memzero(&hash, sizeof(hash));
	return is;
}

void
pin_key_id(const uint8_t key[PIN_KEY_BYTES], char out[PIN_KEY_ID_SIZE])
{
	struct hash hash;

	hash_of(key, PIN_KEY_BYTES, &hash);
	(void)sodium_bin2hex(out, PIN_KEY_ID_SIZE, hash.bytes, (PIN_KEY_ID_SIZE - 1) / 2);
}

void
pin_name_hash(const uint8_t key[PIN_KEY_BYTES], const char *name, char out[PIN_NAME_SIZE])
{
	const char *const parts[3] = { "name", name, "" };
	struct hash hash;

	keyed(key, parts, &hash);
	(void)sodium_bin2hex(out, PIN_NAME_SIZE, hash.bytes, (PIN_NAME_SIZE - 1) / 2);
}

void
pin_make(char out[PIN_MADE_SIZE])
{
	for (int i = 0; i < PIN_MADE_SIZE - 1; i++) {
		out[i] = (char)('0' + randombytes_uniform(10));
	}
	out[PIN_MADE_SIZE - 1] = '\0';
}
