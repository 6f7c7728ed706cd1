/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing the JSON bodies of events.  Bodies come from a file that
 * somebody may have changed, so a reader takes a value of the wrong kind for a
 * missing one and never trusts a shape.
 */
#ifndef TOBAN_CORE_EFFECT_BODY_H
#define TOBAN_CORE_EFFECT_BODY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/core/procedure.h"

/* The string at `key`; NULL when there is none.  Borrowed from `object`. */
const char *body_text(const json_t *object, const char *key);

/* The string at `key`; `otherwise` when there is none. */
const char *body_text_or(const json_t *object, const char *key, const char *otherwise);

/* Whom the one who made the entry of this body stood in for; NULL: nobody. */
const char *body_acting_for(const json_t *body);

/* true, or the words "yes" and "true". */
bool body_flag(const json_t *object, const char *key);

/* The integer at `key`; 0 when there is none. */
int64_t body_int(const json_t *object, const char *key);

/* The integer at `key` as a link number or a round; 0 outside 1..9999. */
int body_small(const json_t *object, const char *key);

/* The RFC 3339 time at `key`; STAMP_NONE when there is none. */
stamp body_stamp(const json_t *object, const char *key);

/* The strings of the list at `key` (others are left out); ERR_NOMEM. */
enum err body_words(
	struct arena *arena, const json_t *object, const char *key, struct word_list *ret_words);

/* Sets `key` to a value made by one of jansson's makers; takes the reference. */
enum err body_set(json_t *object, const char *key, json_t *value);

/* Sets `key` to a text; NULL sets nothing. */
enum err body_set_text(json_t *object, const char *key, const char *text);

/* Sets `key` to a time in the zone `offset_min`; STAMP_NONE sets null. */
enum err body_set_stamp(json_t *object, const char *key, stamp at, int offset_min);

/* Sets `key` to a list of texts. */
enum err body_set_words(json_t *object, const char *key, const struct word_list *words);

/* Appends to a list, taking the reference. */
enum err body_append(json_t *list, json_t *value);

#endif
