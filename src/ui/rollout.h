/* SPDX-License-Identifier: MIT */
/*
 * The roll-out of prevention measures, shared between what it reads
 * (rollout.c) and how it is painted (rollout_paint.c).
 */
#ifndef TOBAN_SRC_UI_ROLLOUT_H
#define TOBAN_SRC_UI_ROLLOUT_H

#include <jansson.h>
#include <stdbool.h>

#include "matrix.h"
#include "screen.h"

struct rollout {
	struct screen base;
	char *id;
	json_t *show;
	json_t *departments; /* ids, in the order of the organisation */
	struct matrix matrix;
};

/* The measure of a row, the department of a column ("" none), and their cell: NULL not asked. */
const json_t *rollout_measure_at(const struct rollout *rollout, int row);
const char *rollout_department_at(const struct rollout *rollout, int col);
const json_t *rollout_cell_at(const struct rollout *rollout, int row, int col);

/* Whether an entry of the log is about the marked cell. */
bool rollout_is_about(const struct rollout *rollout, const json_t *event);

void rollout_head(struct screen *screen, struct head *head);
void rollout_paint(struct screen *screen, struct canvas *c);

#endif
