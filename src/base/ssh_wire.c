/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing RFC 4251 values, bounded by what is there.
 */
#include "toban/base/ssh_wire.h"

#include <string.h>

/* The next `len` bytes, or NULL and a failed reader. */
static const uint8_t *
take(struct ssh_reader *reader, size_t len)
{
	const uint8_t *at = reader->at;

	if (reader->failed || len > reader->left) {
		reader->failed = true;
		return NULL;
	}
	reader->at += len;
	reader->left -= len;
	return at;
}

uint8_t
ssh_take_byte(struct ssh_reader *reader)
{
	const uint8_t *at = take(reader, 1);

	return at ? at[0] : 0;
}

uint32_t
ssh_take_number(struct ssh_reader *reader)
{
	const uint8_t *at = take(reader, 4);

	return at ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
		  : 0;
}

struct ssh_bytes
ssh_take_string(struct ssh_reader *reader)
{
	size_t len = ssh_take_number(reader);
	const uint8_t *at = take(reader, len);

	return (struct ssh_bytes){ at ? (const void *)at : "", at ? len : 0 };
}

bool
ssh_reader_done(const struct ssh_reader *reader)
{
	return !reader->failed && reader->left == 0;
}

bool
ssh_bytes_are(struct ssh_bytes bytes, const char *text)
{
	return bytes.len == strlen(text) && memcmp(bytes.data, text, bytes.len) == 0;
}

void
ssh_add_number(struct str *out, uint32_t number)
{
	const char bytes[4] = { (char)(number >> 24), (char)(number >> 16), (char)(number >> 8),
		(char)number };

	str_add_n(out, bytes, sizeof(bytes));
}

void
ssh_add_string(struct str *out, const void *data, size_t len)
{
	if (len > UINT32_MAX) {
		out->failed = true;
		return;
	}
	ssh_add_number(out, (uint32_t)len);
	str_add_n(out, data, len);
}
