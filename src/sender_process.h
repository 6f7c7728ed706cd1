/* SPDX-License-Identifier: MIT */
/*
 * The sender beside an open screen: a process of its own that ends with it.
 */
#ifndef TOBAN_SENDER_PROCESS_H
#define TOBAN_SENDER_PROCESS_H

#include <sys/types.h>

/* Zeroed but for `program` and `desk` before the first start. */
struct sender_process {
	const char *program; /* path of toban-sender; borrowed */
	const char *desk;    /* path of the desk file; borrowed */
	pid_t pid;           /* 0: none runs */
	int stop_fd;         /* the end whose closing stops it; of use while pid is set */
};

/*
 * Starts one when none runs, also after an earlier one died.  A failure is
 * logged and nothing else: messages wait in the outbox, and the board shows them.
 */
void sender_process_keep(struct sender_process *sender);

/* Tells it to finish what is under way and leave.  Does not wait for that. */
void sender_process_stop(struct sender_process *sender);

/* Waits until one that was told to stop has left: 2 s when a receiver is slow. */
void sender_process_wait(struct sender_process *sender);

#endif
