/* SPDX-License-Identifier: MIT */
/*
 * Files of whoever runs the command, on their way into a step.
 */
#ifndef TOBAN_CLI_EVIDENCE_H
#define TOBAN_CLI_EVIDENCE_H

#include "command.h"

/*
 * Puts the files in that `fields` of the step name by their paths, each opened with the
 * rights of whoever runs the command; the fields then name what was put in.  Every fault
 * was printed; EXIT_DONE also where the step has no file.
 */
int cli_put_files(struct cli *cli, const char *step, json_t *fields);

#endif
