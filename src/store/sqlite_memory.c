/* SPDX-License-Identifier: MIT */
/*
 * See sqlite_memory.h.
 */
#include "sqlite_memory.h"

#include <stdbool.h>

#include <sqlite3.h>

#include "toban/base/memory.h"

static sqlite3_mem_methods own; /* SQLite's own, below the counting ones */
static bool counts;

static void *
counting_malloc(int size)
{
	void *memory = own.xMalloc(size);

	if (memory == NULL) {
		memory_refused();
	}
	return memory;
}

static void *
counting_realloc(void *old, int size)
{
	void *memory = own.xRealloc(old, size);

	if (memory == NULL) {
		memory_refused();
	}
	return memory;
}

void
sqlite_memory_count(void)
{
	sqlite3_mem_methods counting;

	if (counts || sqlite3_config(SQLITE_CONFIG_GETMALLOC, &own) != SQLITE_OK) {
		return;
	}
	counting = own;
	counting.xMalloc = counting_malloc;
	counting.xRealloc = counting_realloc;
	counts = sqlite3_config(SQLITE_CONFIG_MALLOC, &counting) == SQLITE_OK;
}
