/* SPDX-License-Identifier: MIT */
/*
 * Memory that says when it was refused.  A reader of documents takes "no memory" and "no
 * document" for the same NULL; whoever draws a conclusion from what it read looks here
 * whether anything was refused meanwhile.  One thread.
 */
#ifndef TOBAN_BASE_MEMORY_H
#define TOBAN_BASE_MEMORY_H

#include <stddef.h>

/* As malloc() and realloc(), with free(); a refusal is counted. */
void *memory_take(size_t size);
void *memory_resize(void *memory, size_t size);

/* How many requests were refused since the program began; never goes down. */
size_t memory_refusals(void);

#endif
