/* SPDX-License-Identifier: MIT */
/*
 * The duty board, shared between what it reads (board.c) and how it is painted
 * (board_paint.c).
 */
#ifndef TOBAN_SRC_UI_BOARD_H
#define TOBAN_SRC_UI_BOARD_H

#include <jansson.h>
#include <stdbool.h>

#include "list.h"
#include "screen.h"

enum whose { WHOSE_ALL, WHOSE_DEPARTMENT, WHOSE_MINE, WHOSE_COUNT };

struct board {
	struct screen base;
	json_t *rows; /* ROWs of the record, then those of draft.list */
	int n_drafts; /* at the end of `rows` */
	json_t *next; /* cursor of the next page; NULL or null: no more */
	json_t *counts;
	json_t *detail; /* incident.show of the selected row; NULL: not read yet */
	struct list list;
	enum whose whose;
	bool closed;   /* closed incidents, too */
	bool absolute; /* due times instead of time left */
	char *words;   /* filter; NULL: none */
};

/* The row under the mark; NULL when the board is empty. */
const json_t *board_selected(const struct board *board);

/* Whether a row is a draft, not an incident. */
bool board_is_draft(const json_t *row);

void board_head(struct screen *screen, struct head *head);
void board_paint(struct screen *screen, struct canvas *c);

#endif
