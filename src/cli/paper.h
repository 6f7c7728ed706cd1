/* SPDX-License-Identifier: MIT */
/*
 * A paper on standard output: what print/ makes of a document and of what every paper needs.
 */
#ifndef TOBAN_CLI_PAPER_H
#define TOBAN_CLI_PAPER_H

#include "command.h"
#include "toban/print/print.h"

/*
 * Prints what `make` makes of `sources`, in which procedure, desk and organisation are
 * filled in here.  An exit status; what went wrong was said.
 */
int cli_print_paper(struct cli *cli, struct print_sources sources,
	enum err (*make)(const struct print_sources *sources, struct str *out));

#endif
