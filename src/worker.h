/* SPDX-License-Identifier: MIT */
/*
 * A process beside the service for what takes long (a verification, a backup): this
 * program started anew, which opens the desk file for itself.
 */
#ifndef TOBAN_WORKER_H
#define TOBAN_WORKER_H

#include <stdbool.h>
#include <sys/types.h>

#include "toban/base/clock.h"

/*
 * Starts one for the desk at `path` (NULL: one that looks at a PIN and opens no desk); *ret_fd:
 * its socket.  0: it could not be started.
 */
pid_t worker_start(const char *path, int *ret_fd);

/* Ends it, whatever it is doing. */
void worker_end(pid_t pid);

/* Whether this process was started as one; *ret_path: its desk. */
bool worker_is(int argc, char **argv, const char **ret_path);

/* Whether it was started as one that looks at a PIN. */
bool worker_is_looker(int argc, char **argv);

/* Its life; the exit status. */
int worker_run(const char *path, const struct clock *clock);
int worker_look(void);

#endif
