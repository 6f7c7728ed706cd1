/* SPDX-License-Identifier: MIT */
/*
 * Messages to other systems: their text, their signature, their plan of
 * attempts, and the loop that sends them.
 *
 * Form: Standard Webhooks 1.0 (webhook-id, webhook-timestamp,
 * webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">).
 */
#ifndef TOBAN_NOTIFY_NOTIFY_H
#define TOBAN_NOTIFY_NOTIFY_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/clock.h"
#include "toban/base/str.h"
#include "toban/core/incident.h"
#include "toban/core/org.h"
#include "toban/core/procedure.h"
#include "toban/core/step.h"
#include "toban/notify/secret.h"
#include "toban/store/store.h"

/* --- message.c (pure) ------------------------------------------------------- */

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

/*
 * What every body ends with: `document` (taken over; NULL allowed) with {"type", "timestamp",
 * "text", "data"} as a new string for free().  Of a trial desk it says so on top by "trial" and
 * at the start of `text`.  NULL without memory.
 */
char *message_dump(json_t *document, bool trial);

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

/* --- sign.c ------------------------------------------------------------------ */

/*
 * Appends "v1,<base64>" over "id.timestamp.body"; `secret` is "whsec_…".
 * ERR_INVALID for a bad secret, ERR_NOMEM.
 */
enum err sign_message(
	const char *secret, const char *id, int64_t timestamp_s, const char *body, struct str *out);

/* --- plan.c (pure): when the next attempt is --------------------------------- */

enum delivery { DELIVERED, DELIVERY_RETRY, DELIVERY_STOP /* 410; a mail refused for good */ };

struct attempt {
	enum err transport;     /* ERR_OK: the exchange finished */
	int status;             /* HTTP or SMTP status, 0 none */
	bool permanent;         /* SMTP: the server will not take this very mail, ever */
	int64_t retry_after_ms; /* -1: none or unreadable */
	const char *answer;     /* at most 16 KiB, sanitised */
};

/* Success is no transport error AND 2xx. */
enum delivery attempt_judge(const struct attempt *attempt);

/*
 * Changes `row` to what it is after `attempt` at `now`: sent, stopped, dead, or
 * waiting with next_at.  Urgent: every 60 s for 30 min, then as others; others:
 * growing delays with jitter up to 24 h, then dead.  Retry-After is honoured,
 * at most 2x the plan's own step.  `jitter` in 0..1 comes from the caller.
 */
void outbox_plan(struct outbox_row *row, const struct attempt *attempt, stamp now, double jitter);

/*
 * Makes `row` wait for the secret it needs, with `why` (borrowed) as its last answer: a
 * short fixed delay, and no attempt counted, so that a file that is bad for a day costs
 * no message.  Whether that is news.
 */
bool outbox_wait(struct outbox_row *row, const char *why, stamp now);

/* --- outbox.c: the loop -------------------------------------------------------- */

struct sender_options {
	struct store *store;
	struct clock clock;
	const struct secrets *secrets;
	const struct procedure *procedure; /* the templates of messages */
	const char *mail_program;   /* toban-sender, run with --mail; NULL: no mail is sent */
	const char *lock_path;      /* flock: only one sender at a time; NULL none */
	int stop_fd;                /* readable or closed: finish and return; -1 none */
	bool once;                  /* send what is due now, then return */
	int timeout_ms;             /* of one exchange; 15000 */
	const char *reload_secrets; /* path read again when it changed; NULL none */
	const char *given_secrets;  /* with it: path that is only read; NULL none */
};

/*
 * Sends until stopped.  One slow receiver never delays another.  ERR_BUSY:
 * another sender holds the lock.  *ret_sent and *ret_failed count attempts.
 */
enum err sender_run(const struct sender_options *options, int64_t *ret_sent, int64_t *ret_failed);

/*
 * Reads a request from `in`, sends the mail it holds, writes the outcome to
 * `out`, and says goodbye to the server: what `toban-sender --mail` does for the
 * sender that started it, and only for it (src/notify/mail.h says why).  The
 * status to exit with.
 */
int mail_exchange(int in, int out);

/*
 * Checks the address a target names, without a connection: scheme (https, or
 * http when allowed; smtps or smtp for mail), no credentials, a host; of mail
 * from whom to whom.  `why` (NULL allowed) gets a translated sentence.
 */
enum err target_check_url(const char *url, bool allow_http, struct str *why);

#endif
