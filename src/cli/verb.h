/* SPDX-License-Identifier: MIT */
/*
 * Commands of several words: `person absent`, `key approve`.
 */
#ifndef TOBAN_CLI_VERB_H
#define TOBAN_CLI_VERB_H

#include "command.h"

/* One word behind the command, and how many may follow it. */
struct cli_verb {
	const char *name;
	int least;
	int most; /* -1: any */
	int (*run)(struct cli *cli);
};

/* Runs the verb that is the word `at`; EXIT_USAGE, after saying how, when there is none. */
int cli_run_verb(struct cli *cli, const struct cli_verb *verbs, size_t n, int at);
int cli_incomplete(struct cli *cli);

#endif
