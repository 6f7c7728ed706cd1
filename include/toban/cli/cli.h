/* SPDX-License-Identifier: MIT */
/*
 * The command line (README, "Commands"): one table of commands; each reaches the desk
 * through the door only.
 */
#ifndef TOBAN_CLI_CLI_H
#define TOBAN_CLI_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "toban/base/clock.h"
#include "toban/base/i18n.h"
#include "toban/desk/door.h"
#include "toban/desk/signer.h"

/* Exit statuses; scripts depend on them (README, "Commands"). */
enum cli_exit {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_MISSING = 3,
	EXIT_DENIED = 4,
	EXIT_CHANGED = 5,
	EXIT_INPUT = 6,
	EXIT_UNREACHABLE = 7,
	EXIT_DRAFT_ONLY = 8
};

/* Not an exit status: what `screen` answers when the line mode must do. */
#define EXIT_LINE_MODE (-1)
/* The same: a shared console was locked, and the next person is to be asked for. */
#define EXIT_LOCKED (-2)

/* Colours of the screen. */
enum cli_color { CLI_COLOR_AUTO, CLI_COLOR_ALWAYS, CLI_COLOR_NEVER };

/* What stands before the command. */
struct cli_globals {
	const char *desk; /* TARGET, NULL: default */
	const char *person; /* --as, NULL */
	const char *pin_file; /* --pin-file, NULL */
	enum lang lang;
	bool lang_named; /* --lang said so, not the locale */
	bool json;
	bool no_input;
	bool read_only; /* nothing of the record may be written */
	bool ascii;     /* the screen: a terminal that shows no Japanese */
	enum cli_color color;
};

/* What `init` is asked to make. */
struct cli_new {
	const char *org_path; /* NULL: the example organisation */
	bool example;         /* a trial desk */
};

/* How `serve` is to run. */
struct cli_service {
	int stop_fd;        /* it ends also when this is closed; -1: none */
	const char *socket; /* where desks are answered; NULL: where it is usual */
	const char *witness_file; /* signed ends are appended to it; NULL: none */
	bool witness_syslog;
};

/* What only main can do: everything that needs the layers below the door. */
struct cli_host {
	/* Opens the desk of globals->desk for the session; exit status, 0 on success. */
	int (*open)(void *ctx, const struct cli_globals *globals, struct door *ret_door,
		json_t **ret_error);
	/* Ends the session that `open` began. */
	void (*close)(void *ctx, struct door *door);
	/* `init`: makes a desk. */
	int (*init)(void *ctx, const struct cli_globals *globals, const struct cli_new *desk,
		json_t **ret_result, json_t **ret_error);
	/* `check [DIR]`: lints definition files; needs no desk. */
	int (*check)(void *ctx, const char *dir, json_t **ret_result, json_t **ret_error);
	/* `check --authority [DIR]`: who may do what under those files (desk_authority()). */
	int (*authority)(void *ctx, const char *dir, json_t **ret_result, json_t **ret_error);
	/*
	 * Examines the file of the person's own keys: a row {"name","ok","text",
	 * "what_to_do"} for the doctor, a new reference; NULL without memory.
	 */
	json_t *(*keys)(void *ctx);
	/* `outbox run`: the sender, its own process. */
	int (*send)(void *ctx, const struct cli_globals *globals, bool once);
	/* `target test --wait`: a sender beside the command, for as long as it waits. */
	void (*sender_start)(void *ctx, const struct cli_globals *globals);
	void (*sender_stop)(void *ctx);
	/* `serve`: runs the clocks of the desk, and answers desks, until it is told to stop. */
	int (*serve)(void *ctx, const struct cli_globals *globals,
		const struct cli_service *service, json_t **ret_error);
	/* `clock run`: does what is due, once. */
	int (*clock_run)(void *ctx, const struct cli_globals *globals, json_t **ret_result,
		json_t **ret_error);
	/*
	 * `toban` without a command on a terminal, at the door that `open` gave;
	 * EXIT_LINE_MODE when this terminal cannot place a cursor, EXIT_LOCKED when
	 * whoever sat at a shared console got up: call it again.  Another
	 * person may stand behind the door afterwards.
	 */
	int (*screen)(void *ctx, const struct cli_globals *globals, struct door *door);
	/*
	 * Begins the program anew in this process, for the next person at a shared console; `why`
	 * nobody sits there, as session.show says it.  Returns only where that failed.
	 */
	void (*begin_anew)(void *ctx, const struct cli_globals *globals, const char *why);
	const struct signer *signer; /* the keys of whoever runs the program */
	struct clock clock;
	void *ctx;
};

/*
 * The language to speak: --lang, else what the locale's name (NULL: unknown)
 * begins with, else English.  Asked by main before anything is printed.
 */
enum lang cli_language(int argc, char **argv, const char *locale);

/* A line of the command line's own tables, as the manual shows it. */
enum cli_part {
	CLI_COMMAND, /* "show ID", what it does */
	CLI_OPTION,  /* of the command before it: "--mine", what it does */
	CLI_GLOBAL,  /* an option of the whole program */
	CLI_STATUS   /* an exit status: "0", what it means */
};

/* Every command with its options, the options of the program, the exit statuses. */
void cli_each(void (*visit)(void *ctx, enum cli_part part, const char *name, const char *help),
	void *ctx);

/* Runs one command line; `argv[0]` is the program.  Returns the exit status. */
int cli_run(int argc, char **argv, const struct cli_host *host);

#endif
