/* SPDX-License-Identifier: MIT */
/*
 * How a text becomes tokens of the search index.
 *
 * At each character of a run of letters one token begins: two characters long
 * in Japanese, eight elsewhere, shorter where the run ends.  A part of a run is
 * then asked as a phrase of tokens, or as the beginning of one when it is
 * shorter, wherever it stands in a word: the index says too much at most.
 */
#ifndef TOBAN_SRC_STORE_SEARCH_CUT_H
#define TOBAN_SRC_STORE_SEARCH_CUT_H

#include <stdbool.h>

#include "toban/base/str.h"

/* Appends the tokens of a folded text, each with a blank behind it. */
void search_cut(struct str *out, const char *folded);

/*
 * Appends what the index is asked for one folded word, joined to what is there by
 * AND; nothing when the word has no letter or digit: then it narrows nothing.
 */
void search_ask(struct str *out, const char *folded);

#endif
