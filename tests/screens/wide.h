/* SPDX-License-Identifier: MIT */
/*
 * A terminal that draws ambiguous characters (○ ※ →) two columns wide.
 *
 * libvterm draws them in one.  So each is replaced on its way in by a stand-in
 * from plane 3, whose characters are all wide, and put back when cells are read.
 */
#ifndef TOBAN_TESTS_SCREENS_WIDE_H
#define TOBAN_TESTS_SCREENS_WIDE_H

#include <stddef.h>
#include <stdint.h>

#include "toban/base/str.h"

struct wide {
	char pending[4]; /* the beginning of a character whose rest has not come yet */
	size_t n_pending;
};

/* Appends `bytes` to `out` with stand-ins for ambiguous characters. */
void wide_translate(struct wide *wide, const char *bytes, size_t len, struct str *out);

/* The character a cell stands for. */
uint32_t wide_origin(uint32_t ch);

#endif
