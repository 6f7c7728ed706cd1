/* SPDX-License-Identifier: MIT */
/*
 * The program begun anew in the place of itself.  When somebody gets up from a shared console
 * everything they read and typed goes with the old program's memory: also what lies in the
 * buffers of the libraries, which nobody else could wipe.
 */
#ifndef TOBAN_AGAIN_H
#define TOBAN_AGAIN_H

#include "toban/base/arena.h"
#include "toban/cli/cli.h"

/*
 * Begins it on the same terminal and desk, without the name and the PIN that were given; `why`
 * nobody sits there, as session.show says it.  Returns only when that failed, with nothing done.
 */
void again_begin(struct arena *arena, const struct cli_globals *globals, const char *why);

/* Why this program was begun so, which is taken out of the arguments; NULL: it was not. */
const char *again_why(int *argc, char **argv);

#endif
