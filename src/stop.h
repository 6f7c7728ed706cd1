/* SPDX-License-Identifier: MIT */
/*
 * What tells a process without a terminal that it is to end.
 */
#ifndef TOBAN_STOP_H
#define TOBAN_STOP_H

/*
 * One descriptor that is readable when SIGTERM or SIGINT came, or the caller's
 * descriptor `fd` (-1: none) is readable or closed.  The signals are blocked from now
 * on.  -1 with errno on failure.
 */
int stop_descriptor(int fd);

#endif
