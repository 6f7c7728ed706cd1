/* SPDX-License-Identifier: MIT */
/*
 * See memory.h.
 */
#include "toban/base/memory.h"

#include <stdlib.h>

static size_t refusals;

/* Nothing asked for and nothing given is no refusal. */
static void *
note(void *memory, size_t size)
{
	refusals += memory == NULL && size > 0 ? 1 : 0;
	return memory;
}

void *
memory_take(size_t size)
{
	return note(malloc(size), size);
}

void *
memory_resize(void *memory, size_t size)
{
	return note(realloc(memory, size), size);
}

size_t
memory_refusals(void)
{
	return refusals;
}
