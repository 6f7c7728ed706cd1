/* SPDX-License-Identifier: MIT */
/*
 * The duty board, shared between its keys (board.c), what it reads
 * (board_rows.c) and how it is painted (board_paint.c, board_detail.c).
 */
#ifndef TOBAN_SRC_UI_BOARD_H
#define TOBAN_SRC_UI_BOARD_H

#include <jansson.h>
#include <stdbool.h>

#include "board_layout.h"
#include "book.h"
#include "list.h"
#include "screen.h"
#include "toban/base/clock.h"

enum whose { WHOSE_ALL, WHOSE_DEPARTMENT, WHOSE_MINE, WHOSE_COUNT };

enum board_order {
	ORDER_DUE, /* the desk's own order; every other one is made here, of all rows */
	ORDER_NEWEST,
	ORDER_NUMBER,
	ORDER_CATEGORY,
	ORDER_STATE,
	ORDER_COUNT
};

struct board {
	struct screen base;
	json_t *rows; /* ROWs of the record, then those of draft.list */
	int n_drafts; /* at the end of `rows` */
	json_t *held; /* ROWs that came since a key was pressed; shown when asked for */
	json_t *next; /* cursor of the next page; NULL or null: no more */
	json_t *counts;
	int64_t keys;    /* that wait for this person's decision */
	json_t *newest;  /* ROW of the newest case, for an empty board; NULL: not asked yet */
	json_t *detail;  /* what the detail shows: a draft's row or incident.show; NULL: nothing */
	bool detail_old; /* the record changed since it was read */
	struct list list;
	enum whose whose;
	enum board_order order;
	bool closed;   /* closed incidents, too */
	bool absolute; /* due times instead of time left */
	bool show_new; /* the next load holds nothing back */
	bool settled;  /* no key for a moment: the detail may follow the mark */
	stamp last_key;
	char *words;                /* filter; NULL: none */
	struct board_layout layout; /* of the frame being painted */
};

/* The row under the mark; NULL when the board is empty. */
const json_t *board_selected(const struct board *board);

/* Whether a row is a draft, not an incident. */
bool board_is_draft(const json_t *row);

/* The number of a row, of a draft its own. */
const char *board_row_id(const json_t *row);

/* --- board_rows.c ------------------------------------------------------------- */

/*
 * Reads everything anew.  Rows that nobody here has seen are held back while
 * somebody is at work, so that nothing moves under a finger.
 */
enum err board_read(struct board *board);

/* Reads the next page if there is one; false: there was none. */
bool board_read_more(struct board *board);

/* Name of an order, as preferences call it; and back, ORDER_DUE for an unknown one. */
const char *board_order_name(enum board_order order);
enum board_order board_order_of(const char *name);

/* --- board_paint.c, board_detail.c --------------------------------------------- */

const char *board_order_words(enum board_order order);
void board_head(struct screen *screen, struct head *head);
void board_paint(struct screen *screen, struct canvas *c);

/*
 * Marker and time left of a row, also of what waits for a person: one coloured run, for
 * each costs thirty bytes on the line.
 */
void board_paint_due(struct canvas *c, int at, enum role role, const char *marker, const char *due);

/* Paints what is known of the marked row; `beside`: in a column of its own. */
void board_paint_detail(struct board *board, struct canvas *c, bool beside, bool with_log);

/* Paints whom a ROW waits for, each with its own limit; returns the row below. */
int board_paint_waiting(struct book *book, struct canvas *c, int row, const json_t *show);

/* Paints the newest entries that fit. */
void board_paint_log(struct board *board, struct canvas *c);

#endif
