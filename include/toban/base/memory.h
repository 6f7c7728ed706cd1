/* SPDX-License-Identifier: MIT */
/*
 * Memory that says when it was refused.  A reader of documents takes "no memory" and "no
 * document" for the same NULL; whoever draws a conclusion from what it read looks here
 * whether anything was refused meanwhile.  For several threads: what another was refused
 * counts as well, so that nobody takes a part for the whole.
 */
#ifndef TOBAN_BASE_MEMORY_H
#define TOBAN_BASE_MEMORY_H

#include <stddef.h>

/* As malloc() and realloc(), with free(); a refusal is counted. */
void *memory_take(size_t size);
void *memory_resize(void *memory, size_t size);

/*
 * For a library that does not outlive a refusal (jansson 2.14 aborts when a string that it reads
 * cannot grow): as memory_take(), but a refusal is counted and then served from pieces that
 * memory_put_aside() took before, so that the library comes to its end; NULL when none is left
 * that is large enough.  What it gives is for free() like all memory.
 */
void *memory_take_or_spare(size_t size);

/* Takes the pieces that are not there, about 200 KiB; they are few while memory is short. */
void memory_put_aside(void);

/* Counts a refusal that a library had elsewhere. */
void memory_refused(void);

/* How many requests were refused since the program began; never goes down. */
size_t memory_refusals(void);

#endif
