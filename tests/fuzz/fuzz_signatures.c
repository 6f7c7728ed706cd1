/* SPDX-License-Identifier: MIT */
/*
 * Signatures and public keys as anybody may hand them in.  Read as both; what was read and written
 * again must be read the same.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "toban/base/hash.h"
#include "toban/base/sshsig.h"

static void
try_signature(const char *text)
{
	static const struct ssh_bytes signed_text = { (const uint8_t *)"text", 4 };
	struct str armored = STR_INIT;
	struct sshsig sig;
	struct sshsig again;

	if (sshsig_parse(text, &sig) == SSH_OK) {
		sshsig_armor(&sig, &armored);
		if (sshsig_parse(str_text(&armored), &again) != SSH_OK ||
			strcmp(sig.namespace, again.namespace) != 0 || sig.hash != again.hash ||
			memcmp(sig.bytes, again.bytes, sizeof(sig.bytes)) != 0) {
			abort();
		}
		(void)sshsig_check(&sig, sig.namespace, signed_text);
		str_release(&armored);
	}
}

static void
try_key(const char *text)
{
	struct str line = STR_INIT;
	struct ssh_public key;
	struct ssh_public again;

	if (ssh_public_parse(text, &key, NULL, NULL) == SSH_OK) {
		ssh_public_line(&key, "", &line);
		if (ssh_public_parse(str_text(&line), &again, NULL, NULL) != SSH_OK ||
			!ssh_public_same(&key, &again)) {
			abort();
		}
		str_release(&line);
	}
}

/* The bytes behind the armour, which would seldom come through it whole. */
static void
try_bytes(const uint8_t *data, size_t size)
{
	struct str text = STR_INIT;
	struct str digits = STR_INIT;

	base64_add(&digits, data, size);
	str_add(&text, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t i = 0; i < digits.len; i += 70) {
		str_addf(&text, "%.70s\n", str_text(&digits) + i);
	}
	str_add(&text, "-----END SSH SIGNATURE-----\n");
	try_signature(str_text(&text));
	str_release(&digits);
	str_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text || hash_start() != ERR_OK) {
		abort();
	}
	memcpy(text, data, size);
	text[size] = '\0';
	try_signature(text);
	try_key(text);
	try_bytes(data, size);
	free(text);
	return 0;
}
