/* SPDX-License-Identifier: MIT */
/*
 * Memory for secrets, by libsodium: pages of their own between guards, mlock() and
 * MADV_DONTDUMP.  Where mlock() is refused (RLIMIT_MEMLOCK) it is given all the same.
 */
#include "toban/base/locked.h"

#include <sodium.h>
#include <string.h>

void *
locked_new(size_t len)
{
	void *memory = sodium_malloc(len);

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

void
locked_wipe(void *memory, size_t len)
{
	sodium_memzero(memory, len);
}
