/* SPDX-License-Identifier: MIT */
/*
 * Values of form fields in words, and the choices a field's type offers.
 */
#ifndef TOBAN_SRC_UI_VALUE_H
#define TOBAN_SRC_UI_VALUE_H

#include <jansson.h>

#include "book.h"
#include "toban/base/str.h"

/*
 * Appends a stored value as people read it: names for ids, labels for choices,
 * local time for times.  `field` is the field's definition of form.get (NULL:
 * unknown, the value is shown as it is).
 */
void value_words(struct book *book, const json_t *field, const json_t *value, struct str *out);

/*
 * What a field of that type may be chosen from, as popup_pick() wants it; a
 * new reference, NULL when the type has no list of its own.
 */
json_t *value_options(struct book *book, const json_t *field);

/*
 * All incidents this person may see, up to 500, the most urgent first, as
 * popup_pick() wants them; a new reference.
 */
json_t *value_incidents(struct book *book);

/* The choices an incident offers, people among them with kana and place; a new reference. */
json_t *value_own_options(struct book *book, const json_t *own);

#endif
