/* SPDX-License-Identifier: MIT */
/*
 * What the text files of this layer share.
 */
#ifndef TOBAN_BASE_TEXT_PART_H
#define TOBAN_BASE_TEXT_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/str.h"

#define ZWJ 0x200d

/*
 * Decodes the code point at `s` (len >= 1).  Returns its bytes, 1..4, or 0 when
 * the first byte begins no well-formed sequence; *ret_cp is untouched then.
 */
size_t text_decode(const char *s, size_t len, uint32_t *ret_cp);

/* Appends a code point in UTF-8. */
void text_encode(struct str *out, uint32_t code_point);

/* Whether all bytes are printable ASCII: such text needs no treatment anywhere. */
bool text_is_plain(const char *s, size_t len);

#endif
