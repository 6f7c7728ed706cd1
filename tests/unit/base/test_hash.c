/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/hash.c, by the published vectors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"

static int
setup(void **state)
{
	(void)state;
	return hash_start() == ERR_OK ? 0 : -1;
}

static void
hash_of__fips_180_vectors__match(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct hash hash;
		struct hash back;
		char hex[HASH_HEX_SIZE];

		hash_of(rows[i].text, strlen(rows[i].text), &hash);
		hash_hex(&hash, hex);
		assert_string_equal(hex, rows[i].want);
		assert_int_equal(hash_parse(hex, &back), ERR_OK);
		assert_memory_equal(&back, &hash, sizeof(hash));
	}
}

static void
hash_hmac__rfc_4231_vectors__match(void **state)
{
	uint8_t key[131];
	uint8_t data[50];
	struct hash hash;
	char hex[HASH_HEX_SIZE];
	static const char large[] = "Test Using Larger Than Block-Size Key - Hash Key First";

	(void)state;
	hash_hmac("Jefe", 4, "what do ya want for nothing?", 28, &hash);
	hash_hex(&hash, hex);
	assert_string_equal(
		hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	hash_hmac(key, 20, data, sizeof(data), &hash);
	hash_hex(&hash, hex);
	assert_string_equal(
		hex, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	hash_hmac(key, sizeof(key), large, sizeof(large) - 1, &hash);
	hash_hex(&hash, hex);
	assert_string_equal(
		hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void
hash_parse__table__refuses_all_but_64_digits(void **state)
{
#define HEX60 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
	static const struct {
		const char *hex;
		enum err want;
	} rows[] = {
		{ HEX60 "cdef", ERR_OK },
		{ HEX60 "CDEF", ERR_OK },
		{ "", ERR_INVALID },
		{ HEX60, ERR_INVALID },
		{ HEX60 "cde", ERR_INVALID },
		{ HEX60 "cdef0", ERR_INVALID },
		{ HEX60 "cdeg", ERR_INVALID },
		{ HEX60 "cd f", ERR_INVALID },
		{ HEX60 "cd:f", ERR_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct hash hash;
		struct hash before;

		memset(&hash, 7, sizeof(hash));
		before = hash;
		assert_int_equal(hash_parse(rows[i].hex, &hash), rows[i].want);
		if (rows[i].want != ERR_OK) {
			assert_memory_equal(&hash, &before, sizeof(hash));
		}
	}
}

static void
random_id__rising_times__sort_and_never_repeat(void **state)
{
	char last[NEW_ID_SIZE] = "";
	char id[NEW_ID_SIZE];

	(void)state;
	for (int64_t at = 0; at < INT64_C(1) << 48; at = at * 2 + 1) {
		random_id(at, id);
		assert_int_equal(strlen(id), NEW_ID_SIZE - 1);
		assert_int_equal(strspn(id, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), NEW_ID_SIZE - 1);
		assert_true(strcmp(last, id) < 0);
		memcpy(last, id, sizeof(id));
	}
	assert_memory_equal(id, "7ZZZZZZZZZ", 10);
	random_id(INT64_C(1) << 47, id);
	random_id(INT64_C(1) << 47, last);
	assert_memory_equal(id, last, 10);
	assert_string_not_equal(id, last);
	/* The ULID specification's own example of a time. */
	random_id(INT64_C(1469922850259), id);
	assert_memory_equal(id, "01ARZ3NDEK", 10);
}

static void
random_bytes__two_draws__differ(void **state)
{
	uint8_t a[32] = { 0 };
	uint8_t b[32] = { 0 };

	(void)state;
	random_bytes(a, sizeof(a));
	random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

static void
base64__rfc_4648_vectors__there_and_back(void **state)
{
	static const struct {
		const char *plain;
		const char *coded;
	} rows[] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "+//+" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str s = STR_INIT;

		str_add(&s, ">");
		base64_add(&s, rows[i].plain, strlen(rows[i].plain));
		assert_string_equal(str_text(&s) + 1, rows[i].coded);
		str_truncate(&s, 1);
		assert_int_equal(base64_parse(rows[i].coded, &s), ERR_OK);
		assert_string_equal(str_text(&s) + 1, rows[i].plain);
		str_release(&s);
	}
}

static void
base64_parse__stray_bytes__refused_and_nothing_appended(void **state)
{
	static const char *const rows[] = { "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9v\n", " Zm9v",
		"Zm9v*", "Zm-_", "Zg==Zg==", "=" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str s = STR_INIT;

		str_add(&s, "kept");
		assert_int_equal(base64_parse(rows[i], &s), ERR_INVALID);
		assert_string_equal(str_text(&s), "kept");
		assert_false(s.failed);
		str_release(&s);
	}
}

/* Whatever this processor has for it, the bytes are those of libsodium's stream. */
static void
hash_of__every_length__is_what_a_stream_gives(void **state)
{
	unsigned char data[400];

	(void)state;
	random_bytes(data, sizeof(data));
	for (size_t len = 0; len <= sizeof(data); len++) {
		struct hash_stream *stream = hash_stream_new();
		struct hash_part parts[] = { { data, len / 3 }, { data + len / 3, len - len / 3 } };
		struct hash whole;
		struct hash put_together;
		struct hash streamed;

		assert_non_null(stream);
		hash_stream_add(stream, data, len);
		hash_stream_finish(stream, &streamed);
		hash_stream_free(stream);
		hash_of(data, len, &whole);
		hash_of_parts(parts, ARRAY_LEN(parts), &put_together);
		assert_memory_equal(&whole, &streamed, sizeof(whole));
		assert_memory_equal(&put_together, &streamed, sizeof(whole));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_of__fips_180_vectors__match),
		cmocka_unit_test(hash_of__every_length__is_what_a_stream_gives),
		cmocka_unit_test(hash_hmac__rfc_4231_vectors__match),
		cmocka_unit_test(hash_parse__table__refuses_all_but_64_digits),
		cmocka_unit_test(random_id__rising_times__sort_and_never_repeat),
		cmocka_unit_test(random_bytes__two_draws__differ),
		cmocka_unit_test(base64__rfc_4648_vectors__there_and_back),
		cmocka_unit_test(base64_parse__stray_bytes__refused_and_nothing_appended),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
