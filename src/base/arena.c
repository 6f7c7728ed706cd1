/* SPDX-License-Identifier: MIT */
/*
 * A chain of blocks that are only ever filled, and given back together.  The
 * newest block is first; what does not fit gets a block of its own size.
 */
#include "toban/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/memory.h"

/* One page less what malloc() keeps beside it: small screens need one block. */
#define BLOCK_BYTES ((size_t)4064)

/* Items an array begins with: most lists of one incident or one page have fewer. */
#define EXTEND_FIRST 8

struct block {
	struct block *older;
	size_t size; /* bytes in data[] */
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *newest; /* NULL until the first allocation */
};

static struct block *
block_new(size_t size)
{
	struct block *b = NULL;

	if (size > SIZE_MAX - sizeof(*b)) {
		return NULL;
	}
	b = memory_take(sizeof(*b) + size);
	if (b == NULL) {
		return NULL;
	}
	b->older = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

static void
blocks_free(struct block *b)
{
	while (b != NULL) {
		struct block *older = b->older;

		free(b);
		b = older;
	}
}

/* Makes a block of at least `size` bytes the newest.  Blocks double up to 1 MiB. */
static struct block *
arena_grow(struct arena *a, size_t size)
{
	size_t want = BLOCK_BYTES;
	struct block *b = NULL;

	if (a->newest != NULL && a->newest->size < (1U << 20)) {
		want = a->newest->size * 2;
	} else if (a->newest != NULL) {
		want = 1U << 20;
	}
	b = block_new(size > want ? size : want);
	if (b == NULL) {
		return NULL;
	}
	b->older = a->newest;
	a->newest = b;
	return b;
}

struct arena *
arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void
arena_free(struct arena *a)
{
	if (a == NULL) {
		return;
	}
	blocks_free(a->newest);
	free(a);
}

void
arena_clear(struct arena *a)
{
	struct block *first = a->newest;

	if (first == NULL) {
		return;
	}
	while (first->older != NULL) {
		struct block *older = first->older;

		free(first);
		first = older;
	}
	first->used = 0;
	a->newest = first;
}

/* Not zeroed. */
static void *
arena_take(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct block *b = a->newest;
	void *p = NULL;

	/* Size 0 takes a slot too, so that its pointer is nobody else's. */
	if (size == 0) {
		size = 1;
	}
	if (size > SIZE_MAX - align) {
		return NULL;
	}
	size = (size + align - 1) / align * align;
	if (b == NULL || b->size - b->used < size) {
		b = arena_grow(a, size);
		if (b == NULL) {
			return NULL;
		}
	}
	p = b->data + b->used;
	b->used += size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	void *p = arena_take(a, size);

	return p == NULL ? NULL : memset(p, 0, size);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size) {
		return NULL;
	}
	return arena_alloc(a, n * size);
}

void *
arena_extend(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap == 0 ? EXTEND_FIRST : 2 * *cap;
	void *longer = NULL;

	if (n < *cap) {
		return items;
	}
	longer = more > n ? arena_array(a, more, size) : NULL;
	if (longer == NULL) {
		return NULL;
	}
	if (n > 0) {
		memcpy(longer, items, n * size);
	}
	*cap = more;
	return longer;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *copy = NULL;

	if (len == SIZE_MAX) {
		return NULL;
	}
	copy = arena_take(a, len + 1);
	if (copy != NULL) {
		if (len > 0) {
			memcpy(copy, s, len);
		}
		copy[len] = '\0';
	}
	return copy;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;
	va_list again;
	char *text = NULL;
	int len = 0;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len >= 0) {
		text = arena_alloc(a, (size_t)len + 1);
	}
	if (text != NULL) {
		(void)vsnprintf(text, (size_t)len + 1, fmt, again); /* measured above */
	}
	va_end(again);
	va_end(args);
	return text;
}
