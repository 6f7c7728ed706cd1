/* SPDX-License-Identifier: MIT */
/*
 * The documents inside the frames (docs/wire.md).  Private to the layer.
 */
#ifndef TOBAN_SRC_WIRE_MESSAGE_H
#define TOBAN_SRC_WIRE_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/i18n.h"

#define WIRE_PROTOCOL 1

/* What a desk says first; strings live as long as the document they were read from. */
struct hello {
	int protocol;
	const char *person; /* NULL: whoever the account is */
	enum lang lang;
};

/* False: it is no hello at all. */
bool hello_read(const json_t *document, struct hello *ret_hello);

/* Each is a new reference, NULL without memory. */
json_t *hello_new(const char *person, enum lang lang);
/* Takes over `about`: more members, or NULL.  `post`: of the account (door.h). */
json_t *welcome_new(json_t *about, bool post);

/* {"id","result"} or {"id","error"}; takes over `answer`. */
json_t *answer_new(const json_t *id, const char *what, json_t *answer);

/* The language a document names, else `fallback`. */
enum lang lang_read(const json_t *document, enum lang fallback);

#endif
