/* SPDX-License-Identifier: MIT */
/*
 * What the ledger keeps of a receiver of messages.
 */
#ifndef TOBAN_DESK_TARGET_H
#define TOBAN_DESK_TARGET_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/notify/render.h"
#include "toban/store/store.h"

/* The event words of a row ("crisis incident.*") as a list. */
json_t *target_events(const char *events);

/* Whether nothing can be sent without a secret: for mail, when its address names a user. */
bool target_needs_secret(const struct target_row *row);

/*
 * What is wrong with the file of secrets at `path`, as secrets_fault() tells it, is
 * added to `text`; what to do about it, translated and static.
 */
const char *target_say_fault(enum err fault, const char *path, struct str *text);

struct call;

/*
 * The active receiver of that name.  ERR_NOT_FOUND without an error document;
 * every other error has one.
 */
enum err target_find(struct call *call, const char *name, struct target_row *ret_target);

/* The body of a `target-added` entry; a new reference, NULL without memory. */
json_t *target_body(const struct target_row *row);

/*
 * The address as people may see it: its scheme and host, and "…" for a path and a query,
 * because those of many services are secrets.  In `arena`; NULL without memory.
 */
const char *target_masked(struct arena *arena, const char *url);

/*
 * Whether it wants signed ends: it names the type or its family.  Everything ("*") is meant for
 * people, who would get one each quarter of an hour.
 */
bool target_is_witness(const struct target_row *target);

/* Whether a receiver of somebody's own is of one of those who are told, [{"person"}]. */
bool target_is_among(const struct target_row *target, const json_t *told);

#endif
