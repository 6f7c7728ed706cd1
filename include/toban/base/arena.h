/* SPDX-License-Identifier: MIT */
/*
 * An arena: memory for what one screen or one command loads, given back all at
 * once.  Not thread-safe.
 */
#ifndef TOBAN_BASE_ARENA_H
#define TOBAN_BASE_ARENA_H

#include <stddef.h>

#include "toban/base/attr.h"

struct arena; /* opaque; grows by blocks, never moves what it gave out */

/* A new empty arena, or NULL when memory is exhausted.  Free with arena_free(). */
struct arena *arena_new(void);

/* Gives back the arena and everything in it.  NULL is allowed. */
void arena_free(struct arena *a);

/* Empties the arena but keeps its first block for the next use. */
void arena_clear(struct arena *a);

/*
 * `size` zeroed bytes aligned for any object, living as long as the arena.
 * NULL when memory is exhausted; size 0 gives a unique non-NULL pointer.
 */
void *arena_alloc(struct arena *a, size_t size);

/* An array of `n` zeroed items of `size` bytes; NULL also when n*size overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);

/*
 * Room for one more item of `size` bytes behind the `n` of an array in the
 * arena: `items` itself while n < *cap, else a copy with twice the room, zeroed
 * behind the copied items; *cap follows.  `items` is not looked at when n is 0.  The array
 * that was left behind stays until the arena goes, so pointers into it stay
 * good.  NULL when memory is exhausted: then the array is as it was.
 */
void *arena_extend(struct arena *a, void *items, size_t n, size_t *cap, size_t size);

/* A copy of the string `s` (NULL gives NULL), or NULL when memory is exhausted. */
char *arena_strdup(struct arena *a, const char *s);

/* A NUL-terminated copy of the `len` bytes at `s`. */
char *arena_strndup(struct arena *a, const char *s, size_t len);

/* printf into the arena; NULL when memory is exhausted. */
char *arena_printf(struct arena *a, const char *fmt, ...) printf_like(2, 3);

#endif
