/* SPDX-License-Identifier: MIT */
/*
 * Memory for secrets: never swapped out where the system allows it, left out of core files,
 * wiped before it is given back.
 */
#ifndef TOBAN_BASE_LOCKED_H
#define TOBAN_BASE_LOCKED_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed, aligned for any type; NULL without memory.  Give it back with locked_free(). */
void *locked_new(size_t len);
void locked_free(void *memory); /* wipes; NULL allowed */

/*
 * Whether the system would keep some more memory of this process from being swapped out: false
 * where its limit (RLIMIT_MEMLOCK) is used up, and locked_new() gives memory like any other.
 */
bool locked_holds(void);

/* Overwrites memory in a way that no compiler leaves out. */
void locked_wipe(void *memory, size_t len);

#endif
