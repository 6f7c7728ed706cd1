/* SPDX-License-Identifier: MIT */
/*
 * The program's own log for whoever runs it: one line an entry on a stream
 * chosen by main (standard error, or a file while curses owns the terminal).
 * Never a record of the procedure: that is the ledger.
 */
#ifndef TOBAN_BASE_LOG_H
#define TOBAN_BASE_LOG_H

#include <stdio.h>

#include "toban/base/attr.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Where and how much; NULL stream: nowhere.  Called by main only. */
void log_start(FILE *stream, enum log_level most);

/* One line; the text passes text_show(), so nothing in it can command a terminal. */
void log_line(enum log_level level, const char *fmt, ...) printf_like(2, 3);

#endif
