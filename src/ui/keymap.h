/* SPDX-License-Identifier: MIT */
/*
 * The keys a person chose instead of those in the action tables (keys.ini).
 */
#ifndef TOBAN_SRC_UI_KEYMAP_H
#define TOBAN_SRC_UI_KEYMAP_H

#include "keys.h"
#include "toban/base/arena.h"
#include "toban/base/ini.h"

struct screen_ops;

/* One line of the file. */
struct keymap_row {
	const struct screen_ops *screen; /* NULL: everywhere */
	const struct action *action;
	int key;
	int line;
};

struct keymap {
	const struct keymap_row *rows; /* in the arena it was read with */
	size_t n;
};

/*
 * Reads a file.  Faults go to `problems`, each with its code; *ret_map then
 * holds the lines without one.  Everything lives in `arena`.  ERR_NOMEM.
 */
enum err keymap_read(struct arena *arena, struct ini_problems *problems, const char *path,
	struct str *text, struct keymap *ret_map);

/* The key of an action: the chosen one, or that of its table. */
int keymap_key(const struct keymap *map, const struct action *action);

/* Its second key; K_NONE: none, or another key was chosen, which takes the place of both. */
int keymap_alias(const struct keymap *map, const struct action *action);

/* The action of the table that the key does; NULL: none. */
const struct action *keymap_find(const struct keymap *map, const struct action *table, int code);

#endif
