/* SPDX-License-Identifier: MIT */
/*
 * Selection and scrolling of lists.
 */
#include "list.h"

#include <stdlib.h>
#include <string.h>

#include "keys.h"

static void
clamp(struct list *list)
{
	if (list->selected >= list->n) {
		list->selected = list->n - 1;
	}
	if (list->selected < 0) {
		list->selected = 0;
	}
}

void
list_update(struct list *list, int n, const char *(*id_at)(const void *ctx, int i), const void *ctx)
{
	list->n = n;
	for (int i = 0; list->anchor && i < n; i++) {
		if (strcmp(id_at(ctx, i), list->anchor) == 0) {
			/* Rows above may have come or gone: the mark keeps its height. */
			list->top += i - list->selected;
			list->top = list->top < 0 ? 0 : list->top;
			list->selected = i;
			return;
		}
	}
	/* The row is gone: stay at the same height. */
	clamp(list);
}

void
list_anchor(struct list *list, const char *id)
{
	char *copy;

	if (list->anchor && strcmp(list->anchor, id) == 0) {
		return;
	}
	copy = strdup(id);
	if (copy) {
		free(list->anchor);
		list->anchor = copy;
	}
}

bool
list_key(struct list *list, int code)
{
	int page = list->rows > 1 ? list->rows - 1 : 1;

	switch (code) {
	case K_UP:
	case 'k':
		list->selected--;
		break;
	case K_DOWN:
	case 'j':
		list->selected++;
		break;
	case K_PGUP:
		list->selected -= page;
		break;
	case K_PGDN:
		list->selected += page;
		break;
	case K_CTRL('U'):
		list->selected -= (page + 1) / 2;
		break;
	case K_CTRL('D'):
		list->selected += (page + 1) / 2;
		break;
	case K_HOME:
	case 'g':
		list->selected = 0;
		break;
	case K_END:
	case 'G':
		list->selected = list->n - 1;
		break;
	default:
		return false;
	}
	clamp(list);
	return true;
}

int
list_view(struct list *list, int rows)
{
	list->rows = rows;
	if (list->selected < list->top) {
		list->top = list->selected;
	}
	if (rows > 0 && list->selected >= list->top + rows) {
		list->top = list->selected - rows + 1;
	}
	if (list->top + rows > list->n) {
		list->top = list->n > rows ? list->n - rows : 0;
	}
	return list->top;
}

void
list_release(struct list *list)
{
	free(list->anchor);
	*list = (struct list){ 0 };
}
