/* SPDX-License-Identifier: MIT */
/*
 * Ends of the ledger that somebody kept: what stands in their files.
 */
#ifndef TOBAN_CLI_HEADS_H
#define TOBAN_CLI_HEADS_H

#include "command.h"

struct kept_ends {
	json_t *heads; /* an array, a new reference */
	int64_t unread; /* lines that speak of an end that cannot be read */
};

/*
 * The ends in a file ("-": standard input): one JSON document, or any number of lines of which
 * each that holds some counts - of a witness file, a log, a mail saved as text, bodies of webhooks.
 * The exit status, after saying why.
 */
int heads_file(struct cli *cli, const char *path, struct kept_ends *ret_ends);

/* Public keys: the lines of a file, or the one line itself. */
int keys_given(struct cli *cli, const char *key, json_t **ret_keys);

#endif
