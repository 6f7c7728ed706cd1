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

/*
 * Work that takes several calls goes on until the answer is whole: *result is replaced by it, or
 * freed on failure, whose error was printed.  `what` is shown on a terminal.
 */
int cli_go_on(struct cli *cli, const char *method, const char *what, json_t **result);

/* {"files"} of one case, or of all that may be seen (`id` NULL); every fault was printed. */
int cli_evidence_files(struct cli *cli, const char *id, json_t **ret_result);

#endif
