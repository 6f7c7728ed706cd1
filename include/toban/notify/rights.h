/* SPDX-License-Identifier: MIT */
/*
 * Messages about a change of rights.
 */
#ifndef TOBAN_NOTIFY_RIGHTS_H
#define TOBAN_NOTIFY_RIGHTS_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/core/event.h"
#include "toban/core/org.h"

#define TYPE_RIGHTS "rights.changed"

/* What another organisation changes; all borrowed. */
struct message_rights {
	const struct org *was;
	const struct org *now;
	/* [{"person","added"?,"removed"?,"gained","lost","login"?,"department"?}] */
	const json_t *people;
	const json_t *posts; /* the same of "post"; who may sit there is gained and lost */
	const char *by;      /* id */
	bool marked; /* somebody decides more than before, or an account changed hands */
};

/*
 * The body of such a message (docs/webhook.md), as message_body() makes others; `event` is the
 * entry, sealed.  Names of accounts stay here.  A new string for free(); NULL without memory.
 */
char *message_rights_body(const struct message_rights *rights, const struct event *event);

#endif
