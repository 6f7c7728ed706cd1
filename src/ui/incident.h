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

struct incident_view {
	struct screen base;
	char *id;
	json_t *show; /* incident.show */
	enum section section;
	struct list list;      /* the timeline's mark */
	struct page page;      /* the other sections */
	int64_t looked;        /* the newest entry marked as read */
	int64_t looked_before; /* the same when the page was opened; 0: never looked */
	bool at_end;           /* the timeline was once put to its newest entry */
};

void incident_head(struct screen *screen, struct head *head);
void incident_paint(struct screen *screen, struct canvas *c);

/* Writes the current section into view->page, at most `cols` wide. */
void incident_build(struct incident_view *view, int cols);

/* One sentence of what an entry says, for the timeline. */
void incident_summary(struct book *book, const json_t *event, struct str *out);

/* Opens one entry of the log to read all of it. */
void entry_open(struct app *app, const json_t *event);

#endif
