/* SPDX-License-Identifier: MIT */
/*
 * The store's claims: which files a person put in and has not attached yet.
 */
#ifndef TOBAN_STORE_INTAKE_H
#define TOBAN_STORE_INTAKE_H

#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"

struct store;

/* A file that a person put in and may attach.  No part of the record. */
struct intake_row {
	const char *sha256; /* 64 lower-case digits */
	const char *person;
	const char *name; /* what it was called; any text, never a path of ours */
	int64_t size;     /* bytes */
	stamp at;
};

/* Puts by hash and person: the later name and moment count.  Durable on return. */
enum err store_intake_put(struct store *store, const struct intake_row *row);

/* Removes the person's claim, also when there is none.  Durable on return. */
enum err store_intake_drop(struct store *store, const char *sha256, const char *person);

/* Exactly one of the three is given. */
struct intake_filter {
	const char *sha256; /* everybody's claims to this file; NULL */
	const char *person; /* all claims of this person; NULL */
	stamp before;       /* those older than this, the oldest first, at most 100 */
};

struct intake_list {
	struct intake_row *items;
	size_t n;
};

enum err store_intakes(struct store *store, struct arena *arena, const struct intake_filter *filter,
	struct intake_list *ret_list);

#endif
