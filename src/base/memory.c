/* SPDX-License-Identifier: MIT */
/*
 * See memory.h.
 */
#include "toban/base/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "toban/base/attr.h"

static atomic_size_t refusals;

/* Looked at by each call, so that full shelves cost no lock. */
static atomic_bool has_gap = true;

/* Of the shelves; whoever holds it asks for no other. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

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
	if (memory == NULL && size > 0) {
		memory_refused();
	}
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

/* Whether all shelves are full now. */
static bool
fill(void)
{
	for (size_t i = 0; i < ARRAY_LEN(shelves); i++) {
		struct shelf *shelf = &shelves[i];

		while (shelf->n < shelf->most) {
			void *piece = malloc(shelf->size);

			if (piece == NULL) {
				return false;
			}
			shelf->pieces[shelf->n++] = piece;
		}
	}
	return true;
}

void
memory_put_aside(void)
{
	if (!atomic_load(&has_gap)) {
		return;
	}
	/* Neither can fail for a mutex of this kind. */
	(void)pthread_mutex_lock(&lock);
	atomic_store(&has_gap, !fill());
	(void)pthread_mutex_unlock(&lock);
}

/* A piece of at least that size from the shelves; NULL. */
static void *
spare(size_t size)
{
	void *piece = NULL;

	(void)pthread_mutex_lock(&lock);
	for (size_t i = 0; i < ARRAY_LEN(shelves) && piece == NULL; i++) {
		struct shelf *shelf = &shelves[i];

		if (shelf->size >= size && shelf->n > 0) {
			piece = shelf->pieces[--shelf->n];
			atomic_store(&has_gap, true);
		}
	}
	(void)pthread_mutex_unlock(&lock);
	return piece;
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
	(void)atomic_fetch_add(&refusals, 1); /* the count before is of no use */
}

size_t
memory_refusals(void)
{
	return atomic_load(&refusals);
}
