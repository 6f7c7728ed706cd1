/* SPDX-License-Identifier: MIT */
/*
 * See memory.h.
 */
#include "toban/base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static size_t refusals;

/* Filled from the front and empty again when all of it was given back; untouched, it costs nothing.
 */
static struct {
	alignas(max_align_t) unsigned char bytes[256 * 1024];
	size_t used;
	size_t held; /* pieces that were not given back */
} reserve;

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

void *
memory_take_or_spare(size_t size)
{
	size_t piece =
		(size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	void *memory = memory_take(size);

	if (memory == NULL && size > 0 && piece >= size &&
		piece <= sizeof(reserve.bytes) - reserve.used) {
		memory = reserve.bytes + reserve.used;
		reserve.used += piece;
		reserve.held++;
	}
	return memory;
}

bool
memory_spare(void *memory)
{
	uintptr_t at = (uintptr_t)memory;
	uintptr_t from = (uintptr_t)reserve.bytes;

	if (at < from || at >= from + sizeof(reserve.bytes)) {
		return false;
	}
	reserve.held--;
	if (reserve.held == 0) {
		explicit_bzero(reserve.bytes, reserve.used);
		reserve.used = 0;
	}
	return true;
}

size_t
memory_refusals(void)
{
	return refusals;
}
