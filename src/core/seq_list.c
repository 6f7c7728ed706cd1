/* SPDX-License-Identifier: MIT */
#include "seq_list.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 64

enum err
seq_list_add(struct seq_list *list, const void *item)
{
	if (list->n == list->cap) {
		size_t cap = list->cap == 0 ? FIRST_CAP : 2 * list->cap;
		void *items = reallocarray(list->items, cap, list->size);

		if (items == NULL) {
			return ERR_NOMEM;
		}
		list->items = items;
		list->cap = cap;
	}
	memcpy((char *)list->items + list->n * list->size, item, list->size);
	list->n++;
	return ERR_OK;
}

static int
compare_seq(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
seq_list_sort(struct seq_list *list)
{
	if (list->n > 0) {
		qsort(list->items, list->n, list->size, compare_seq);
	}
}

void *
seq_list_find(const struct seq_list *list, int64_t seq)
{
	if (list->n == 0) {
		return NULL;
	}
	return bsearch(&seq, list->items, list->n, list->size, compare_seq);
}
