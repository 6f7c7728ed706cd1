/* SPDX-License-Identifier: MIT */
/*
 * Memory for secrets, by libsodium: pages of their own between guards, mlock() and
 * MADV_DONTDUMP.  Where mlock() is refused (RLIMIT_MEMLOCK) it is given all the same: a desk
 * must not stand still for that.  Libsodium does not tell; locked_holds() asks the system.
 */
#include "toban/base/locked.h"

#include <sodium.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

/* More than one secret and a key take. */
#define PROBE 16384

void *
locked_new(size_t len)
{
	const size_t unit = alignof(max_align_t);
	/* The memory ends where a guard begins: only whole units begin at one. */
	void *memory = NULL;

	if (len <= SIZE_MAX - unit) {
		memory = sodium_malloc((len + unit - 1) / unit * unit);
	}

	if (memory != NULL) {
		memset(memory, 0, len);
	}
	return memory;
}

void
locked_free(void *memory)
{
	sodium_free(memory);
}

bool
locked_holds(void)
{
	void *memory = sodium_malloc(PROBE);
	/* Locked twice is counted once: this only asks whether the first was granted. */
	bool holds = memory != NULL && mlock(memory, PROBE) == 0;

	sodium_free(memory);
	return holds;
}

void
locked_wipe(void *memory, size_t len)
{
	sodium_memzero(memory, len);
}
