/* SPDX-License-Identifier: MIT */
/*
 * What the command families share: the shape of a command, its arguments, and
 * the ways to call the door and to answer on the terminal.
 */
#ifndef TOBAN_CLI_COMMAND_H
#define TOBAN_CLI_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "input.h"
#include "toban/base/hash.h"
#include "toban/base/str.h"
#include "toban/cli/cli.h"
#include "toban/desk/signer.h"

struct cli;

/* One option of a command. */
struct cli_option {
	const char *name;  /* without the dashes */
	const char *value; /* name of its value in the help; NULL: a flag */
	const char *help;  /* N_() */
};

struct cli_command {
	const char *name;
	const char *usage;                /* what follows the name */
	const char *summary;              /* N_() one line */
	const char *example;              /* a command line that works; a test runs it */
	const struct cli_option *options; /* ended by a NULL name; NULL: none */
	int min_words;                    /* positional arguments */
	int max_words;                    /* -1: no limit */
	int (*run)(struct cli *cli);      /* exit status */
};

/* One option as given. */
struct cli_given {
	const char *name;
	const char *value; /* "" for a flag */
};

/* One run of the program. */
struct cli {
	const struct cli_host *host;
	struct cli_globals globals;
	const struct cli_command *command;
	const char **words; /* positional arguments after the command */
	int n_words;
	struct cli_given *given;
	size_t n_given;
	struct door door;
	bool opened;                   /* the door is open */
	bool recorded;                 /* a step or report was recorded in this run */
	char event[NEW_ID_SIZE];       /* cli_event(); "" not made yet */
	struct secret_text passphrase; /* sign.h */
	const char *own_proof;         /* sign.h */
	json_t *procedure;             /* procedure.show, for labels; NULL until asked for */
};

/* All commands, ended by a NULL name. */
const struct cli_command *const *cli_families(void);

extern const struct cli_command cli_incident_commands[];
extern const struct cli_command cli_evidence_commands[];
extern const struct cli_command cli_report_commands[];
extern const struct cli_command cli_stats_commands[];
extern const struct cli_command cli_handover_commands[];
extern const struct cli_command cli_alert_commands[];
extern const struct cli_command cli_people_commands[];
extern const struct cli_command cli_key_commands[];
extern const struct cli_command cli_pin_commands[];
extern const struct cli_command cli_ledger_commands[];
extern const struct cli_command cli_access_commands[];
extern const struct cli_command cli_message_commands[];
extern const struct cli_command cli_engine_commands[];
extern const struct cli_command cli_org_commands[];
extern const struct cli_command cli_admin_commands[];

/* --- arguments.c -------------------------------------------------------------- */

/* Reads the command line into `cli`; EXIT_DONE, or EXIT_USAGE after saying why. */
int cli_read_arguments(struct cli *cli, int argc, char **argv);
void cli_release(struct cli *cli);
/* The options of the whole program, ended by a NULL name. */
const struct cli_option *cli_global_options(void);

/* The value of an option, NULL when it was not given; the last one counts. */
const char *cli_value(const struct cli *cli, const char *option);
bool cli_flag(const struct cli *cli, const char *option);
/* --- answer.c ------------------------------------------------------------------- */

/*
 * Calls a method; opens the desk when that was not done yet.  Takes over
 * `args` (may be NULL).  On failure the error was printed and the exit status
 * is returned; on success EXIT_DONE and *ret_result is a new reference.
 */
int cli_call(struct cli *cli, const char *method, json_t *args, json_t **ret_result);

/*
 * The id under which what this run sends is recorded: --event, else a new one, the same for
 * the whole run.  With it the desk recognises what is sent a second time.
 */
const char *cli_event(struct cli *cli);

/* Opens the desk when that was not done yet; the exit status, after saying why. */
int cli_open(struct cli *cli);
/* Prints an error document (and frees it) on standard error; its exit status. */
int cli_error(struct cli *cli, json_t *error);

/* Prints an error made here; `code` as in docs/methods.md. Returns `status`. */
int cli_fail(struct cli *cli, enum cli_exit status, const char *code, const char *text,
	const char *what_to_do);

/*
 * The document, of a trial desk with `"trial": true` on top; a new reference, NULL without
 * memory.  The document itself stays as it is.
 */
json_t *cli_marked(const struct cli *cli, const json_t *document);

/*
 * Prints a document as JSON, marked, one line, on standard output.  Characters that
 * could command a terminal are written as escapes: the same document to a
 * program.  EXIT_FAILED, after saying why, when it could not be written.
 */
int cli_print_json(struct cli *cli, const json_t *document);

/* The line that says of a text that it comes from a trial desk, after `before`; else nothing. */
void cli_mark(const struct cli *cli, const char *before, struct str *out);

/* Prints text that is already safe. EXIT_FAILED, after saying why, when it could not be written. */
int cli_print_text(struct cli *cli, const struct str *text);

/* The same, of what a paper was made to; ERR_NOMEM is said like an answer that is not written. */
int cli_print_made(struct cli *cli, enum err e, const struct str *text);

/* A string member, "" when it is missing or no string.  Borrowed. */
const char *cli_string(const json_t *object, const char *key);
/* The text of WORDS {"en","ja"} or of a plain string in the process's language. */
const char *cli_words(const json_t *words);

/* completions.c: `completions SHELL` prints the completion script of a shell. */
int cli_run_completions(struct cli *cli);

/* Whether questions may be asked on this run: a terminal, and no --no-input. */
bool cli_may_ask(const struct cli *cli);

#endif
