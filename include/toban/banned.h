/* SPDX-License-Identifier: MIT */
/*
 * Functions that have hurt too many programs.  Forced into every one of our
 * files by the build (-include); using one does not compile.
 */
#ifndef TOBAN_BANNED_H
#define TOBAN_BANNED_H

/* The system's own inline uses come first, so that only ours are caught. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets
#pragma GCC poison atoi atol atof localtime gmtime ctime asctime

#endif
