/* SPDX-License-Identifier: MIT */
/*
 * The search screen, shared between what it asks (search.c) and how it is
 * painted (search_paint.c).
 */
#ifndef TOBAN_SRC_UI_SEARCH_H
#define TOBAN_SRC_UI_SEARCH_H

#include <jansson.h>

#include "edit.h"
#include "list.h"
#include "screen.h"

struct search {
	struct screen base;
	struct edit query;
	bool again;   /* the record changed: ask the same once more */
	bool reading; /* the keys go to the list; else to the query */
	char *asked;  /* the query that `rows` answer; NULL: ask again */
	json_t *rows; /* ROW with hits; an empty list before the first question */
	char *next;   /* there are more rows; NULL: none */
	char *fault;  /* why the query was refused; NULL: it was answered */
	int64_t found;
	bool all;     /* `found` is every one */
	bool stopped; /* the desk did not look at every case */
	struct list list;
	int hit; /* which place of the selected case is shown */
};

/* The selected case and the shown place in it; NULL: none. */
const json_t *search_row(const struct search *search);
const json_t *search_hit(const struct search *search);

void search_head(struct screen *screen, struct head *head);
void search_paint(struct screen *screen, struct canvas *c);

#endif
