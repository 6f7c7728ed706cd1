/* SPDX-License-Identifier: MIT */
/*
 * See memory.h.
 */
#include "toban/base/memory.h"

#include <stdlib.h>

#include "toban/base/attr.h"

static size_t refusals;

/* Many small pieces and few large ones, smallest first. */
static struct shelf {
	size_t size;
	size_t most;
	size_t n;
	void *pieces[24];
} shelves[] = {
	{ .size = 1024, .most = 24 },
	{ .size = 8192, .most = 8 },
	{ .size = 65536, .most = 2 },
};

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

void
memory_put_aside(void)
{
	for (size_t i = 0; i < ARRAY_LEN(shelves); i++) {
		struct shelf *shelf = &shelves[i];

		while (shelf->n < shelf->most) {
			void *piece = malloc(shelf->size);

			if (piece == NULL) {
				return;
			}
			shelf->pieces[shelf->n++] = piece;
		}
	}
}

/* A piece of at least that size from the shelves; NULL. */
static void *
spare(size_t size)
{
	for (size_t i = 0; i < ARRAY_LEN(shelves); i++) {
		struct shelf *shelf = &shelves[i];

		if (shelf->size >= size && shelf->n > 0) {
			return shelf->pieces[--shelf->n];
		}
	}
	return NULL;
}

void *
memory_take_or_spare(size_t size)
{
	void *memory = memory_take(size);

	return memory == NULL && size > 0 ? spare(size) : memory;
}

void
memory_refused(void)
{
	refusals++;
}

size_t
memory_refusals(void)
{
	return refusals;
}
