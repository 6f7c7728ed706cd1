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

#include <stdbool.h>

#include "toban/base/clock.h"
#include "toban/base/str.h"
#include "toban/core/procedure.h"
#include "toban/notify/message.h"
#include "toban/notify/secret.h"
#include "toban/store/store.h"

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
