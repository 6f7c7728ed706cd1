/* SPDX-License-Identifier: MIT */
/*
 * See room.h.
 */
#include "room.h"

#include "toban/base/log.h"

#define WAITING_MOST ((int64_t)64 << 20)

void
room_mind(struct room *room, struct store *store, const char *path)
{
	int64_t bytes = store_waiting_bytes(store);
	bool many = bytes > WAITING_MOST;

	if (many && !room->told) {
		log_line(LOG_WARNING,
			"%lld MiB wait beside %s: a program has stood still while it read the "
			"desk; nothing is lost; 'fuser %s' names the programs",
			(long long)(bytes >> 20), path, path);
	}
	room->told = many;
}
