/* SPDX-License-Identifier: MIT */
/*
 * PINs from a person or a file: never from an argument, which every account can read.
 */
#ifndef TOBAN_CLI_SECRET_INPUT_H
#define TOBAN_CLI_SECRET_INPUT_H

#include "command.h"

#define SECRET_INPUT_SIZE 66

/*
 * One line into `out`: from the file `path` ("-" standard input), or where that is NULL from the
 * terminal, without an echo.  EXIT_DONE; else the exit status after saying why, and `out` is "".
 * Wipe `out` with locked_wipe() after use.
 */
int secret_input(struct cli *cli, const char *path, const char *question,
	char out[SECRET_INPUT_SIZE]);

/* At a shared console: asks who sits down, unless somebody does.  EXIT_DONE or why not. */
int cli_sit_down(struct cli *cli);

#endif
