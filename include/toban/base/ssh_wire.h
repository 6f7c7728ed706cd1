/* SPDX-License-Identifier: MIT */
/*
 * The encoding in which OpenSSH writes keys, signatures and the messages of its
 * agent (RFC 4251 §5): numbers of 4 bytes big-endian, strings after their length.
 */
#ifndef TOBAN_BASE_SSH_WIRE_H
#define TOBAN_BASE_SSH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/str.h"

/* Bytes that belong to somebody else; may hold NULs. */
struct ssh_bytes {
	const void *data; /* never NULL when len > 0 */
	size_t len;
};

/* Reads from the front; nothing is copied.  Failure is sticky: ask once, at the end. */
struct ssh_reader {
	const uint8_t *at;
	size_t left;
	bool failed; /* it ended too early: what was taken since is 0 or empty */
};

uint8_t ssh_take_byte(struct ssh_reader *reader);
uint32_t ssh_take_number(struct ssh_reader *reader);
struct ssh_bytes ssh_take_string(struct ssh_reader *reader);

/* Everything was read, and nothing was missing. */
bool ssh_reader_done(const struct ssh_reader *reader);

/* Whether the bytes are exactly this NUL-terminated text. */
bool ssh_bytes_are(struct ssh_bytes bytes, const char *text);

void ssh_add_number(struct str *out, uint32_t number);
/* A string of less than 4 GiB; more sets out->failed. */
void ssh_add_string(struct str *out, const void *data, size_t len);

#endif
