/* SPDX-License-Identifier: MIT */
/*
 * The last resort: what the desk could not take, in a file of its own, readable
 * by a person and by the next start, which takes it over as a draft.
 */
#ifndef TOBAN_SRC_UI_EMERGENCY_H
#define TOBAN_SRC_UI_EMERGENCY_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/str.h"

struct app;

/*
 * Writes `draft` (the arguments of draft.save) to the file `name` stands for,
 * readable by the account alone; one that is there already is replaced when the
 * new one is complete.  `path` gets its place.  False: it could not be written.
 */
bool emergency_write(struct app *app, const char *name, const json_t *draft, struct str *path);

/* The desk has it: the file is not needed any more.  Empty path: there is none. */
void emergency_remove(struct str *path);

/*
 * Takes over every file that this account left for the person at the screen,
 * says so, and removes what became a draft; of one that the desk did not take it
 * says where it is.  Foreign, damaged or linked files, and those of another desk,
 * are left alone.  True: something was said.
 */
bool emergency_import(struct app *app);

#endif
