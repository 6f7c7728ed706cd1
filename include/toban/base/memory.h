/* SPDX-License-Identifier: MIT */
/*
 * Memory that says when it was refused.  A reader of documents takes "no memory" and "no
 * document" for the same NULL; whoever draws a conclusion from what it read looks here
 * whether anything was refused meanwhile.  One thread.
 */
#ifndef TOBAN_BASE_MEMORY_H
#define TOBAN_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* As malloc() and realloc(), with free(); a refusal is counted. */
void *memory_take(size_t size);
void *memory_resize(void *memory, size_t size);

/*
 * For a library that does not outlive a refusal (jansson 2.14 aborts when a string that it reads
 * cannot grow): a refusal is counted and served from a reserve of 256 KiB, so that it comes to
 * its end; NULL only when that is used up.  memory_spare() gives back what is of the reserve,
 * wiped; false: it is not, and free() is the caller's.
 */
void *memory_take_or_spare(size_t size);
bool memory_spare(void *memory);

/* How many requests were refused since the program began; never goes down. */
size_t memory_refusals(void);

#endif
