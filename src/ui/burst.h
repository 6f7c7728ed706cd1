/* SPDX-License-Identifier: MIT */
/*
 * A paste on a terminal that marks none: keys that came closer together than
 * anybody types them.
 */
#ifndef TOBAN_SRC_UI_BURST_H
#define TOBAN_SRC_UI_BURST_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/str.h"

/* Keys that came without a pause are looked at together while they are like this. */
bool burst_is_plain(int code);

/*
 * Whether keys that came without a pause are a paste: more than three, and a line ends among
 * them.  Without the end of a line they are what a slow line held back of somebody's typing,
 * up to 64 characters.
 * Characters only; a key such as Up or Ctrl-S ends what is looked at.
 */
bool burst_is_paste(const int *keys, size_t n);

/* Appends the plain keys at the front as text, Enter as a newline; their number. */
size_t burst_text(const int *keys, size_t n, struct str *out);

#endif
