/* SPDX-License-Identifier: MIT */
/*
 * The text of messages to other systems (docs/webhook.md): pure.
 */
#ifndef TOBAN_NOTIFY_MESSAGE_H
#define TOBAN_NOTIFY_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "toban/core/event.h"
#include "toban/core/incident.h"
#include "toban/core/ledger.h"
#include "toban/core/org.h"
#include "toban/core/procedure.h"
#include "toban/store/alert.h"

/* A shift that was handed over; how much, never which cases. */
struct message_shift {
	const char *department;
	const char *by;
	const char *to; /* NULL: anybody of the department */
	int open;       /* cases on the recorded sheet */
	int late;
};

struct message_source {
	const struct procedure *procedure;
	const struct org *org;
	const struct incident *incident;   /* as folded after the step; NULL for "desk.test" */
	const struct event *event;         /* the step that caused it, sealed; never NULL */
	const struct ledger_head *head;    /* as of that event */
	const struct message_shift *shift; /* of "handover.given"; else NULL */
	const char *type; /* "crisis.escalated", "incident.STEP", "handover.given", "desk.test" */
};

/*
 * The body of a message, as documented in docs/webhook.md: {"type",
 * "timestamp", "text", "data": {…}}.  `text` is one line for people, in both
 * languages where `type` is a crisis.  A confidential incident appears under a
 * neutral code name only; a drill says 訓練/DRILL first.  A new string for
 * free(); NULL without memory.
 */
char *message_body(const struct message_source *source);

/* The same of a handover: `shift` and `head` are set. */
char *message_shift_body(const struct message_source *source);

/* Alerts that came in one notification and are new. */
struct message_alerts {
	const struct alert_row *rows;
	size_t n_new; /* 1.. */
	int offset_min;
	bool trial; /* of a trial desk */
};

/* The same of new alerts ("alert.new"); `event` is the entry of the newest, sealed. */
char *message_alerts_body(const struct message_alerts *alerts, const struct event *event);

/* How a value of people's text stands in the line `text` of a message; free(), NULL. */
char *message_line_value(const char *text);

/* Whether a target's event list ("*", "crisis", "incident.report", "incident.*") wants `type`. */
bool message_wanted(const char *events, const char *type);

/*
 * What every body ends with: `document` (taken over; NULL allowed) with {"type", "timestamp",
 * "text", "data"} as a new string for free().  Of a trial desk it says so on top by "trial" and
 * at the start of `text`.  NULL without memory.
 */
char *message_dump(json_t *document, bool trial);

#endif
