/* SPDX-License-Identifier: MIT */
/*
 * Signing on the command line.  Of struct cli: `passphrase` is that of --passphrase-fd once it
 * was read, or of `key new`; with `own_proof` that key of toban signs without a question.
 */
#ifndef TOBAN_CLI_SIGN_H
#define TOBAN_CLI_SIGN_H

#include "command.h"

/*
 * When `error` asks for a signature: shows what is signed, asks, signs, and adds the answer to
 * `args`.  EXIT_DONE: call again.  Else the exit status, after saying why; `error` is taken over.
 */
int cli_sign(struct cli *cli, const char *method, json_t *args, json_t *error);

/* Whether the caller wants a signature even where none is asked for (--sign, a trial desk). */
void cli_sign_wanted(const struct cli *cli, const char *method, json_t *args);

/*
 * The passphrase of the person's own key: of --passphrase-fd once, else typed without an echo.
 * EXIT_DONE, or why not after saying so.
 */
int cli_read_passphrase(struct cli *cli, const char *question, struct secret_text *text);

/* Says a fault of the signer; its exit status. */
int cli_signer_fail(struct cli *cli, enum signer_fault fault);

#endif
