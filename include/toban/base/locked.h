/* SPDX-License-Identifier: MIT */
/*
 * Memory for secrets: never swapped out where the system allows it, left out of core files,
 * wiped before it is given back.
 */
#ifndef TOBAN_BASE_LOCKED_H
#define TOBAN_BASE_LOCKED_H

#include <stddef.h>

/* Zeroed; NULL without memory.  Give it back with locked_free(). */
void *locked_new(size_t len);
void locked_free(void *memory); /* wipes; NULL allowed */

/* Overwrites memory in a way that no compiler leaves out. */
void locked_wipe(void *memory, size_t len);

#endif
