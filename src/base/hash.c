/* SPDX-License-Identifier: MIT */
/*
 * Hashing, randomness, and the text forms of both.
 *
 * SHA-256 is nettle's: it uses the processor's own instructions, and a verification, which
 * hashes each entry twice, is six times as fast in it as with libsodium's portable C.  All
 * that has to do with a key is libsodium's.
 */
#include "toban/base/hash.h"

#include <stdlib.h>
#include <string.h>

#include <nettle/sha2.h>
#include <sodium.h>

#include "toban/base/attr.h"

_Static_assert(HASH_BYTES == SHA256_DIGEST_SIZE, "SHA-256");
_Static_assert(sizeof(struct hash_key) == crypto_shorthash_KEYBYTES, "SipHash");
_Static_assert(HASH_BYTES == crypto_auth_hmacsha256_BYTES, "HMAC-SHA-256");

/* Crockford's base32: no I, L, O, U, so that ids survive the telephone. */
static const char id_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#define ID_TIME_DIGITS 10
#define ID_RANDOM_DIGITS 16
#define ID_TIME_MAX ((INT64_C(1) << 48) - 1)

enum err
hash_start(void)
{
	return sodium_init() < 0 ? ERR_IO : ERR_OK;
}

void
hash_of(const void *data, size_t len, struct hash *ret_hash)
{
	struct sha256_ctx state;

	sha256_init(&state);
	sha256_update(&state, len, data);
	sha256_digest(&state, HASH_BYTES, ret_hash->bytes);
}

struct hash_stream {
	struct sha256_ctx state;
};

struct hash_stream *
hash_stream_new(void)
{
	struct hash_stream *stream = malloc(sizeof(*stream));

	if (stream) {
		sha256_init(&stream->state);
	}
	return stream;
}

void
hash_stream_add(struct hash_stream *stream, const void *data, size_t len)
{
	sha256_update(&stream->state, len, data);
}

void
hash_stream_finish(struct hash_stream *stream, struct hash *ret_hash)
{
	sha256_digest(&stream->state, HASH_BYTES, ret_hash->bytes);
}

void
hash_stream_free(struct hash_stream *stream)
{
	free(stream);
}

/* Parts are many and short: put together first, they are hashed in half the time. */
static bool
gather(const struct hash_part *parts, size_t n, unsigned char *out, size_t size, size_t *ret_len)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		if (parts[i].len > size - len) {
			return false;
		}
		if (parts[i].len > 0) {
			memcpy(out + len, parts[i].data, parts[i].len);
		}
		len += parts[i].len;
	}
	*ret_len = len;
	return true;
}

void
hash_of_parts(const struct hash_part *parts, size_t n, struct hash *ret_hash)
{
	struct sha256_ctx state;
	unsigned char whole[1024];
	size_t len = 0;

	if (gather(parts, n, whole, sizeof(whole), &len)) {
		hash_of(whole, len, ret_hash);
		return;
	}
	sha256_init(&state);
	for (size_t i = 0; i < n; i++) {
		sha256_update(&state, parts[i].len, parts[i].data);
	}
	sha256_digest(&state, HASH_BYTES, ret_hash->bytes);
}

void
hash_hmac(const void *key, size_t key_len, const void *data, size_t len, struct hash *ret)
{
	crypto_auth_hmacsha256_state state;

	/* The three steps are documented to return 0; one-shot takes only 32-byte keys. */
	(void)crypto_auth_hmacsha256_init(&state, key, key_len);
	(void)crypto_auth_hmacsha256_update(&state, data, len);
	(void)crypto_auth_hmacsha256_final(&state, ret->bytes);
	sodium_memzero(&state, sizeof(state));
}

void
hash_hex(const struct hash *hash, char out[HASH_HEX_SIZE])
{
	(void)sodium_bin2hex(out, HASH_HEX_SIZE, hash->bytes, HASH_BYTES);
}

enum err
hash_parse(const char *hex, struct hash *ret_hash)
{
	struct hash hash;
	size_t len = 0;

	if (strlen(hex) != HASH_HEX_SIZE - 1) {
		return ERR_INVALID;
	}
	if (sodium_hex2bin(hash.bytes, sizeof(hash.bytes), hex, HASH_HEX_SIZE - 1, NULL, &len,
		    NULL) != 0 ||
		len != HASH_BYTES) {
		return ERR_INVALID;
	}
	*ret_hash = hash;
	return ERR_OK;
}

uint64_t
hash_short(const struct hash_key *key, const void *data, size_t len)
{
	unsigned char bytes[crypto_shorthash_BYTES];
	uint64_t value;

	/* Documented to return 0. */
	(void)crypto_shorthash(bytes, data, len, key->bytes);
	memcpy(&value, bytes, sizeof(value));
	return value;
}

void
random_bytes(void *out, size_t len)
{
	randombytes_buf(out, len);
}

void
random_id(int64_t at_ms, char out[NEW_ID_SIZE])
{
	uint8_t bits[ID_RANDOM_DIGITS];
	uint64_t ms = (uint64_t)(at_ms < 0 ? 0 : at_ms > ID_TIME_MAX ? ID_TIME_MAX : at_ms);

	for (size_t i = ID_TIME_DIGITS; i-- > 0; ms >>= 5) {
		out[i] = id_digits[ms & 31];
	}
	/* Five of each byte's bits: 16 digits of 5 bits are the 80 random bits. */
	random_bytes(bits, sizeof(bits));
	for (size_t i = 0; i < ID_RANDOM_DIGITS; i++) {
		out[ID_TIME_DIGITS + i] = id_digits[bits[i] & 31];
	}
	out[NEW_ID_SIZE - 1] = '\0';
}

void
base64_add(struct str *out, const void *data, size_t len)
{
	size_t room = 0;

	/* sodium_bin2base64() ends the process above its limit; memory ends far below. */
	if (len > (size_t)1 << 40) {
		out->failed = true;
		return;
	}
	room = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
	if (!str_reserve(out, room)) {
		return;
	}
	(void)sodium_bin2base64(
		out->data + out->len, room, data, len, sodium_base64_VARIANT_ORIGINAL);
	out->len += room - 1;
}

enum err
base64_parse(const char *text, struct str *out)
{
	size_t text_len = strlen(text);
	size_t room = text_len / 4 * 3;
	size_t len = 0;

	if (!str_reserve(out, room)) {
		return ERR_NOMEM;
	}
	if (sodium_base642bin((unsigned char *)out->data + out->len, room, text, text_len, NULL,
		    &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
		out->data[out->len] = '\0';
		return ERR_INVALID;
	}
	out->len += len;
	out->data[out->len] = '\0';
	return ERR_OK;
}
