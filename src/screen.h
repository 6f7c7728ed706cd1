/* SPDX-License-Identifier: MIT */
/*
 * The desk on the terminal, with the sender at its side.
 */
#ifndef TOBAN_SCREEN_H
#define TOBAN_SCREEN_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/arena.h"
#include "desk_file.h"

/* What the screen is made of; `door` is exchanged when another person takes the seat. */
struct screen_parts {
	struct desk_file *file;
	struct door *door;
	struct arena *arena;
	bool named; /* --as said who sits down */
};

/* Runs the screen until the person leaves; ERR_UNSUPPORTED: use the line mode. */
enum err screen_run(const struct screen_parts *parts);

/* Says on standard error why there is no desk to show. */
void screen_complain(const json_t *error);

#endif
