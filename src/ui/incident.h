/* SPDX-License-Identifier: MIT */
/*
 * The page of one incident, shared between what it reads (incident.c) and the
 * sections it shows (incident_paint.c).
 */
#ifndef TOBAN_SRC_UI_INCIDENT_H
#define TOBAN_SRC_UI_INCIDENT_H

#include <jansson.h>

#include "book.h"
#include "list.h"
#include "page.h"
#include "screen.h"
#include "toban/base/clock.h"

struct app;

enum section {
	SECTION_TIMELINE,
	SECTION_REPORT,
	SECTION_RESULT,
	SECTION_PREVENTION,
	SECTION_ROLLOUT,
	SECTION_REVIEWS,
	SECTION_EVIDENCE,
	SECTION_COUNT
};

enum log_filter { LOG_ALL, LOG_DECISIONS, LOG_NOTES, LOG_MESSAGES, LOG_FILTER_COUNT };

struct incident_view {
	struct screen base;
	char *id;
	json_t *show; /* incident.show */
	enum section section;
	enum log_filter filter;
	json_t *log;           /* the entries that the filter lets through */
	struct list list;      /* the timeline's mark, over `log` */
	struct page page;      /* the other sections */
	int64_t looked;        /* the newest entry marked as read */
	stamp looked_at;       /* when, as of the page's opening */
	char *find;            /* folded words being looked for; NULL: none */
	int64_t looked_before; /* the same when the page was opened; 0: never looked */
	bool at_end;           /* the timeline was once put to its newest entry */
};

void incident_head(struct screen *screen, struct head *head);
void incident_paint(struct screen *screen, struct canvas *c);

/* Writes a section into view->page, at most `cols` wide. */
void incident_build(struct incident_view *view, enum section section, int cols);

/* --- incident_log.c ------------------------------------------------------------------ */

const char *incident_filter_words(enum log_filter filter);

/* Fills view->log from view->show; the mark stays on its entry. */
void incident_filter_log(struct incident_view *view);

/* The id of the marked entry; "" when there is none. */
const char *incident_entry_id(const struct incident_view *view);

/* Moves the mark to the next (by 1) or previous (by -1) entry with the folded words. */
bool incident_find_entry(struct incident_view *view, const char *folded, int by);

void incident_paint_log(struct incident_view *view, struct canvas *c);

/*
 * What an entry says in one row, for the timeline (entry_words.c): whom, by when,
 * which choice, then its text; no ids, no keys.
 */
void incident_summary(struct book *book, const json_t *event, struct str *out);

/* Its text alone, for where what it is about stands above it. */
void incident_entry_text(struct book *book, const json_t *event, struct str *out);

/* Opens one entry of the log to read all of it. */
void entry_open(struct app *app, const json_t *event);

#endif
