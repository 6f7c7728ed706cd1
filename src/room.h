/* SPDX-License-Identifier: MIT */
/*
 * The room that a desk takes beside its file.
 */
#ifndef TOBAN_ROOM_H
#define TOBAN_ROOM_H

#include <stdbool.h>

#include "toban/store/store.h"

struct room {
	bool told; /* the log has the warning, and what it is about is not over */
};

/*
 * What was committed waits beside the file until nobody reads an older state of it; somebody who
 * stands still while reading lets it grow without end.  Above 64 MiB the log says so, once
 * (RELIABILITY rule 5).
 */
void room_mind(struct room *room, struct store *store, const char *path);

#endif
