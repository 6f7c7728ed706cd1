/* SPDX-License-Identifier: MIT */
/*
 * Words for people in place of the keys that programs read.
 */
#ifndef TOBAN_CLI_LABELS_H
#define TOBAN_CLI_LABELS_H

#include "command.h"

/*
 * What the procedure calls a key: `list` of procedure.show whose rows name it
 * `name`; the key itself when it is unknown.  Borrowed until the run ends.
 */
const char *cli_label(struct cli *cli, const char *list, const char *name, const char *key);

/* The same in a column: the short label where the whole one is wider than `cols`. */
const char *cli_short_step(struct cli *cli, const char *step, int cols);

/* The same for a kind of entry. */
const char *cli_kind(struct cli *cli, const char *kind);

/* The form of a step as form.get shows it; a new reference, NULL when there is none. */
json_t *cli_step_form(struct cli *cli, const char *step);

#endif
