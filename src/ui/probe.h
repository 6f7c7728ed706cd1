/* SPDX-License-Identifier: MIT */
/*
 * Asking the terminal how wide it draws, before curses takes it.
 */
#ifndef TOBAN_SRC_UI_PROBE_H
#define TOBAN_SRC_UI_PROBE_H

#include <stdbool.h>

#include "toban/base/str.h"

struct probe_answer {
	bool answered; /* both questions, in time; else the other two are as on most terminals */
	int ambiguous; /* columns of a circle: 1 or 2 */
	bool kana;     /* a kana takes two columns: the terminal decodes UTF-8 */
};

/*
 * Asks on standard output and reads standard input, which is a terminal, for at most
 * 300 ms.  What somebody typed meanwhile is appended to `ahead`, without NUL bytes.
 */
struct probe_answer probe_widths(struct str *ahead);

#endif
