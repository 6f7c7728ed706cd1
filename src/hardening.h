/* SPDX-License-Identifier: MIT */
/*
 * What each program of toban does before anything else, because it may hold secrets.
 */
#ifndef TOBAN_HARDENING_H
#define TOBAN_HARDENING_H

#include <stdbool.h>

/* Whether somebody else's rights were given to the program: setuid, setgid. */
bool hardening_is_privileged(void);

/*
 * Standard streams that are closed are held by /dev/null, lest the next file opened stand in their
 * place and messages be written into it.  False: that is not possible.
 */
bool hardening_hold_streams(void);

/*
 * No core file, no debugger of the same account, signals that would end the program by
 * a writer's or a full disk's fault ignored, and JSON documents wiped as they are freed.
 */
void hardening_start(void);

#endif
