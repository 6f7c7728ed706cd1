/* SPDX-License-Identifier: MIT */
/*
 * A message in words: the heading and the lines of a template with the values
 * of one message.  Plain text; a format escapes it for its chat.  Private to
 * the notify layer.
 */
#ifndef TOBAN_NOTIFY_WORDING_H
#define TOBAN_NOTIFY_WORDING_H

#include "toban/core/template.h"

#include "facts.h"

struct wording {
	struct str heading;            /* one line, all languages; never empty */
	struct str texts[LANG_COUNT];  /* lines, in the order of the template's languages */
	size_t n_texts;
};

/* What `template` (NULL: a plain one) says of the message.  ERR_NOMEM; release in every case. */
enum err wording_make(const struct message_template *template, const struct facts *facts,
	struct wording *ret_wording);
void wording_release(struct wording *wording);

/* All languages as one text: lines, a blank line between the languages. */
void wording_add_texts(const struct wording *wording, struct str *out);

#endif
