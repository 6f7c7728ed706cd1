/* SPDX-License-Identifier: MIT */
/*
 * toban: composes the layers.  Everything that is asked of the machine - time,
 * locale, environment, account, paths - is asked here and passed down.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/arena.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"
#include "toban/cli/cli.h"
#include "desk_file.h"
#include "places.h"
#include "screen.h"

struct program {
	struct arena *arena;
	struct desk_file *file; /* NULL until a command needs it */
};

static const char *
desk_path(struct program *program, const struct cli_globals *globals)
{
	if (globals->desk) {
		return globals->desk;
	}
	const char *named = getenv("TOBAN_DESK");
	return named && *named ? named : places_default_desk(program->arena);
}

static int
program_open(
	void *ctx, const struct cli_globals *globals, struct door *ret_door, json_t **ret_error)
{
	struct program *program = ctx;
	struct desk_file_options options = {
		.path = desk_path(program, globals),
		.person = globals->person,
		.clock = places_clock(),
	};
	/* The line mode opens its session where a screen could not be had: the file is open then.
	 */
	enum err e = program->file ? ERR_OK : desk_file_open(&options, &program->file, ret_error);
	if (e == ERR_OK) {
		e = desk_file_door(program->file, globals->person, ret_door, ret_error);
	}
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

static void
program_close(void *ctx, struct door *door)
{
	(void)ctx;
	desk_door_free(door);
}

static int
program_init(void *ctx, const struct cli_globals *globals, const struct cli_new *desk,
	json_t **ret_result, json_t **ret_error)
{
	struct program *program = ctx;
	struct desk_file_new options = {
		.path = desk_path(program, globals),
		.org_path = desk->org_path,
		.trial = desk->example,
		.clock = places_clock(),
	};
	enum err e = desk_file_create(&options, ret_result, ret_error);
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

static int
program_check(void *ctx, const char *dir, json_t **ret_result, json_t **ret_error)
{
	(void)ctx;
	enum err e = desk_file_check(dir, ret_result, ret_error);
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

/* The sender is a program of its own, so that no desk ever loads the HTTP library. */
static int
program_send(void *ctx, const struct cli_globals *globals, bool once)
{
	struct program *program = ctx;
	const char *path = desk_path(program, globals);
	const char *sender = places_helper(program->arena, "toban-sender");
	const char *argv[8] = { sender, "--desk", path ? path : "", "--lang",
		lang_word(i18n_lang()), NULL };
	int n = 5;
	if (once) {
		argv[n++] = "--once";
	}
	if (globals->json) {
		argv[n++] = "--json";
	}
	argv[n] = NULL;
	/* execv() does not change the strings; its type is older than const. */
	execv(sender, (char *const *)(uintptr_t)argv);
	perror(sender);
	return EXIT_FAILED;
}

static int
program_screen(void *ctx, const struct cli_globals *globals)
{
	struct program *program = ctx;
	struct door door;
	json_t *error = NULL;
	int status = program_open(ctx, globals, &door, &error);
	if (status != EXIT_DONE) {
		screen_complain(error);
		json_decref(error);
		return status;
	}
	struct screen_parts parts = {
		.file = program->file,
		.door = &door,
		.arena = program->arena,
		.named = globals->person != NULL,
	};
	enum err e = screen_run(&parts);
	desk_door_free(&door);
	return e == ERR_UNSUPPORTED ? EXIT_LINE_MODE : e == ERR_OK ? EXIT_DONE : EXIT_FAILED;
}

static const char *
locale_name(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);
		if (value && *value) {
			return value;
		}
	}
	return NULL;
}

/* A setuid desk would let the environment's owner act as the file's owner (RELIABILITY F43). */
static bool
is_privileged(void)
{
	return geteuid() != getuid() || getegid() != getgid();
}

/*
 * Whoever starts a program with standard streams closed would have the next
 * file opened stand in their place, and messages be written into it.
 */
static bool
hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* Read only: writing to a closed stream stays an error that is reported. */
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd) {
			return false;
		}
	}
	return true;
}

/* With --json standard error holds one document and nothing else: programs read it. */
static bool
wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			return true;
		}
	}
	return false;
}

int
main(int argc, char **argv)
{
	if (!hold_streams()) {
		return EXIT_FAILED;
	}
	struct program program = { .arena = arena_new() };
	if (!program.arena || hash_start() != ERR_OK) {
		(void)fputs("toban: memory or randomness is missing (D411)\n", stderr);
		return EXIT_FAILED;
	}
	/* A reader that goes away is an error of the write, not the end of the desk. */
	(void)signal(SIGPIPE, SIG_IGN);
	log_start(wants_json(argc, argv) ? NULL : stderr, LOG_WARNING);
	i18n_start(cli_language(argc, argv, locale_name()), places_locale_dir(program.arena));
	if (is_privileged()) {
		(void)fputs(_("toban refuses to run setuid or setgid (D301)\n"), stderr);
		return EXIT_DENIED;
	}
	struct cli_host host = {
		.open = program_open,
		.close = program_close,
		.init = program_init,
		.check = program_check,
		.send = program_send,
		.screen = program_screen,
		.clock = places_clock(),
		.ctx = &program,
	};
	int status = cli_run(argc, argv, &host);
	desk_file_close(program.file);
	arena_free(program.arena);
	return status;
}
