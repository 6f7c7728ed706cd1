/* SPDX-License-Identifier: MIT */
/*
 * Alerts behind the door: taking them in, judging them, and their documents
 * (docs/intake.md).
 */
#ifndef TOBAN_DESK_ALERT_H
#define TOBAN_DESK_ALERT_H

#include "call.h"
#include "toban/base/hash.h"
#include "toban/core/alert.h"

/* "A-17" in the arena; NULL without memory. */
const char *alert_id(struct arena *arena, int64_t num);

/* The alert of this id; D304. */
enum err alert_find(struct call *call, const char *id, struct alert_row *ret_row);

/* The row that the entries of an alert tell. */
struct alert_row alert_row_of(const struct alert *alert, int64_t num);

/* What a person makes of an alert, on its way into a batch. */
struct alert_judgement {
	int64_t num;
	const char *kind; /* ALERT_PROMOTED, ALERT_LINKED, ALERT_DISMISSED */
	const char *event_id;
	const char *why; /* "" none */
	/* --- filled by alert_judge() --- */
	struct event event;
	struct alert_put put; /* last_seq is to be set when the entry is sealed */
};

/*
 * Reads the alert anew and makes the entry and the row.  `incident` "": none.  D304,
 * D405 when it was judged already in a way that stands, with their document.
 */
enum err alert_judge(struct call *call, struct alert_judgement *judgement, const char *incident);

/* Whether the judgement is possible now: NULL, or why not (translated, of the call's arena). */
const char *alert_refusal(struct call *call, const struct alert_row *row, const char *kind);

/* Whether the caller may read an entry of an alert: not one that names a case hidden from them. */
enum err alert_sight(struct call *call, const struct event *event, bool *ret_may);

/* The fields of a report about the alert, as far as it tells them; a new reference, NULL. */
json_t *alert_fields(const struct call *call, const struct alert_row *row);

/* One row of a list; `incident` is null where the caller may not see the case. */
enum err doc_alert(struct call *call, const struct alert_row *row, json_t **ret_doc);

/* The alerts an incident was made of or is linked with; a new reference. */
enum err doc_alerts_of(struct call *call, const char *incident, json_t **ret_doc);

/* {"open", "firing"} for the board; a new reference. */
enum err alert_notice(struct call *call, json_t **ret_doc);

#endif
