/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/sshsig.c: kept signatures of ssh-keygen, damaged ones, and the
 * ssh-keygen of this machine in both directions.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "ssh_vectors.h"
#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "toban/base/sshsig.h"

extern char **environ;

static const struct ssh_bytes text = { VECTOR_TEXT, sizeof(VECTOR_TEXT) - 1 };

static int
setup(void **state)
{
	(void)state;
	return hash_start() == ERR_OK ? 0 : -1;
}

static void
vector_secret(uint8_t secret[SSHSIG_SECRET_BYTES])
{
	unsigned char public[crypto_sign_PUBLICKEYBYTES];
	struct hash seed;

	assert_int_equal(hash_parse(VECTOR_SEED, &seed), ERR_OK);
	assert_int_equal(crypto_sign_seed_keypair(public, secret, seed.bytes), 0);
}

static void
sshsig_verify__kept_signatures__accepted(void **state)
{
	static const char *const rows[] = { VECTOR_SIGNATURE, VECTOR_SHA256 };
	struct ssh_public key;

	(void)state;
	assert_int_equal(ssh_public_parse(VECTOR_LINE, &key, NULL, NULL), SSH_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ssh_public signer;
		struct sshsig sig;
		struct str armored = STR_INIT;

		assert_int_equal(sshsig_verify(rows[i], "toban", text, &key, &signer), SSH_OK);
		assert_true(ssh_public_same(&key, &signer));
		assert_int_equal(sshsig_parse(rows[i], &sig), SSH_OK);
		sshsig_armor(&sig, &armored);
		assert_string_equal(str_text(&armored), rows[i]);
		str_release(&armored);
	}
}

static void
sshsig_make__seed_of_the_vector__bytes_of_ssh_keygen(void **state)
{
	uint8_t secret[SSHSIG_SECRET_BYTES];
	struct sshsig sig;
	struct str armored = STR_INIT;

	(void)state;
	vector_secret(secret);
	assert_int_equal(sshsig_make(secret, "toban", text, &sig), SSH_OK);
	sshsig_armor(&sig, &armored);
	assert_string_equal(str_text(&armored), VECTOR_SIGNATURE);
	str_release(&armored);
	assert_int_equal(sshsig_make(secret, "", text, &sig), SSH_NAMESPACE);
}

static void
sshsig_verify__something_else__says_what(void **state)
{
	static const struct ssh_bytes other = { "The result of 26-0002 is approved.\n", 35 };
	uint8_t secret[SSHSIG_SECRET_BYTES];
	struct ssh_public key = { { 0 } };

	(void)state;
	assert_int_equal(sshsig_verify(VECTOR_SIGNATURE, "toban", other, NULL, NULL), SSH_WRONG);
	assert_int_equal(sshsig_verify(VECTOR_GIT, "toban", text, NULL, NULL), SSH_NAMESPACE);
	assert_int_equal(sshsig_verify(VECTOR_GIT, "git", text, NULL, NULL), SSH_OK);
	assert_int_equal(sshsig_verify(VECTOR_SIGNATURE, "tob", text, NULL, NULL), SSH_NAMESPACE);
	assert_int_equal(sshsig_verify(VECTOR_RSA, "toban", text, NULL, NULL), SSH_KIND);
	crypto_sign_keypair(key.bytes, secret);
	assert_int_equal(sshsig_verify(VECTOR_SIGNATURE, "toban", text, &key, NULL), SSH_OTHER_KEY);
}

/* --- damage ------------------------------------------------------------------------------ */

static void
sshsig_parse__armor_table__strict(void **state)
{
	static const char body[] =
		"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgmhQgHlQp6Co9SQpI9wUwlnB1L3"
		"mI7jLt35flmILKgfcAAAAFdG9iYW4AAAAAAAAABnNoYTUxMgAAAFMAAAALc3NoLWVkMjU1"
		"MTkAAABAgyTyhJwvpixRZRPpOz+uTCCucv0tcZT/AKcjo4NEF3/jAJ57ewxVXapdbpH2Cf"
		"qYBNKzjO91Vf53f53s2JiXCQ==";
	static const struct {
		const char *before;
		const char *after; /* the body */
		enum ssh_fault want;
	} rows[] = {
		{ ARMOR_START, "\n" ARMOR_END, SSH_OK },
		{ ARMOR_START, "\n-----END SSH SIGNATURE-----", SSH_OK },
		{ "-----BEGIN SSH SIGNATURE-----\r\n", "\r\n-----END SSH SIGNATURE-----\r\n",
			SSH_OK },
		{ "", "", SSH_DAMAGED },
		{ ARMOR_START, "\n", SSH_DAMAGED },
		{ "", "\n" ARMOR_END, SSH_DAMAGED },
		{ "\n" ARMOR_START, "\n" ARMOR_END, SSH_DAMAGED },
		{ " " ARMOR_START, "\n" ARMOR_END, SSH_DAMAGED },
		{ ARMOR_START "\n", "\n" ARMOR_END, SSH_DAMAGED },
		{ ARMOR_START, ARMOR_END, SSH_DAMAGED },
		{ ARMOR_START, " \n" ARMOR_END, SSH_DAMAGED },
		{ ARMOR_START, "\r\r\n" ARMOR_END, SSH_DAMAGED },
		{ ARMOR_START, "=\n" ARMOR_END, SSH_DAMAGED },
		{ ARMOR_START, "\nAAAA\n" ARMOR_END, SSH_DAMAGED },
		{ ARMOR_START, "\n" ARMOR_END "\n", SSH_DAMAGED },
		{ ARMOR_START, "\n" ARMOR_END "x", SSH_DAMAGED },
		{ ARMOR_START, "\n" ARMOR_END ARMOR_START, SSH_DAMAGED },
		{ "-----BEGIN PGP SIGNATURE-----\n", "\n-----END PGP SIGNATURE-----\n",
			SSH_DAMAGED },
		{ "-----BEGIN SSH SIGNATURE----- \n", "\n" ARMOR_END, SSH_DAMAGED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str armored = STR_INIT;
		struct sshsig sig;
		enum ssh_fault fault;

		str_addf(&armored, "%s%s%s", rows[i].before, body, rows[i].after);
		fault = sshsig_parse(str_text(&armored), &sig);
		if (fault != rows[i].want) {
			fail_msg("row %zu: %s", i, ssh_fault_word(fault));
		}
		str_release(&armored);
	}
}

static enum ssh_fault
verify_bytes(const struct str *blob, size_t len)
{
	struct str armored = STR_INIT;
	enum ssh_fault fault;

	str_add(&armored, ARMOR_START);
	base64_add(&armored, blob->data, len);
	str_add(&armored, "\n" ARMOR_END);
	fault = sshsig_verify(str_text(&armored), "toban", text, NULL, NULL);
	str_release(&armored);
	return fault;
}

static void
vector_blob(struct str *blob)
{
	struct str digits = STR_INIT;

	for (const char *at = &VECTOR_SIGNATURE[strlen(ARMOR_START)]; *at != '-'; at++) {
		if (*at != '\n') {
			str_add_char(&digits, *at);
		}
	}
	assert_int_equal(base64_parse(str_text(&digits), blob), ERR_OK);
	str_release(&digits);
}

static void
sshsig_verify__each_bit_turned_and_each_end_cut__refused(void **state)
{
	struct str blob = STR_INIT;

	(void)state;
	vector_blob(&blob);
	assert_int_equal(verify_bytes(&blob, blob.len), SSH_OK);
	for (size_t bit = 0; bit < blob.len * 8; bit++) {
		blob.data[bit / 8] = (char)(blob.data[bit / 8] ^ (1 << bit % 8));
		if (verify_bytes(&blob, blob.len) == SSH_OK) {
			fail_msg("bit %zu of byte %zu may be turned", bit % 8, bit / 8);
		}
		blob.data[bit / 8] = (char)(blob.data[bit / 8] ^ (1 << bit % 8));
	}
	for (size_t len = 0; len < blob.len; len++) {
		assert_int_equal(verify_bytes(&blob, len), SSH_DAMAGED);
	}
	str_add_char(&blob, '\0');
	assert_int_equal(verify_bytes(&blob, blob.len), SSH_DAMAGED);
	str_release(&blob);
}

static void
sshsig_verify__s_beyond_the_group_order__refused(void **state)
{
	/* The order of the group: S + L would be a second signature of the same text. */
	static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
		0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
	struct str blob = STR_INIT;
	unsigned carry = 0;

	(void)state;
	vector_blob(&blob);
	for (size_t i = 0; i < sizeof(order); i++) {
		uint8_t *byte = (uint8_t *)blob.data + blob.len - sizeof(order) + i;

		carry += *byte + order[i];
		*byte = (uint8_t)carry;
		carry >>= 8;
	}
	assert_int_equal(verify_bytes(&blob, blob.len), SSH_WRONG);
	str_release(&blob);
}

static void
sshsig_parse__longer_than_any__refused_unread(void **state)
{
	struct str armored = STR_INIT;
	struct sshsig sig;

	(void)state;
	str_add(&armored, ARMOR_START);
	str_add_repeat(&armored, 'A', 1 << 20);
	str_add(&armored, "\n" ARMOR_END);
	assert_int_equal(sshsig_parse(str_text(&armored), &sig), SSH_DAMAGED);
	str_release(&armored);
}

/* --- the ssh-keygen of this machine --------------------------------------------------------- */

struct bench {
	char dir[32];
};

static char *
place(const struct bench *bench, const char *name)
{
	struct str path = STR_INIT;

	str_addf(&path, "%s/%s", bench->dir, name);
	return str_detach(&path);
}

static void
write_text(const struct bench *bench, const char *name, const char *content, size_t len)
{
	char *path = place(bench, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, content, len), ERR_OK);
	assert_int_equal(close(fd), 0);
	free(path);
}

static void
read_text(const struct bench *bench, const char *name, char *content, size_t size)
{
	char *path = place(bench, name);
	int fd = open(path, O_RDONLY);
	size_t len = 0;

	assert_true(fd >= 0);
	assert_int_equal(fd_read_all(fd, content, size - 1, &len), ERR_OK);
	content[len] = '\0';
	assert_int_equal(close(fd), 0);
	free(path);
}

/* Runs a shell command with the folder as $1; its exit status. */
static int
run(const struct bench *bench, const char *command)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, strdup(command), (char[]){ "sh" },
		strdup(bench->dir), NULL };
	pid_t pid = 0;
	int status = 0;

	assert_int_equal(posix_spawnp(&pid, "sh", NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	free(argv[2]);
	free(argv[4]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
bench_open(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	snprintf(bench->dir, sizeof(bench->dir), "/tmp/toban-sshsig-XXXXXX");
	assert_non_null(mkdtemp(bench->dir));
	*state = bench;
	return 0;
}

static int
bench_close(void **state)
{
	struct bench *bench = *state;

	(void)run(bench, "rm -r \"$1\"");
	free(bench);
	return 0;
}

static void
sshsig_verify__signed_by_ssh_keygen__accepted(void **state)
{
	struct bench *bench = *state;
	char line[1024];
	char armored[4096];
	struct ssh_public key;

	write_text(bench, "text", VECTOR_TEXT, text.len);
	assert_int_equal(run(bench,
				 "cd \"$1\" && ssh-keygen -q -t ed25519 -N '' -C 当番 -f key && "
				 "ssh-keygen -q -Y sign -n toban -f key text 2>/dev/null"),
		0);
	read_text(bench, "key.pub", line, sizeof(line));
	read_text(bench, "text.sig", armored, sizeof(armored));
	assert_int_equal(ssh_public_parse(line, &key, NULL, NULL), SSH_OK);
	assert_int_equal(sshsig_verify(armored, "toban", text, &key, NULL), SSH_OK);
}

static void
sshsig_make__checked_by_ssh_keygen__accepted_and_not_for_another_text(void **state)
{
	static const char verify[] = "cd \"$1\" && ssh-keygen -q -Y verify -f allowed -I dc-owner "
				     "-n toban -s text.sig < text >/dev/null 2>&1";
	struct bench *bench = *state;
	uint8_t secret[SSHSIG_SECRET_BYTES];
	struct ssh_public key;
	struct sshsig sig;
	struct str out = STR_INIT;

	assert_int_equal(crypto_sign_keypair(key.bytes, secret), 0);
	str_add(&out, "dc-owner namespaces=\"toban\" ");
	ssh_public_line(&key, NULL, &out);
	str_add_char(&out, '\n');
	write_text(bench, "allowed", out.data, out.len);
	str_clear(&out);
	assert_int_equal(sshsig_make(secret, "toban", text, &sig), SSH_OK);
	sshsig_armor(&sig, &out);
	write_text(bench, "text.sig", out.data, out.len);
	write_text(bench, "text", VECTOR_TEXT, text.len);
	assert_int_equal(run(bench, verify), 0);
	write_text(bench, "text", VECTOR_TEXT, text.len - 1);
	assert_int_not_equal(run(bench, verify), 0);
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sshsig_verify__kept_signatures__accepted),
		cmocka_unit_test(sshsig_make__seed_of_the_vector__bytes_of_ssh_keygen),
		cmocka_unit_test(sshsig_verify__something_else__says_what),
		cmocka_unit_test(sshsig_parse__armor_table__strict),
		cmocka_unit_test(sshsig_verify__each_bit_turned_and_each_end_cut__refused),
		cmocka_unit_test(sshsig_verify__s_beyond_the_group_order__refused),
		cmocka_unit_test(sshsig_parse__longer_than_any__refused_unread),
		cmocka_unit_test_setup_teardown(
			sshsig_verify__signed_by_ssh_keygen__accepted, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			sshsig_make__checked_by_ssh_keygen__accepted_and_not_for_another_text,
			bench_open, bench_close),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
