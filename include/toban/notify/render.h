/* SPDX-License-Identifier: MIT */
/*
 * What a receiver is sent for a message of the outbox.  The outbox holds every
 * message in one form, that of docs/webhook.md; here it becomes what the
 * receiver's format, template and kind ask for.  Pure: no clock, no network.
 */
#ifndef TOBAN_NOTIFY_RENDER_H
#define TOBAN_NOTIFY_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/base/str.h"
#include "toban/core/procedure.h"
#include "toban/store/outbox.h"

/* The format of a receiver that names none: the message as it is in the outbox. */
#define FORMAT_GENERIC "generic"

/* The names of all formats, NULL-terminated. */
const char *const *format_words(void);

/* "mail" for an address with an SMTP scheme, else "webhook". */
const char *target_kind(const char *url);

struct render_source {
	const struct procedure *procedure; /* its templates; a missing one is the standard one */
	const struct target_row *target;
	const char *id;   /* of the message */
	const char *body; /* as it stands in the outbox */
	stamp at;         /* of this attempt: the Date of a mail, in the zone of the message */
	bool urgent;
};

/*
 * Appends what is sent: for a webhook the body, byte for byte; for a mail the
 * whole message, header and text (RFC 5322), the same on every attempt but for
 * its date.  ERR_INVALID when the body is no message; ERR_NOMEM.
 */
enum err render_message(const struct render_source *source, struct str *out);

/* Appends the heading, a blank line and the lines, as plain text, whatever the form. */
enum err render_words(const struct render_source *source, struct str *out);

/* --- mail ------------------------------------------------------------------------- */

/* Who sends to whom by which server, as an address says it (docs/webhook.md, "Mail"). */
struct mail_place {
	char *server; /* smtp://host:port or smtps://host:port */
	char *from;
	char *to;
	char *user; /* NULL: without logging in */
	bool tls_at_once;
};

/* Reads an address that target_check_url() takes; ERR_INVALID for others, ERR_NOMEM. */
enum err mail_place_read(const char *url, struct mail_place *ret_place);
void mail_place_release(struct mail_place *place); /* a zeroed one too */

#endif
