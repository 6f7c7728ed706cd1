/* SPDX-License-Identifier: MIT */
/*
 * HTTP exchanges, many at a time, each hostile until proven otherwise.
 * Private to the notify layer; webhook.c and mail.c alone see libcurl.
 */
#ifndef TOBAN_NOTIFY_WEBHOOK_H
#define TOBAN_NOTIFY_WEBHOOK_H

#include <stddef.h>

#include "toban/base/clock.h"
#include "toban/notify/notify.h"

#include "exchange.h"

/* Exchanges under way at the same time, over all targets. */
#define WEBHOOK_SLOTS EXCHANGE_SLOTS

/* Of an answer, this much is read; then the connection is cut. */
#define WEBHOOK_ANSWER_MOST (16 * 1024)

struct webhooks; /* opaque: connections, kept over exchanges */

/* One message to post.  The strings are copied. */
struct webhook_request {
	const char *url;
	bool allow_http;
	bool allow_private;
	const char *id;        /* webhook-id */
	int64_t timestamp_s;   /* webhook-timestamp */
	const char *signature; /* webhook-signature */
	const char *body;
	void *owner; /* given back with the outcome */
};

/* `clock` is borrowed.  ERR_NOMEM, ERR_IO (libcurl does not start). */
enum err webhooks_new(const struct clock *clock, int timeout_ms, struct webhooks **ret_webhooks);

/* Ends what is under way without an outcome.  NULL allowed. */
void webhooks_free(struct webhooks *webhooks);

/* Exchanges that could be started now. */
size_t webhooks_room(const struct webhooks *webhooks);

/*
 * Starts one.  ERR_BUSY without room; ERR_INVALID for a request libcurl cannot
 * take (a line break in the id); ERR_NOMEM.
 */
enum err webhooks_start(struct webhooks *webhooks, const struct webhook_request *request);

/*
 * Waits until an exchange moves, one of the `n` descriptors is readable or
 * closed, or `timeout_ms` went by; then moves all exchanges on.
 */
enum err webhooks_wait(struct webhooks *webhooks, const int *fds, size_t n, int timeout_ms);

/*
 * Takes back one finished exchange; false when there is none.  The answer in
 * *ret_attempt is sanitised, lives until the next call, and for a failed
 * exchange says what failed.
 */
bool webhooks_take(struct webhooks *webhooks, void **ret_owner, struct attempt *ret_attempt);

#endif
