/* SPDX-License-Identifier: MIT */
/*
 * Reading the door's documents: members that are missing or of another type
 * read as empty, so that a screen never crashes on a newer desk.
 */
#ifndef TOBAN_SRC_UI_DOC_H
#define TOBAN_SRC_UI_DOC_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "toban/base/clock.h"

/* The text of a member, "" when there is none.  Lives as long as the document. */
const char *doc_text(const json_t *object, const char *key);

/* WORDS ({"en","ja"}) or a plain text in the language of the screen; "" when none. */
const char *doc_words(const json_t *words);
const char *doc_words_of(const json_t *object, const char *key);

bool doc_flag(const json_t *object, const char *key);
int64_t doc_int(const json_t *object, const char *key);

/* A list to walk with json_array_foreach(); NULL, which walks as empty, when there is none. */
const json_t *doc_list(const json_t *object, const char *key);

/* The object of `list` whose member `key` is the text `value`; NULL: none. */
const json_t *doc_find(const json_t *list, const char *key, const char *value);

/* Whether the list holds the text. */
bool doc_holds(const json_t *list, const char *text);

/* A time of the document; STAMP_NONE when there is none. */
stamp doc_time(const json_t *object, const char *key);

#endif
