/* SPDX-License-Identifier: MIT */
/*
 * What a message of the outbox says, by the names templates use, in both
 * languages.  Read from the message itself and from nothing else: what a
 * confidential case keeps back is not in there, so no template can tell it.
 * Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_FACTS_H
#define TOBAN_NOTIFY_FACTS_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/base/i18n.h"
#include "toban/base/str.h"

/* As many as there are placeholders (core/template.c). */
#define FACTS_MOST 32

struct facts {
	json_t *message;  /* the message itself */
	const char *type; /* "" when it names none */
	bool drill;
	bool trial; /* of a trial desk */
	size_t n;
	const char *names[FACTS_MOST];
	struct str values[FACTS_MOST][LANG_COUNT]; /* harmless, one line each; "" not known */
};

/* Reads a message; ERR_INVALID when it is no JSON object, ERR_NOMEM.  Release in every case. */
enum err facts_read(const char *body, struct facts *ret_facts);
void facts_release(struct facts *facts);

/* One value; "" for a name that is not known. */
const char *facts_get(const struct facts *facts, const char *name, enum lang lang);

#endif
