/* SPDX-License-Identifier: MIT */
/*
 * The forms in which services want messages: one function for each, from a
 * message in words to the JSON document that is posted.  Private to the notify
 * layer; docs/webhook.md describes the documents.
 */
#ifndef TOBAN_NOTIFY_FORMAT_H
#define TOBAN_NOTIFY_FORMAT_H

#include <jansson.h>

#include "toban/notify/render.h"

#include "facts.h"
#include "wording.h"

/* One message about to be put into a form. */
struct rendering {
	const struct render_source *source;
	const struct facts *facts;
	const struct wording *wording;
};

/* A new document; NULL without memory. */
json_t *format_slack(const struct rendering *rendering);
json_t *format_mattermost(const struct rendering *rendering);
json_t *format_teams(const struct rendering *rendering);
json_t *format_alertmanager(const struct rendering *rendering);

/* --- escape.c ------------------------------------------------------------------------ */

/* How a service reads text. */
enum escape_for {
	ESCAPE_SLACK,      /* & < > are its markup */
	ESCAPE_MATTERMOST, /* Markdown */
	ESCAPE_CARD,       /* Adaptive Cards: plain text but for {{functions}} */
	ESCAPE_PASSED_ON   /* plain text that others may put into a chat room */
};

/*
 * Appends plain text so that the service shows it as it is: no link, no
 * formatting, and nobody called by an @.  At most `most` characters (code
 * points) of escaped text are added; what does not fit ends in an ellipsis.
 */
void escape_add(struct str *out, enum escape_for how, const char *text, size_t most);

/* --- mail_text.c ---------------------------------------------------------------------- */

/* Appends a whole mail; ERR_INVALID for a target without a usable address, ERR_NOMEM. */
enum err mail_text_add(const struct rendering *rendering, struct str *out);

#endif
