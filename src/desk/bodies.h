/* SPDX-License-Identifier: MIT */
/*
 * The bodies of cases as documents, kept from one call to the next: reading them is most of
 * what a step costs, and nearly all were read for the step before.  Private to the desk layer.
 */
#ifndef TOBAN_DESK_BODIES_H
#define TOBAN_DESK_BODIES_H

#include <jansson.h>

#include "toban/store/store.h"

struct desk;
struct body_cache;

/*
 * The bodies of the events, which are all of one subject and in their order: a list parallel
 * to them, null where an event has no body or one that is no document (duplicate keys count
 * as none).  Borrowed until the next call for the same desk; its documents are shared with
 * later calls and must never be changed.  ERR_NOMEM.
 *
 * A document is used again only where the text it was read from is, byte for byte, the one
 * that the store gave just now: there is nothing to keep in step with who else writes.
 */
enum err bodies_read(
	struct desk *desk, const struct event *events, size_t n, const json_t **ret_bodies);

/* Lets all of them go: one was erased, and its words must not stay in memory either. */
void bodies_forget(struct desk *desk);

#endif
