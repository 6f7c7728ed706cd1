/* SPDX-License-Identifier: MIT */
/*
 * Texts in locked memory, by libsodium: guard pages around them, left out of core dumps,
 * wiped when given back.
 */
#include "toban/base/secret_text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "toban/base/text.h"

enum err
secret_text_start(struct secret_text *text)
{
	/* Locking may be refused (RLIMIT_MEMLOCK); the rest of the protection holds then. */
	char *data = sodium_malloc(SECRET_TEXT_MOST + 1);

	if (!data) {
		return ERR_NOMEM;
	}
	sodium_memzero(data, SECRET_TEXT_MOST + 1);
	*text = (struct secret_text){ .data = data };
	return ERR_OK;
}

void
secret_text_release(struct secret_text *text)
{
	sodium_free(text->data); /* wipes; NULL is allowed */
	*text = (struct secret_text){ NULL, 0 };
}

void
secret_text_clear(struct secret_text *text)
{
	sodium_memzero(text->data, SECRET_TEXT_MOST + 1);
	text->len = 0;
}

bool
secret_text_add(struct secret_text *text, const char *bytes, size_t len)
{
	if (len > SECRET_TEXT_MOST - text->len) {
		return false;
	}
	memcpy(text->data + text->len, bytes, len);
	text->len += len;
	return true;
}

void
secret_text_drop(struct secret_text *text)
{
	size_t start = text->len;

	while (start > 0 && ((unsigned char)text->data[--start] & 0xc0) == 0x80) {
	}
	sodium_memzero(text->data + start, text->len - start);
	text->len = start;
}

bool
secret_text_same(const struct secret_text *a, const struct secret_text *b)
{
	return a->len == b->len && sodium_memcmp(a->data, b->data, a->len) == 0;
}

enum err
secret_text_read(struct secret_text *text, int fd)
{
	char c = '\0';
	ssize_t n;
	bool fits = true;
	bool any = false;

	while ((n = read(fd, &c, 1)) != 0) {
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			return ERR_IO;
		}
		any = true;
		if (c == '\n') {
			break;
		}
		fits = fits && secret_text_add(text, &c, 1);
	}
	sodium_memzero(&c, 1);
	if (text->len > 0 && text->data[text->len - 1] == '\r') {
		secret_text_drop(text);
	}
	if (!any) {
		return ERR_NOT_FOUND;
	}
	return fits && text_input_ok(text->data, text->len, NULL) ? ERR_OK : ERR_INVALID;
}

void
secret_wipe(void *data, size_t len)
{
	sodium_memzero(data, len);
}

/* Whether the character of `len` bytes at `at` stood in the text before. */
static bool
stood_before(const struct secret_text *text, size_t at, size_t len)
{
	for (size_t i = 0; i + len <= at; i++) {
		if (memcmp(text->data + i, text->data + at, len) == 0) {
			return true;
		}
	}
	return false;
}

bool
passphrase_is_good(const struct secret_text *text)
{
	int characters = 0;
	int different = 0;

	for (size_t at = 0; at < text->len;) {
		size_t next = at + 1;

		while (next < text->len && ((unsigned char)text->data[next] & 0xc0) == 0x80) {
			next++;
		}
		characters++;
		different += !stood_before(text, at, next - at);
		at = next;
	}
	return characters >= PASSPHRASE_LEAST && different >= PASSPHRASE_DIFFERENT;
}
