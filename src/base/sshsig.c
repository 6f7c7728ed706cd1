/* SPDX-License-Identifier: MIT */
/*
 * The signature format of OpenSSH.  A signature is over a short blob that names the
 * purpose (namespace) and the hash of the text, so that one made for a desk cannot be
 * passed off as one for git, or as a login.
 */
#include "toban/base/sshsig.h"

#include <string.h>

#include <sodium.h>

#include "toban/base/hash.h"

#define MAGIC "SSHSIG"
#define MAGIC_BYTES 6
#define VERSION 1
#define ARMOR_START "-----BEGIN SSH SIGNATURE-----"
#define ARMOR_END "-----END SSH SIGNATURE-----"
#define ARMOR_COLUMNS 70

_Static_assert(SSHSIG_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "Ed25519");

/* By the value of enum sshsig_hash. */
static const char *const hash_names[] = { "sha512", "sha256" };

/* --- the armor ------------------------------------------------------------------------- */

/* Steps over a line that is exactly `line`; NULL when it is another, or goes on. */
static const char *
skip_line(const char *at, const char *line)
{
	size_t len = strlen(line);

	if (strncmp(at, line, len) != 0) {
		return NULL;
	}
	at += len;
	if (*at == '\r' && at[1] == '\n') {
		at++;
	}
	if (*at == '\n') {
		return at + 1;
	}
	return *at == '\0' ? at : NULL;
}

/* Gathers the base64 between the two lines, without its line breaks. */
static enum ssh_fault
strip_armor(const char *armored, struct str *ret_digits)
{
	const char *at = skip_line(armored, ARMOR_START);
	const char *end;

	while (at && *at && *at != '-') {
		size_t len = strcspn(at, "\r\n");

		if (len == 0) {
			return SSH_DAMAGED;
		}
		str_add_n(ret_digits, at, len);
		at += len;
		at += *at == '\r' && at[1] == '\n' ? 1 : 0;
		if (*at != '\n') {
			return SSH_DAMAGED;
		}
		at++;
	}
	end = at ? skip_line(at, ARMOR_END) : NULL;
	if (!end || *end != '\0') {
		return SSH_DAMAGED;
	}
	return ret_digits->failed ? SSH_NOMEM : SSH_OK;
}

/* --- the blob -------------------------------------------------------------------------- */

static enum ssh_fault
take_hash(struct ssh_bytes name, enum sshsig_hash *ret_hash)
{
	for (size_t i = 0; i < sizeof(hash_names) / sizeof(hash_names[0]); i++) {
		if (ssh_bytes_are(name, hash_names[i])) {
			*ret_hash = (enum sshsig_hash)i;
			return SSH_OK;
		}
	}
	return SSH_HASH_KIND;
}

static enum ssh_fault
take_namespace(struct ssh_bytes name, char ret[SSHSIG_NAMESPACE_MAX + 1])
{
	if (name.len == 0 || name.len > SSHSIG_NAMESPACE_MAX || memchr(name.data, 0, name.len)) {
		return SSH_NAMESPACE;
	}
	memcpy(ret, name.data, name.len);
	ret[name.len] = '\0';
	return SSH_OK;
}

static enum ssh_fault
parse_blob(struct ssh_bytes blob, struct sshsig *ret_sig)
{
	struct ssh_reader reader = { .at = blob.data, .left = blob.len };
	struct sshsig sig = { .hash = SSHSIG_SHA512 };
	struct ssh_bytes key;
	struct ssh_bytes namespace;
	struct ssh_bytes reserved;
	struct ssh_bytes hash;
	struct ssh_bytes signature;
	enum ssh_fault fault;

	if (blob.len < MAGIC_BYTES || memcmp(blob.data, MAGIC, MAGIC_BYTES) != 0) {
		return SSH_DAMAGED;
	}
	reader.at += MAGIC_BYTES;
	reader.left -= MAGIC_BYTES;
	if (ssh_take_number(&reader) != VERSION) {
		return SSH_DAMAGED;
	}
	key = ssh_take_string(&reader);
	namespace = ssh_take_string(&reader);
	reserved = ssh_take_string(&reader);
	hash = ssh_take_string(&reader);
	signature = ssh_take_string(&reader);
	/* What is reserved is signed as empty: anything in it would be unsigned cargo. */
	if (!ssh_reader_done(&reader) || reserved.len != 0) {
		return SSH_DAMAGED;
	}
	fault = ssh_public_of_blob(key, &sig.key);
	if (!fault) {
		fault = take_namespace(namespace, sig.namespace);
	}
	if (!fault) {
		fault = take_hash(hash, &sig.hash);
	}
	if (!fault) {
		fault = ssh_signature_of_blob(signature, sig.bytes);
	}
	if (!fault) {
		*ret_sig = sig;
	}
	return fault;
}

enum ssh_fault
sshsig_parse(const char *armored, struct sshsig *ret_sig)
{
	struct str digits = STR_INIT;
	struct str blob = STR_INIT;
	enum ssh_fault fault = SSH_DAMAGED;

	if (strnlen(armored, SSHSIG_ARMORED_MAX + 1) <= SSHSIG_ARMORED_MAX) {
		fault = strip_armor(armored, &digits);
	}
	if (!fault) {
		enum err e = base64_parse(str_text(&digits), &blob);

		fault = e == ERR_NOMEM ? SSH_NOMEM : e ? SSH_DAMAGED : SSH_OK;
	}
	if (!fault) {
		fault = parse_blob((struct ssh_bytes){ blob.data, blob.len }, ret_sig);
	}
	str_release(&digits);
	str_release(&blob);
	return fault;
}

static void
add_signature(struct str *out, const uint8_t bytes[SSH_SIGNATURE_BYTES])
{
	struct str blob = STR_INIT;

	ssh_add_string(&blob, SSH_KEY_KIND, strlen(SSH_KEY_KIND));
	ssh_add_string(&blob, bytes, SSH_SIGNATURE_BYTES);
	ssh_add_string(out, str_text(&blob), blob.len);
	out->failed = out->failed || blob.failed;
	str_release(&blob);
}

void
sshsig_armor(const struct sshsig *sig, struct str *out)
{
	struct str key = STR_INIT;
	struct str blob = STR_INIT;
	struct str digits = STR_INIT;

	ssh_public_blob(&sig->key, &key);
	str_add_n(&blob, MAGIC, MAGIC_BYTES);
	ssh_add_number(&blob, VERSION);
	ssh_add_string(&blob, str_text(&key), key.len);
	ssh_add_string(&blob, sig->namespace, strlen(sig->namespace));
	ssh_add_string(&blob, "", 0);
	ssh_add_string(&blob, hash_names[sig->hash], strlen(hash_names[sig->hash]));
	add_signature(&blob, sig->bytes);
	base64_add(&digits, str_text(&blob), blob.len);
	str_add(out, ARMOR_START "\n");
	for (size_t at = 0; at < digits.len; at += ARMOR_COLUMNS) {
		size_t len = digits.len - at < ARMOR_COLUMNS ? digits.len - at : ARMOR_COLUMNS;

		str_add_n(out, digits.data + at, len);
		str_add_char(out, '\n');
	}
	str_add(out, ARMOR_END "\n");
	out->failed = out->failed || key.failed || blob.failed || digits.failed;
	str_release(&key);
	str_release(&blob);
	str_release(&digits);
}

/* --- signing and checking ---------------------------------------------------------------- */

static void
add_hash(struct str *out, enum sshsig_hash hash, struct ssh_bytes text)
{
	unsigned char digest[crypto_hash_sha512_BYTES];

	/* Both are documented to return 0. */
	if (hash == SSHSIG_SHA256) {
		(void)crypto_hash_sha256(digest, text.data, text.len);
		ssh_add_string(out, digest, crypto_hash_sha256_BYTES);
	} else {
		(void)crypto_hash_sha512(digest, text.data, text.len);
		ssh_add_string(out, digest, crypto_hash_sha512_BYTES);
	}
}

void
sshsig_blob_to_sign(
	const char *namespace, enum sshsig_hash hash, struct ssh_bytes text, struct str *out)
{
	str_add_n(out, MAGIC, MAGIC_BYTES);
	ssh_add_string(out, namespace, strlen(namespace));
	ssh_add_string(out, "", 0);
	ssh_add_string(out, hash_names[hash], strlen(hash_names[hash]));
	add_hash(out, hash, text);
}

enum ssh_fault
sshsig_check(const struct sshsig *sig, const char *namespace, struct ssh_bytes text)
{
	struct str blob = STR_INIT;
	enum ssh_fault fault = SSH_NOMEM;

	if (strcmp(sig->namespace, namespace) != 0) {
		return SSH_NAMESPACE;
	}
	sshsig_blob_to_sign(namespace, sig->hash, text, &blob);
	if (!blob.failed) {
		fault = crypto_sign_verify_detached(sig->bytes, (const unsigned char *)blob.data,
				blob.len, sig->key.bytes) == 0
			? SSH_OK
			: SSH_WRONG;
	}
	str_release(&blob);
	return fault;
}

enum ssh_fault
sshsig_verify(const char *armored, const char *namespace, struct ssh_bytes text,
	const struct ssh_public *expected, struct ssh_public *ret_signer)
{
	struct sshsig sig;
	enum ssh_fault fault = sshsig_parse(armored, &sig);

	if (!fault) {
		fault = sshsig_check(&sig, namespace, text);
	}
	if (!fault && expected && !ssh_public_same(expected, &sig.key)) {
		fault = SSH_OTHER_KEY;
	}
	if (!fault && ret_signer) {
		*ret_signer = sig.key;
	}
	return fault;
}

enum ssh_fault
sshsig_make(const uint8_t secret[SSHSIG_SECRET_BYTES], const char *namespace, struct ssh_bytes text,
	struct sshsig *ret_sig)
{
	struct sshsig sig = { .hash = SSHSIG_SHA512 };
	struct str blob = STR_INIT;
	enum ssh_fault fault =
		take_namespace((struct ssh_bytes){ namespace, strlen(namespace) }, sig.namespace);

	if (fault) {
		return fault;
	}
	sshsig_blob_to_sign(namespace, sig.hash, text, &blob);
	if (blob.failed) {
		fault = SSH_NOMEM;
	} else {
		/* Both are documented to return 0 for a key of this form. */
		(void)crypto_sign_ed25519_sk_to_pk(sig.key.bytes, secret);
		(void)crypto_sign_detached(
			sig.bytes, NULL, (const unsigned char *)blob.data, blob.len, secret);
		*ret_sig = sig;
	}
	str_release(&blob);
	return fault;
}
