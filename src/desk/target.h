/* SPDX-License-Identifier: MIT */
/*
 * What the ledger keeps of a receiver of messages.
 */
#ifndef TOBAN_DESK_TARGET_H
#define TOBAN_DESK_TARGET_H

#include <jansson.h>

#include "toban/store/store.h"

/* The format every receiver has that names none. */
#define FORMAT_GENERIC "generic"

/* The event words of a row ("crisis incident.*") as a list. */
json_t *target_events(const char *events);

/* The body of a `target-added` entry; a new reference, NULL without memory. */
json_t *target_body(const struct target_row *row);

#endif
