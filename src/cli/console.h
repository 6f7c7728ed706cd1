/* SPDX-License-Identifier: MIT */
/*
 * Between two people at a shared console: nothing of the one stays for the other.
 */
#ifndef TOBAN_CLI_CONSOLE_H
#define TOBAN_CLI_CONSOLE_H

#include "command.h"

/*
 * Wipes the terminal, waits for a desk that is away, and begins the program anew in this process,
 * which then asks who sits down.  Returns only otherwise: false when the terminal went; true when
 * the program could not be begun, and this one has to go on for the next person.
 */
bool console_begin_anew(struct cli *cli);

#endif
