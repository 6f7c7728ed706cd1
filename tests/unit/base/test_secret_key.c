/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/secret_key.c and secret_text.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/secret_key.h"

static int
setup(void **state)
{
	(void)state;
	return hash_start() == ERR_OK ? 0 : -1;
}

static struct secret_text
secret(const char *text)
{
	struct secret_text s;

	assert_int_equal(secret_text_start(&s), ERR_OK);
	assert_true(secret_text_add(&s, text, strlen(text)));
	return s;
}

static struct ssh_bytes
bytes_of(const struct str *text)
{
	return (struct ssh_bytes){ str_text(text), text->len };
}

/* A wrapped key; free both. */
static struct secret_key *
wrapped(struct str *out, const char *passphrase)
{
	struct secret_text s = secret(passphrase);
	struct secret_key *key = NULL;

	assert_int_equal(secret_key_new(&key), ERR_OK);
	assert_int_equal(secret_key_wrap(key,
				 &(struct secret_key_wrap){ &s, "me@desk", SECRET_KEY_QUICK }, out),
		ERR_OK);
	secret_text_release(&s);
	return key;
}

static enum err
unwrap(const struct str *file, const char *passphrase, struct secret_key **ret_key)
{
	struct secret_text s = secret(passphrase);
	enum err e = secret_key_unwrap(bytes_of(file), &s, ret_key);

	secret_text_release(&s);
	return e;
}

static void
secret_key__wrapped_and_unwrapped__signs_as_before(void **state)
{
	const struct ssh_bytes text = { "text", 4 };
	struct str file = STR_INIT;
	struct str line = STR_INIT;
	struct secret_key *key = wrapped(&file, "correct horse 電池");
	struct secret_key *again = NULL;
	struct ssh_public peeked;
	struct sshsig sig;

	(void)state;
	assert_int_equal(secret_key_peek(bytes_of(&file), &peeked, &line), ERR_OK);
	assert_true(ssh_public_same(&peeked, secret_key_public(key)));
	assert_non_null(strstr(str_text(&line), " me@desk"));
	assert_int_equal(unwrap(&file, "correct horse 電池", &again), ERR_OK);
	assert_int_equal(secret_key_sign(again, "toban", text, &sig), SSH_OK);
	assert_int_equal(sshsig_check(&sig, "toban", text), SSH_OK);
	assert_true(ssh_public_same(&sig.key, secret_key_public(key)));
	secret_key_free(key);
	secret_key_free(again);
	str_release(&file);
	str_release(&line);
}

static void
F38__key_file__holds_neither_passphrase_nor_secret(void **state)
{
	struct str file = STR_INIT;
	struct str digits = STR_INIT;
	struct secret_key *key = wrapped(&file, "canary passphrase 0815");
	/* The secret begins behind the public key in the one block both are in. */
	const uint8_t *secret_bytes = secret_key_public(key)->bytes + SSH_PUBLIC_BYTES;

	(void)state;
	assert_null(strstr(str_text(&file), "canary"));
	base64_add(&digits, secret_bytes, 30); /* the seed, whole groups of it */
	assert_null(strstr(str_text(&file), str_text(&digits)));
	secret_key_free(key);
	str_release(&file);
	str_release(&digits);
}

static void
secret_key_unwrap__other_passphrase__denied(void **state)
{
	static const char *const wrong[] = { "", "correct horse batterz", "correct horse battery ",
		"Correct horse battery" };
	struct str file = STR_INIT;
	struct secret_key *key = wrapped(&file, "correct horse battery");
	struct secret_key *again = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_int_equal(unwrap(&file, wrong[i], &again), ERR_DENIED);
	}
	assert_null(again);
	secret_key_free(key);
	str_release(&file);
}

static void
secret_key_unwrap__each_byte_changed_or_cut__never_a_key(void **state)
{
	struct str file = STR_INIT;
	struct secret_key *key = wrapped(&file, "correct horse battery");
	struct secret_key *again = NULL;

	(void)state;
	for (size_t i = 0; i < file.len; i++) {
		char was = file.data[i];

		/* Another digit of the same alphabet: more work is not asked for by it. */
		file.data[i] = was == 'A' ? 'B' : 'A';
		if (unwrap(&file, "correct horse battery", &again) == ERR_OK) {
			fail_msg("byte %zu (%c) may be changed", i, was);
		}
		file.data[i] = was;
	}
	for (size_t len = 0; len < file.len; len++) {
		struct secret_text s = secret("correct horse battery");
		enum err e = secret_key_unwrap((struct ssh_bytes){ file.data, len }, &s, &again);

		assert_int_not_equal(e, ERR_OK);
		secret_text_release(&s);
	}
	str_add(&file, "\n");
	assert_int_equal(unwrap(&file, "correct horse battery", &again), ERR_INVALID);
	secret_key_free(key);
	str_release(&file);
}

static void
secret_key_unwrap__newer_or_too_much_work__unsupported(void **state)
{
	static const char tail[] = "\npublic ssh-ed25519 "
				   "AAAAC3NzaC1lZDI1NTE5AAAAIJoUIB5UKegqPUkKSPcFMJZwdS95iO4y7d+"
				   "X5ZiCyoH3\nargon2id %s AAAAAAAAAAAAAAAAAAAAAA==\n"
				   "xchacha20-poly1305 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nsecret "
				   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
				   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
	static const struct {
		const char *version;
		const char *cost;
		enum err want;
	} rows[] = {
		{ "toban-key 1", "1 64", ERR_DENIED },
		{ "toban-key 2", "1 64", ERR_UNSUPPORTED },
		{ "toban-key 1", "65 64", ERR_UNSUPPORTED },
		{ "toban-key 1", "1 4194305", ERR_UNSUPPORTED },
		{ "toban-key 1", "0 64", ERR_UNSUPPORTED },
		{ "toban-key 1", "1 7", ERR_UNSUPPORTED },
		{ "toban-key 1", "1 x", ERR_INVALID },
		{ "openssh-key 1", "1 64", ERR_INVALID },
	};
	struct secret_key *key = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str file = STR_INIT;

		str_add(&file, rows[i].version);
		str_addf(&file, tail, rows[i].cost);
		if (unwrap(&file, "x", &key) != rows[i].want) {
			fail_msg("row %zu", i);
		}
		str_release(&file);
	}
}

static void
passphrase_is_good__table__long_and_not_one_key(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} rows[] = {
		{ "", false },
		{ "short", false },
		{ "aaaaaaaaaaaaaaaa", false },
		{ "abababababababab", false },
		{ "correct hors", true },
		{ "当番の夜は静かに更けていく", true },
		{ "当番の夜は静かに", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct secret_text s = secret(rows[i].text);

		assert_int_equal(passphrase_is_good(&s), rows[i].want);
		secret_text_release(&s);
	}
}

static void
secret_text_read__lines__one_each_and_bounded(void **state)
{
	static const char line[] = "first line\r\nsecond";
	char long_line[SECRET_TEXT_MOST + 2];
	struct secret_text s = secret("");
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], line, sizeof(line) - 1), sizeof(line) - 1);
	assert_int_equal(secret_text_read(&s, ends[0]), ERR_OK);
	assert_string_equal(s.data, "first line");
	secret_text_clear(&s);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(secret_text_read(&s, ends[0]), ERR_OK);
	assert_string_equal(s.data, "second");
	secret_text_clear(&s);
	assert_int_equal(secret_text_read(&s, ends[0]), ERR_NOT_FOUND);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(pipe(ends), 0);
	memset(long_line, 'x', sizeof(long_line));
	assert_int_equal(write(ends[1], long_line, sizeof(long_line)), sizeof(long_line));
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(secret_text_read(&s, ends[0]), ERR_INVALID);
	assert_int_equal(close(ends[0]), 0);
	secret_text_release(&s);
}

static void
secret_text_drop__last_character__gone_whole(void **state)
{
	struct secret_text s = secret("a夜");

	(void)state;
	secret_text_drop(&s);
	assert_string_equal(s.data, "a");
	assert_int_equal(s.data[2], 0); /* the bytes are gone as well */
	secret_text_drop(&s);
	secret_text_drop(&s);
	assert_int_equal(s.len, 0);
	secret_text_release(&s);
	assert_null(s.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secret_key__wrapped_and_unwrapped__signs_as_before),
		cmocka_unit_test(F38__key_file__holds_neither_passphrase_nor_secret),
		cmocka_unit_test(secret_key_unwrap__other_passphrase__denied),
		cmocka_unit_test(secret_key_unwrap__each_byte_changed_or_cut__never_a_key),
		cmocka_unit_test(secret_key_unwrap__newer_or_too_much_work__unsupported),
		cmocka_unit_test(passphrase_is_good__table__long_and_not_one_key),
		cmocka_unit_test(secret_text_read__lines__one_each_and_bounded),
		cmocka_unit_test(secret_text_drop__last_character__gone_whole),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
