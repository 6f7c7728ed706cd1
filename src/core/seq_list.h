/* SPDX-License-Identifier: MIT */
/*
 * A growing array of whatever begins with the number of an entry (an int64_t).
 */
#ifndef TOBAN_CORE_SEQ_LIST_H
#define TOBAN_CORE_SEQ_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "toban/base/err.h"

/* Begins empty, with `size` set; whoever has it frees `items`. */
struct seq_list {
	void *items;
	size_t n;
	size_t cap;
	size_t size; /* bytes an item */
};

/* Copies the item to the end.  ERR_NOMEM. */
enum err seq_list_add(struct seq_list *list, const void *item);

/* By number, the smallest first. */
void seq_list_sort(struct seq_list *list);

/* One with this number, of a list in their order; NULL: none. */
void *seq_list_find(const struct seq_list *list, int64_t seq);

#endif
