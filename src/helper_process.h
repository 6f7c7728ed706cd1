/* SPDX-License-Identifier: MIT */
/*
 * A program of ours that works on a desk beside this process and ends with it:
 * the engine beside an open screen, the sender beside the engine.
 */
#ifndef TOBAN_HELPER_PROCESS_H
#define TOBAN_HELPER_PROCESS_H

#include <sys/types.h>

/* Zeroed but for `program`, `desk` and `command` before the first start. */
struct helper_process {
	const char *program; /* path; borrowed */
	const char *desk;    /* path of the desk file; borrowed */
	const char *command; /* what follows --desk DESK; NULL: nothing */
	pid_t pid;           /* 0: none runs */
	int stop_fd;         /* the end whose closing stops it; of use while pid is set */
};

/*
 * Starts one when none runs, also after an earlier one died.  A failure is
 * logged and nothing else: what it would have done waits in the store.
 */
void helper_process_keep(struct helper_process *helper);

/* Tells it to finish what is under way and leave.  Does not wait for that. */
void helper_process_stop(struct helper_process *helper);

/* Waits until one that was told to stop has left: 2 s when a receiver is slow. */
void helper_process_wait(struct helper_process *helper);

#endif
