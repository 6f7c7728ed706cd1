/* SPDX-License-Identifier: MIT */
/*
 * Lists of plain words: actors of a step, openers of a link, ids of people.
 */
#ifndef TOBAN_CORE_WORD_LIST_H
#define TOBAN_CORE_WORD_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct word_list {
	const char *const *items;
	size_t n;
};

bool word_list_has(const struct word_list *list, const char *word);

#endif
