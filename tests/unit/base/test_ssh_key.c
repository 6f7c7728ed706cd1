/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/ssh_key.c and ssh_wire.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ssh_vectors.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/ssh_key.h"

static int
setup(void **state)
{
	(void)state;
	return hash_start() == ERR_OK ? 0 : -1;
}

static void
ssh_public_parse__line_of_ssh_keygen__key_comment_and_fingerprint(void **state)
{
	struct ssh_public key;
	struct str line = STR_INIT;
	char fingerprint[SSH_FINGERPRINT_SIZE];
	const char *comment = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(ssh_public_parse(VECTOR_LINE "\n", &key, &comment, &len), SSH_OK);
	assert_int_equal(len, strlen("dc-owner@desk"));
	assert_memory_equal(comment, "dc-owner@desk", len);
	ssh_fingerprint(&key, fingerprint);
	assert_string_equal(fingerprint, VECTOR_FINGERPRINT);
	assert_true(ssh_fingerprint_ok(fingerprint));
	ssh_public_line(&key, "dc-owner@desk", &line);
	assert_string_equal(str_text(&line), VECTOR_LINE);
	str_clear(&line);
	ssh_public_line(&key, NULL, &line);
	assert_string_equal(str_text(&line), "ssh-ed25519 " VECTOR_WORD);
	str_release(&line);
}

static void
ssh_public_parse__table__says_what_is_wrong(void **state)
{
	static const struct {
		const char *line;
		enum ssh_fault want;
	} rows[] = {
		{ "ssh-ed25519 " VECTOR_WORD, SSH_OK },
		{ "ssh-ed25519 " VECTOR_WORD "\r\n", SSH_OK },
		{ "ssh-ed25519 " VECTOR_WORD " 山田 太郎", SSH_OK },
		{ "", SSH_DAMAGED },
		{ "ssh-ed25519", SSH_DAMAGED },
		{ "ssh-ed25519 ", SSH_DAMAGED },
		{ "ssh-ed25519  " VECTOR_WORD, SSH_DAMAGED },
		{ " ssh-ed25519 " VECTOR_WORD, SSH_DAMAGED },
		{ "ssh-ed25519 " VECTOR_WORD "\n\n", SSH_DAMAGED },
		{ "ssh-ed25519 " VECTOR_WORD " a\nssh-ed25519 " VECTOR_WORD, SSH_DAMAGED },
		{ "ssh-ed25519 " VECTOR_WORD " a\033[2J", SSH_DAMAGED },
		{ "ssh-ed25519 " VECTOR_WORD " \xff", SSH_DAMAGED },
		{ "ssh-ed25519 " VECTOR_WORD "=", SSH_DAMAGED },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJoUIB5UKegqPUkKSPcFMJZwdS95iO4y7d+X5ZiCyoE"
		  "=",
			SSH_DAMAGED },
		{ "command=\"x\" ssh-ed25519 " VECTOR_WORD, SSH_DAMAGED },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----\n", SSH_DAMAGED },
		{ "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ== x", SSH_KIND },
		{ "ecdsa-sha2-nistp256 AAAA x", SSH_KIND },
		{ "sk-ssh-ed25519@openssh.com AAAAGnNr x", SSH_KIND },
		/* The words say one thing and the bytes another. */
		{ "ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==", SSH_KIND },
		/* A point of order 1: whoever knows the format could "sign" by it. */
		{ "ssh-ed25519 "
		  "AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			SSH_DAMAGED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ssh_public key;
		enum ssh_fault fault = ssh_public_parse(rows[i].line, &key, NULL, NULL);

		if (fault != rows[i].want) {
			fail_msg("%s: %s", rows[i].line, ssh_fault_word(fault));
		}
	}
}

static void
ssh_public_of_blob__cut_or_longer__damaged(void **state)
{
	struct ssh_public key;
	struct ssh_public again;
	struct str blob = STR_INIT;

	(void)state;
	assert_int_equal(ssh_public_parse(VECTOR_LINE, &key, NULL, NULL), SSH_OK);
	ssh_public_blob(&key, &blob);
	assert_int_equal(
		ssh_public_of_blob((struct ssh_bytes){ blob.data, blob.len }, &again), SSH_OK);
	assert_true(ssh_public_same(&key, &again));
	for (size_t len = 0; len < blob.len; len++) {
		assert_int_equal(ssh_public_of_blob((struct ssh_bytes){ blob.data, len }, &again),
			SSH_DAMAGED);
	}
	str_add_char(&blob, '\0');
	assert_int_equal(
		ssh_public_of_blob((struct ssh_bytes){ blob.data, blob.len }, &again), SSH_DAMAGED);
	str_release(&blob);
}

static void
ssh_reader__length_beyond_the_end__fails_and_stays_failed(void **state)
{
	static const uint8_t bytes[] = { 0xff, 0xff, 0xff, 0xff, 1, 2 };
	struct ssh_reader reader = { .at = bytes, .left = sizeof(bytes) };

	(void)state;
	assert_int_equal(ssh_take_string(&reader).len, 0);
	assert_true(reader.failed);
	assert_int_equal(ssh_take_byte(&reader), 0);
	assert_int_equal(ssh_take_number(&reader), 0);
	assert_false(ssh_reader_done(&reader));
}

static void
ssh_fingerprint_ok__table__only_the_form_of_ssh_keygen(void **state)
{
	static const char *const bad[] = { "", "SHA256:", "SHA256:idUj",
		"MD5:idUjdDOMQVYjHk5g+Irs9mdR5riZUB07mW5nMOAyMHA",
		"SHA256:idUjdDOMQVYjHk5g+Irs9mdR5riZUB07mW5nMOAyMHA=",
		"SHA256:idUjdDOMQVYjHk5g+Irs9mdR5riZUB07mW5nMOAyMH " };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(ssh_fingerprint_ok(bad[i]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ssh_public_parse__line_of_ssh_keygen__key_comment_and_fingerprint),
		cmocka_unit_test(ssh_public_parse__table__says_what_is_wrong),
		cmocka_unit_test(ssh_public_of_blob__cut_or_longer__damaged),
		cmocka_unit_test(ssh_reader__length_beyond_the_end__fails_and_stays_failed),
		cmocka_unit_test(ssh_fingerprint_ok__table__only_the_form_of_ssh_keygen),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
