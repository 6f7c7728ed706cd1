/* SPDX-License-Identifier: MIT */
/*
 * Groups in memory.
 */
#ifndef TOBAN_SRC_STORE_MEMORY_GROUP_H
#define TOBAN_SRC_STORE_MEMORY_GROUP_H

#include "engine.h"

enum err memory_store_group_begin(struct store *store);
enum err memory_store_group_end(struct store *store);

#endif
