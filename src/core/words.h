/* SPDX-License-Identifier: MIT */
/*
 * Lists of plain words: splitting, looking up, joining.
 */
#ifndef TOBAN_SRC_CORE_WORDS_H
#define TOBAN_SRC_CORE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/core/procedure.h"

/*
 * The words of `text` between any of the characters in `separators`; empty
 * ones are left out.  False when memory is exhausted.
 */
bool words_split(
	struct arena *arena, const char *text, const char *separators, struct word_list *ret_list);

/* A list over a NULL-terminated table of static words. */
struct word_list words_of(const char *const *table);

/* The words joined with `separator`; NULL when memory is exhausted. */
const char *words_join(struct arena *arena, const struct word_list *list, const char *separator);

/* Lower-case letters and digits in groups joined by single `joiner`s, a letter first. */
bool words_is_plain(const char *word, char joiner);

/* Whether the two texts are the same; NULL is never. */
bool words_same(const char *a, const char *b);

#endif
