/* SPDX-License-Identifier: MIT */
/*
 * Columns of a code point.  ncurses, our own layout and the tests all end here:
 * glibc, libunistring and utf8proc differ in thousands of code points, so there
 * must be exactly one that decides.
 */
#include "width.h"

#include <stddef.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

/*
 * Mutable and process-wide because wcwidth() has no context to keep it in, and
 * ncurses must count as we do.
 */
static int ambiguous_cols = 1;

unsigned
width_bits_of(uint32_t code_point)
{
	if (code_point / 256 >= ARRAY_LEN(width_index)) {
		return WIDTH_HIDDEN | WIDTH_COLS;
	}
	return width_blocks[width_index[code_point / 256]][code_point % 256];
}

void
width_set_ambiguous(int cols)
{
	ambiguous_cols = cols == 2 ? 2 : 1;
}

int
width_of(uint32_t code_point)
{
	unsigned bits = width_bits_of(code_point);

	if ((bits & WIDTH_COLS) != WIDTH_AMBIGUOUS) {
		return (int)(bits & WIDTH_COLS);
	}
	return (bits & WIDTH_HIDDEN) != 0 ? -1 : ambiguous_cols;
}
