/* SPDX-License-Identifier: MIT */
/*
 * Groups in memory: each write counts at once, and none is ever taken back.
 */
#include "memory_group.h"

#include "memory.h"

enum err
memory_store_group_begin(struct store *base)
{
	struct memory_store *store = (struct memory_store *)base;

	if (store->in_group) {
		return ERR_INVALID;
	}
	store->in_group = true;
	return ERR_OK;
}

enum err
memory_store_group_end(struct store *base)
{
	struct memory_store *store = (struct memory_store *)base;

	if (!store->in_group) {
		return ERR_INVALID;
	}
	store->in_group = false;
	return ERR_OK;
}
