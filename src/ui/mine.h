/* SPDX-License-Identifier: MIT */
/*
 * What waits for the person at the screen, shared between what it reads (mine.c)
 * and how it looks (mine_paint.c).
 */
#ifndef TOBAN_SRC_UI_MINE_H
#define TOBAN_SRC_UI_MINE_H

#include <jansson.h>
#include <stdbool.h>

#include "list.h"
#include "screen.h"

struct mine {
	struct screen base;
	json_t *rows; /* {"id","step","title","due_at","overdue","explain","case","cell"?,...} */
	bool more;    /* more cases than were read */
	struct list list;
};

/* The marked row; NULL when nothing waits. */
const json_t *mine_selected(const struct mine *mine);

/* Whether a row is no step of a case: a shift that waits to be accepted, keys, readings. */
bool mine_is_apart(const json_t *row);

/* Whether a row is settled by either of two steps: which one is chosen in the menu. */
bool mine_is_choice(const struct mine *mine, const json_t *row);

void mine_head(struct screen *screen, struct head *head);
void mine_paint(struct screen *screen, struct canvas *c);

#endif
