/* SPDX-License-Identifier: MIT */
/*
 * What both sides have to know of methods: which take long, and which may be
 * asked a second time when the first answer got lost.
 */
#ifndef TOBAN_SRC_WIRE_REPEAT_H
#define TOBAN_SRC_WIRE_REPEAT_H

#include <jansson.h>
#include <stdbool.h>

/* It may take minutes: it is not done between the requests of others, nor given up early. */
bool method_is_slow(const char *method);

/*
 * Whether a request that writes may be sent again: it names an id of its own under which
 * the desk recognises what it recorded, or writing it twice leaves the same.
 */
bool write_is_repeatable(const char *method, const json_t *args);

/* It keeps what a person has read and how they want their screen: no part of the record. */
bool method_is_mark(const char *method);

#endif
