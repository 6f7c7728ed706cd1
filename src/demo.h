/* SPDX-License-Identifier: MIT */
/*
 * The throw-away desk of `--desk demo`: an organisation and a few incidents.
 */
#ifndef TOBAN_DEMO_H
#define TOBAN_DEMO_H

#include <jansson.h>

#include "toban/base/arena.h"
#include "toban/desk/desk.h"

/* A private folder for one; the path of its desk file, NULL when there is no room. */
const char *demo_make_folder(struct arena *arena);

/* Removes the desk file's folder and everything in it. */
void demo_remove_folder(const char *desk_path);

/* Reports and treats the incidents, through the door like anybody. */
enum err demo_fill(struct desk *desk, struct arena *arena, json_t **ret_error);

#endif
