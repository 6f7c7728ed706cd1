/* SPDX-License-Identifier: MIT */
/*
 * Selection and scrolling of a list whose rows are known by id: a refresh
 * never moves the selection to another row's content.
 */
#ifndef TOBAN_SRC_UI_LIST_H
#define TOBAN_SRC_UI_LIST_H

#include <stdbool.h>

struct list {
	int n;
	int selected; /* 0..n-1; 0 when empty */
	int top;      /* first row in view */
	int rows;     /* rows in view, as last painted */
	char *anchor; /* id of the selected row */
};

/* Takes over a new number of rows; id_at() names them.  Finds the anchor again. */
void list_update(
	struct list *list, int n, const char *(*id_at)(const void *ctx, int i), const void *ctx);

/* Remembers the selected row's id. */
void list_anchor(struct list *list, const char *id);

/* Movement keys of every list; true when used. */
bool list_key(struct list *list, int code);

/* Scrolls so that the selection is among `rows` rows; returns the first. */
int list_view(struct list *list, int rows);

void list_release(struct list *list);

#endif
