/* SPDX-License-Identifier: MIT */
/*
 * Messages under way, whatever they travel by: from a row of the outbox to an
 * exchange, and from its end to an attempt.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_EXCHANGE_H
#define TOBAN_NOTIFY_EXCHANGE_H

#include <stddef.h>

#include "toban/notify/notify.h"

/* Exchanges under way at the same time, over all targets. */
#define EXCHANGE_SLOTS 16

struct exchanges; /* opaque */

/* `options` (borrowed) brings clock, templates, time limit and program.  ERR_NOMEM, ERR_IO. */
enum err exchanges_new(const struct sender_options *options, struct exchanges **ret_exchanges);

/* Ends what is under way without an outcome.  NULL allowed. */
void exchanges_free(struct exchanges *exchanges);

/* Exchanges that could be started now. */
size_t exchanges_room(const struct exchanges *exchanges);

struct exchange_request {
	const struct target_row *target;
	const struct outbox_row *row;
	const char *secret; /* of the target; NULL: it has none */
	void *owner;        /* given back with the outcome */
};

/*
 * Puts the message into the target's form and starts to send it; everything is
 * copied.  ERR_NOT_FOUND: the target has no secret, nothing was tried.  Any other error
 * but ERR_BUSY is the outcome of the attempt: exchange_refusal() has the words for it.
 */
enum err exchanges_start(struct exchanges *exchanges, const struct exchange_request *request);

/* What the desk shows of an attempt that did not get as far as the network. */
const char *exchange_refusal(enum err e);

/* Waits until one moves, one of the `n` descriptors is readable or closed, or `timeout_ms`. */
enum err exchanges_wait(struct exchanges *exchanges, const int *fds, size_t n, int timeout_ms);

/* Takes back one finished exchange; false when there is none.  As webhooks_take(). */
bool exchanges_take(struct exchanges *exchanges, void **ret_owner, struct attempt *ret_attempt);

#endif
