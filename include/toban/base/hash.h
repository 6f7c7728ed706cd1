/* SPDX-License-Identifier: MIT */
/*
 * SHA-256, HMAC, randomness and their text forms, by libsodium.
 */
#ifndef TOBAN_BASE_HASH_H
#define TOBAN_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "toban/base/err.h"
#include "toban/base/str.h"

#define HASH_BYTES 32
#define HASH_HEX_SIZE (2 * HASH_BYTES + 1)

struct hash {
	uint8_t bytes[HASH_BYTES];
};

/* Call once before any other function here; ERR_IO if the system has no randomness. */
enum err hash_start(void);

/* SHA-256 of the bytes (FIPS 180-4). */
void hash_of(const void *data, size_t len, struct hash *ret_hash);

/* Bytes that are hashed together with others. */
struct hash_part {
	const void *data;
	size_t len;
};

/* SHA-256 of the parts one after the other, without a copy of them. */
void hash_of_parts(const struct hash_part *parts, size_t n, struct hash *ret_hash);

/* SHA-256 of what comes in pieces; opaque. */
struct hash_stream;

struct hash_stream *hash_stream_new(void); /* NULL without memory */
void hash_stream_add(struct hash_stream *stream, const void *data, size_t len);
/* The hash of everything added; adding more afterwards is a fault. */
void hash_stream_finish(struct hash_stream *stream, struct hash *ret_hash);
void hash_stream_free(struct hash_stream *stream); /* NULL allowed */

/* HMAC-SHA-256 (RFC 2104); the key may have any length. */
void hash_hmac(const void *key, size_t key_len, const void *data, size_t len, struct hash *ret);

/* Lower-case hexadecimal, NUL-terminated. */
void hash_hex(const struct hash *hash, char out[HASH_HEX_SIZE]);

/* Reads exactly 64 hexadecimal digits, either case; ERR_INVALID otherwise. */
enum err hash_parse(const char *hex, struct hash *ret_hash);

/* The key of hash_short(): random bytes that nobody else knows. */
struct hash_key {
	unsigned char bytes[16];
};

/* 64 bits for a table in memory (SipHash): fast, and nobody without the key finds two alike. */
uint64_t hash_short(const struct hash_key *key, const void *data, size_t len);

/* Fills `out` with unpredictable bytes. */
void random_bytes(void *out, size_t len);

/*
 * A new identifier: 26 characters, Crockford base32 of a 48-bit time and 80
 * random bits (ULID), sorted by time.  `at_ms` since 1970, >= 0.
 */
#define NEW_ID_SIZE 27
void random_id(int64_t at_ms, char out[NEW_ID_SIZE]);

/* Standard base64 with padding (RFC 4648 §4). */
void base64_add(struct str *out, const void *data, size_t len);

/*
 * Appends the bytes of standard base64 with padding; ERR_INVALID on any stray
 * byte, ERR_NOMEM; `out` keeps its content then.
 */
enum err base64_parse(const char *text, struct str *out);

#endif
