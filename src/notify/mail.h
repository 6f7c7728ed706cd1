/* SPDX-License-Identifier: MIT */
/*
 * One mail by SMTP.  libcurl waits inside its calls for a server's answer to
 * the end of a mail and to QUIT, also under its multi interface; a server that
 * keeps silent there would hold up every other receiver.  So each mail is sent
 * by a process of its own, which may be killed at any moment: here is the
 * sender's side of it; mail_exchange() is the other.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_MAIL_H
#define TOBAN_NOTIFY_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/notify/notify.h"

/* Mails under way at the same time. */
#define MAIL_SLOTS 16

struct mails; /* opaque */

/* One mail to send; everything is copied. */
struct mail_request {
	const char *server; /* smtp://… or smtps://… */
	const char *from;
	const char *to;
	const char *user;     /* NULL: without logging in */
	const char *password; /* with a user */
	const char *text;     /* header and text, CRLF */
	bool plain;           /* no TLS: the administrator allowed it */
	bool allow_private;
	void *owner; /* given back with the outcome */
};

/* `program` (borrowed) is run with --mail for each one.  ERR_NOMEM. */
enum err mails_new(const char *program, int timeout_ms, struct mails **ret_mails);

/* Kills what is under way.  NULL allowed. */
void mails_free(struct mails *mails);

/* Mails under way, those included whose process is about to leave. */
size_t mails_busy(const struct mails *mails);

/* ERR_BUSY without room, ERR_IO, ERR_NOMEM. */
enum err mails_start(struct mails *mails, const struct mail_request *request);

/* Descriptors that become readable with news, at most `most`; how many. */
size_t mails_fds(const struct mails *mails, int *fds, size_t most);

/* Milliseconds until one has taken too long; `most` when none will before that. */
int mails_patience(const struct mails *mails, int most);

/*
 * Takes back one finished mail; false when there is none.  The answer in
 * *ret_attempt is sanitised and lives until the next call.
 */
bool mails_take(struct mails *mails, void **ret_owner, struct attempt *ret_attempt);

#endif
