/* SPDX-License-Identifier: MIT */
/*
 * Who is on duty and who is away, shared between what is read and asked (duty.c), how it
 * is painted (duty_paint.c, duty_week.c) and what is entered (duty_write.c, ways.c).
 */
#ifndef TOBAN_SRC_UI_DUTY_H
#define TOBAN_SRC_UI_DUTY_H

#include <jansson.h>

#include "book.h"
#include "list.h"
#include "page.h"
#include "screen.h"

enum {
	DUTY_DAYS = 7,
	DUTY_AHEAD_DAYS = 30, /* who comes next is looked for in these */
	DUTY_WIDE_FROM = 120, /* columns from which on who would be told stands beside */
};

/* What has the window. */
enum duty_look { DUTY_WEEK, DUTY_TOLD, DUTY_FINDINGS };

struct duty_page {
	struct screen base;
	char *department; /* the id of the one shown */
	int week;         /* how many weeks after this one */
	json_t *now;      /* roster.show from now on */
	json_t *roster;   /* the same of the week shown */
	json_t *told;     /* chain.preview; NULL: not read yet */
	json_t *findings; /* duty.check; NULL: not read yet, or not for this person */
	struct list days;
	struct page page; /* whatever is read in the whole window */
	enum duty_look look;
	char *person; /* whose absence is asked about; NULL */
};

/* The first moment of the marked day, and of the week shown. */
stamp duty_day(const struct duty_page *duty, int day);

/* "Mon 11-23": the day that begins at `at`. */
void duty_day_words(const struct duty_page *duty, stamp at, struct str *out);

/* "2026-11-23", as the desk reads it. */
void duty_date(const struct book *book, stamp at, char out[STAMP_SIZE]);

/* Somebody of `shift` by their short names, with who is away; "nobody" words when empty. */
void duty_shift_words(struct book *book, const json_t *shift, struct str *out);

/* The exception that overrules the roster on that day; NULL: none. */
const json_t *duty_exception(const struct duty_page *duty, int day);

/* duty_week.c: the week by day, the marked one in view. */
void duty_paint_week(struct duty_page *duty, struct canvas *c);

/* duty_week.c: the rows all of it takes at that width. */
int duty_week_rows(struct duty_page *duty, int cols);

/* duty_paint.c */
void duty_head(struct screen *screen, struct head *head);
void duty_paint(struct screen *screen, struct canvas *c);

/*
 * "absent until 12-01 00:00, stands in: Endo" for somebody who is away, `brief` without the
 * first word; nothing for all others.
 */
void duty_away_words(struct book *book, const json_t *person, bool brief, struct str *out);

/* The same painted from `at` on, short where there is no room; false: the person is there. */
bool duty_paint_away(struct book *book, struct canvas *c, struct place at, const json_t *person);

/* When the first number of somebody was known to work. */
void duty_paint_confirmed(
	struct book *book, struct canvas *c, struct place at, const json_t *person);

/* ways.c: "confirmed 2026-02-01", "never confirmed"; *ret_stale: nobody should rely on it. */
void duty_way_words(struct book *book, const json_t *way, struct str *out, bool *ret_stale);

/* The first telephone way of a person; NULL: the number is only registered. */
const json_t *duty_phone_way(const json_t *person);

/* duty_write.c: the forms; each goes on with the draft this person began of the same. */
void exception_open(struct app *app, const char *department, const char *date);
void way_write_open(struct app *app, const char *person);

/* People of a department as popup_pick() wants them, oneself first; a new reference. */
json_t *duty_people_options(struct book *book, const char *department);

#endif
