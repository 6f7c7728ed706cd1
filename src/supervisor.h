/* SPDX-License-Identifier: MIT */
/*
 * The service manager that started this process, if one did: it is told in the
 * way of sd_notify(3) when the service is ready, alive and leaving.
 */
#ifndef TOBAN_SUPERVISOR_H
#define TOBAN_SUPERVISOR_H

/*
 * Tells lines of NAME=VALUE ("READY=1") to the socket $NOTIFY_SOCKET, a path or, beginning
 * with @, an abstract name.  Nothing happens when there is none; a failure is
 * logged: the service works all the same.
 */
void supervisor_tell(const char *lines);

/*
 * How often, in milliseconds, "WATCHDOG=1" is to be told so that this process is not
 * taken for dead: half of $WATCHDOG_USEC.  -1: nobody waits for it.
 */
int supervisor_interval_ms(void);

#endif
