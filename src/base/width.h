/* SPDX-License-Identifier: MIT */
/*
 * What the text files of this layer know about a code point: one byte each,
 * from the Unicode database (width_table.py).
 */
#ifndef TOBAN_BASE_WIDTH_H
#define TOBAN_BASE_WIDTH_H

#include <stdint.h>

enum width_bit {
	WIDTH_COLS = 3,      /* 0, 1 or 2 columns; 3 is WIDTH_AMBIGUOUS */
	WIDTH_AMBIGUOUS = 3, /* 1 column, or 2 in terminals made for Chinese and Japanese */
	WIDTH_PICT = 4,      /* Extended_Pictographic: may begin an emoji sequence */
	WIDTH_HIDDEN = 8,    /* invisible, a control, or unassigned (then WIDTH_COLS is 3) */
	WIDTH_MARK = 16,     /* combines with the letter before it; 0 columns */
	WIDTH_NO_START = 32, /* must not begin a row of Japanese text */
	WIDTH_NO_END = 64,   /* must not end one */
	WIDTH_IDEO = 128,    /* a row may be broken on either side without a blank */
};

/* One byte a block of 256 code points: the number of its row in width_blocks. */
extern const uint8_t width_index[0x110000 / 256];

/* The enum width_bit of each code point in each distinct block. */
extern const uint8_t width_blocks[][256];

/* The bits of a code point; those of an unassigned one above U+10FFFF. */
unsigned width_bits_of(uint32_t code_point);

#endif
