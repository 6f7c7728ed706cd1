/* SPDX-License-Identifier: MIT */
/*
 * Public keys: their bytes, their line, their fingerprint (RFC 8709 §4, RFC 4253 §6.6).
 */
#include "toban/base/ssh_key.h"

#include <string.h>

#include <sodium.h>

#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

#define FINGERPRINT_START "SHA256:"
#define FINGERPRINT_DIGITS 43

/* Longer than any line of a key that can be told from ours by its kind. */
#define LINE_MAX_BYTES 16384

_Static_assert(SSH_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519");
_Static_assert(SSH_SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519");
_Static_assert(SSH_FINGERPRINT_SIZE == sizeof(FINGERPRINT_START) + FINGERPRINT_DIGITS, "size");

static const struct {
	const char *word;
	const char *text;
} faults[SSH_FAULT_COUNT] = {
	[SSH_OK] = { "ok", "" },
	[SSH_NOMEM] = { "no-memory", N_("There was not enough memory.") },
	[SSH_DAMAGED] = { "damaged", N_("It is not in the form of OpenSSH, or it is damaged.") },
	[SSH_KIND] = { "kind", N_("It is of another kind than Ed25519 (ssh-ed25519).") },
	[SSH_HASH_KIND] = { "hash", N_("It is over another hash than SHA-512.") },
	[SSH_NAMESPACE] = { "namespace", N_("It was made for something else than this desk.") },
	[SSH_OTHER_KEY] = { "other-key", N_("It was made with another key.") },
	[SSH_WRONG] = { "wrong", N_("It does not fit the text that had to be signed.") },
};

const char *
ssh_fault_text(enum ssh_fault fault)
{
	const char *text = fault < SSH_FAULT_COUNT ? faults[fault].text : "";

	return *text ? _(text) : "";
}

const char *
ssh_fault_word(enum ssh_fault fault)
{
	return fault < SSH_FAULT_COUNT ? faults[fault].word : "?";
}

void
ssh_public_blob(const struct ssh_public *key, struct str *out)
{
	ssh_add_string(out, SSH_KEY_KIND, strlen(SSH_KEY_KIND));
	ssh_add_string(out, key->bytes, sizeof(key->bytes));
}

enum ssh_fault
ssh_public_of_blob(struct ssh_bytes blob, struct ssh_public *ret_key)
{
	struct ssh_reader reader = { .at = blob.data, .left = blob.len };
	struct ssh_bytes kind = ssh_take_string(&reader);
	struct ssh_bytes point;

	if (reader.failed || kind.len == 0) {
		return SSH_DAMAGED;
	}
	if (!ssh_bytes_are(kind, SSH_KEY_KIND)) {
		return SSH_KIND;
	}
	point = ssh_take_string(&reader);
	/* A point of small order "verifies" what nobody signed. */
	if (!ssh_reader_done(&reader) || point.len != SSH_PUBLIC_BYTES ||
		crypto_core_ed25519_is_valid_point(point.data) != 1) {
		return SSH_DAMAGED;
	}
	memcpy(ret_key->bytes, point.data, point.len);
	return SSH_OK;
}

/* The base64 word of a line as a key. */
static enum ssh_fault
parse_word(const char *word, size_t len, struct ssh_public *ret_key)
{
	struct str text = STR_INIT;
	struct str blob = STR_INIT;
	enum ssh_fault fault = SSH_NOMEM;
	enum err e = ERR_NOMEM;

	str_add_n(&text, word, len);
	if (!text.failed) {
		e = base64_parse(str_text(&text), &blob);
	}
	if (!e) {
		fault = ssh_public_of_blob((struct ssh_bytes){ blob.data, blob.len }, ret_key);
	} else if (e != ERR_NOMEM) {
		fault = SSH_DAMAGED;
	}
	str_release(&text);
	str_release(&blob);
	return fault;
}

/* What other keys' lines begin with: they are refused by their kind, not as damaged. */
static bool
is_other_kind(const char *line, size_t len)
{
	static const char *const starts[] = { "ssh-", "ecdsa-", "sk-", "rsa-" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t n = strlen(starts[i]);

		if (len >= n && memcmp(line, starts[i], n) == 0) {
			return true;
		}
	}
	return false;
}

enum ssh_fault
ssh_public_parse(const char *line, struct ssh_public *ret_key, const char **ret_comment,
	size_t *ret_comment_len)
{
	size_t len = strnlen(line, LINE_MAX_BYTES);
	size_t kind = strcspn(line, " \n");
	const char *comment;
	size_t word;
	enum ssh_fault fault;

	if (len == LINE_MAX_BYTES) {
		return SSH_DAMAGED;
	}
	len -= len > 0 && line[len - 1] == '\n' ? 1 : 0;
	len -= len > 0 && line[len - 1] == '\r' ? 1 : 0;
	if (kind >= len || line[kind] != ' ') {
		return SSH_DAMAGED;
	}
	if (kind != strlen(SSH_KEY_KIND) || memcmp(line, SSH_KEY_KIND, kind) != 0) {
		return is_other_kind(line, kind) ? SSH_KIND : SSH_DAMAGED;
	}
	word = strcspn(line + kind + 1, " \r\n");
	comment = line + kind + 1 + word;
	comment += *comment == ' ' ? 1 : 0;
	if (comment > line + len || memchr(comment, '\n', (size_t)(line + len - comment)) ||
		!text_input_ok(comment, (size_t)(line + len - comment), NULL)) {
		return SSH_DAMAGED;
	}
	fault = parse_word(line + kind + 1, word, ret_key);
	if (!fault && ret_comment) {
		*ret_comment = comment;
		*ret_comment_len = (size_t)(line + len - comment);
	}
	return fault;
}

void
ssh_public_line(const struct ssh_public *key, const char *comment, struct str *out)
{
	struct str blob = STR_INIT;

	ssh_public_blob(key, &blob);
	str_add(out, SSH_KEY_KIND " ");
	base64_add(out, blob.data, blob.len);
	if (comment && *comment) {
		str_add_char(out, ' ');
		str_add(out, comment);
	}
	out->failed = out->failed || blob.failed;
	str_release(&blob);
}

void
ssh_fingerprint(const struct ssh_public *key, char out[SSH_FINGERPRINT_SIZE])
{
	/* The blob, made by hand: a fingerprint needs no memory and cannot fail. */
	static const uint8_t start[] = { 0, 0, 0, 11, 's', 's', 'h', '-', 'e', 'd', '2', '5', '5',
		'1', '9', 0, 0, 0, SSH_PUBLIC_BYTES };
	const struct hash_part parts[] = { { start, sizeof(start) },
		{ key->bytes, sizeof(key->bytes) } };
	struct hash hash;

	hash_of_parts(parts, 2, &hash);
	memcpy(out, FINGERPRINT_START, strlen(FINGERPRINT_START));
	(void)sodium_bin2base64(out + strlen(FINGERPRINT_START), FINGERPRINT_DIGITS + 1, hash.bytes,
		sizeof(hash.bytes), sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

bool
ssh_fingerprint_ok(const char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t start = strlen(FINGERPRINT_START);

	return strncmp(text, FINGERPRINT_START, start) == 0 &&
		strlen(text + start) == FINGERPRINT_DIGITS &&
		strspn(text + start, digits) == FINGERPRINT_DIGITS;
}

bool
ssh_public_same(const struct ssh_public *a, const struct ssh_public *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

enum ssh_fault
ssh_signature_of_blob(struct ssh_bytes blob, uint8_t ret[SSH_SIGNATURE_BYTES])
{
	struct ssh_reader reader = { .at = blob.data, .left = blob.len };
	struct ssh_bytes kind = ssh_take_string(&reader);
	struct ssh_bytes bytes;

	if (reader.failed || kind.len == 0) {
		return SSH_DAMAGED;
	}
	if (!ssh_bytes_are(kind, SSH_KEY_KIND)) {
		return SSH_KIND;
	}
	bytes = ssh_take_string(&reader);
	if (!ssh_reader_done(&reader) || bytes.len != SSH_SIGNATURE_BYTES) {
		return SSH_DAMAGED;
	}
	memcpy(ret, bytes.data, bytes.len);
	return SSH_OK;
}
