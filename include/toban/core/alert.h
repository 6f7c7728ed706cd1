/* SPDX-License-Identifier: MIT */
/*
 * Alerts: what other systems report (docs/intake.md).  An alert is not an
 * incident: a person makes one of it, links it with one, or dismisses it.
 *
 * Each is a subject of the ledger.  What is said again is folded into it: it is
 * counted in its row each time, and recorded when that tells something new, so that
 * a storm of ten thousand makes some fifteen entries (alert_is_recorded()).
 */
#ifndef TOBAN_CORE_ALERT_H
#define TOBAN_CORE_ALERT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/core/event.h"
#include "toban/core/form.h"

/* The subject is this and the number. */
#define SUBJECT_ALERT "A-"

/* Kinds of its entries. */
#define ALERT_FIRST "alert"
#define ALERT_AGAIN "alert-again"
#define ALERT_PROMOTED "alert-promoted"
#define ALERT_LINKED "alert-linked"
#define ALERT_DISMISSED "alert-dismissed"

/* The words of its state. */
#define ALERT_STATE_OPEN "open"
#define ALERT_STATE_PROMOTED "promoted"
#define ALERT_STATE_LINKED "linked"
#define ALERT_STATE_DISMISSED "dismissed"

#define ALERT_DOCUMENT_MOST (1024 * 1024) /* bytes of a notification */
#define ALERT_DEPTH_MOST 16               /* brackets in brackets */
#define ALERT_NOTES_MOST 1000             /* alerts in one notification */
#define ALERT_TEXT_MOST 8000              /* bytes of a text; what is longer is cut visibly */
#define ALERT_OPEN_MOST 1000              /* unjudged ones kept apart; see docs/intake.md */

/* The key of the alert that stands for those beyond ALERT_OPEN_MOST. */
#define ALERT_KEY_OVERFLOW "overflow"

/* --- reading a notification (alert_read.c) ---------------------------------------- */

/* One alert as another system tells it.  Texts are hostile, and kept as they came. */
struct alert_note {
	const char *source;     /* alertmanager, zabbix, json */
	const char *key;        /* by which repetitions are known */
	const char *title;      /* at most 300 bytes */
	const char *text;       /* "" none */
	const char *occurrence; /* tells one firing of the same thing from the next; "" unknown */
	bool firing;
	const char *at;    /* RFC 3339, as the source says it; "" it does not */
	const char *place; /* "" no hint, and so below */
	const char *asset;
	json_t *labels; /* object of texts; owned by the list */
};

struct alert_notes {
	struct alert_note *items; /* in the order of the notification */
	size_t n;
	int64_t truncated; /* alerts the sender says it left out */
	json_t *store;     /* what the notes borrow; freed by alert_notes_release() */
};

struct alert_source {
	const char *format;     /* alertmanager, zabbix, json */
	const json_t *document; /* any JSON; or, where it is a string, the text of one */
	int offset_min;         /* of times that come without one */
};

/* Whether there is a format of this name. */
bool alert_format_known(const char *format);

/*
 * Reads a notification.  ERR_INVALID: `diagnostics` names every fault with its place
 * (`alerts[3].labels`, line and column of what is no JSON), none of them quoting the
 * document; ERR_NOMEM.  On success call alert_notes_release(); texts live in `arena`.
 */
enum err alert_read(struct arena *arena, const struct alert_source *source,
	struct diagnostics *diagnostics, struct alert_notes *ret_notes);
void alert_notes_release(struct alert_notes *notes); /* safe on zeroed memory */

/* The ledger form of a note, with `times`: a new reference, NULL without memory. */
json_t *alert_note_body(const struct alert_note *note, int64_t times);

/* --- what the entries tell (alert.c) ------------------------------------------------ */

/* One alert; texts live in the arena it was folded into. */
struct alert {
	const char *source;
	const char *key;
	const char *title;
	const char *body;     /* the newest entry that holds a note */
	const char *state;    /* a word of above */
	const char *incident; /* "" none */
	bool firing;
	int64_t times; /* as the newest entry says; the row may be ahead */
	stamp first_at;
	stamp last_at; /* of the newest entry that holds a note */
	int64_t last_seq;
	int64_t subject_seq;
};

/* Number of an alert id ("A-17" is 17), 0 when it is none. */
int64_t alert_number(const char *id);

/*
 * Folds the entries of one alert, in order, n >= 1.  ERR_CORRUPT: they tell no alert
 * (another first entry, a body that is no note, an entry of another kind); ERR_NOMEM.
 */
enum err alert_fold(
	struct arena *arena, const struct event *events, size_t n, struct alert *ret_alert);

/*
 * Whether a repetition is an entry of its own beside being counted: when it fires
 * again or is over, when `times` with it is a power of two, and when it is the first
 * in its hour of the clock.
 */
bool alert_is_recorded(const struct alert *before, bool firing, int64_t times, stamp now);

/* Whether a row can be ahead of the entries as it is, by the rule above. */
bool alert_may_be_ahead(const struct alert *told, int64_t times, stamp last_at);

/*
 * Whether the note tells the very firing that the alert tells, not a later one of the
 * same thing: what was judged needs no second judgement.  `body` is the alert's.
 */
bool alert_is_same_firing(const char *body, const struct alert_note *note);

#endif
