/* SPDX-License-Identifier: MIT */
/*
 * Documents that come in and go out: files, standard input, --set, JSON for terminals.  Part
 * of command.h, which everybody includes.
 */
#ifndef TOBAN_CLI_INPUT_H
#define TOBAN_CLI_INPUT_H

#include <jansson.h>
#include <stddef.h>

#include "toban/base/str.h"

struct cli;

/* --- safe_json.c ------------------------------------------------------------------ */

/*
 * Appends a document as JSON (`flags` of json_dumps()).  Characters that could
 * command a terminal are escaped: no change to what a program reads (docs/security.md).
 */
void safe_json(struct str *out, const json_t *document, size_t flags);

/* --- input.c ---------------------------------------------------------------------- */

/*
 * Reads a JSON object from a file, "-" being standard input; at most 4 MiB.
 * Every fault is printed; EXIT_INPUT for text that is no JSON object,
 * EXIT_MISSING for a file that is not there.
 */
int cli_read_json(struct cli *cli, const char *path, json_t **ret_object);
int cli_read_input(struct cli *cli, struct str *ret_text); /* any text on standard input */
int cli_read_text(struct cli *cli, const char *path, json_t **ret_text); /* UTF-8, as a string */

/* Adds the --set KEY=VALUE options to `object`: text; KEY:=JSON any JSON;
 * a.b=VALUE reaches into objects.  EXIT_USAGE for one without "=". */
int cli_read_sets(struct cli *cli, json_t *object);

#endif
