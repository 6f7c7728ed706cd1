/* SPDX-License-Identifier: MIT */
/*
 * What the drafts of a person take up.
 */
#ifndef TOBAN_STORE_DRAFT_LOAD_H
#define TOBAN_STORE_DRAFT_LOAD_H

#include <stdint.h>

#include "toban/base/err.h"

struct store;

/* How many drafts a person has, and how long they are together. */
struct draft_load {
	int64_t n;
	int64_t bytes; /* of their bodies */
};

/* Those of the person but the one of number `but`; 0: all. */
enum err store_draft_load(
	struct store *store, const char *person, int64_t but, struct draft_load *ret_load);

#endif
