/* SPDX-License-Identifier: MIT */
/*
 * toban: composes the layers.  Everything that is asked of the machine - time,
 * locale, environment, account, paths - is asked here and passed down.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/arena.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/ini.h"
#include "toban/base/log.h"
#include "toban/cli/cli.h"
#include "again.h"
#include "desk_file.h"
#include "desk_socket.h"
#include "hardening.h"
#include "helper_process.h"
#include "key_file.h"
#include "listen.h"
#include "places.h"
#include "screen.h"
#include "serve.h"
#include "signers.h"
#include "site.h"
#include "worker.h"

struct program {
	struct arena *arena;
	struct desk_file *file; /* NULL until a command needs it, and for a desk at a socket */
	struct wire_client *client; /* such a desk */
	struct clock clock;
	stamp standing; /* what the clock shows when TOBAN_NOW made it stand */
	struct signers signers;
	const char *locked; /* why this program took the place of another; NULL: it did not */
	struct waiting waiting; /* a screen that wants to know of it; silent without one */
	struct waiting stop;    /* the screen gave up what the client waits for */
	struct helper_process sender; /* beside a command that waits for a message */
};

static const char *
desk_path(struct program *program, const struct cli_globals *globals)
{
	if (globals->desk) {
		return globals->desk;
	}
	const char *named = places_environment("TOBAN_DESK");
	return named ? named : places_default_desk(program->arena);
}

/* What a desk is looked for at: what was named, else the service's socket, else the file. */
static const char *
desk_target(struct program *program, const struct cli_globals *globals)
{
	const char *named = globals->desk ? globals->desk : places_environment("TOBAN_DESK");
	const char *socket = named ? NULL : places_found_socket(program->arena);
	if (socket) {
		return arena_printf(program->arena, DESK_SOCKET_WORD "%s", socket);
	}
	return named ? named : places_default_desk(program->arena);
}

static enum err
open_socket(struct program *program, const char *path, const struct cli_globals *globals,
	struct door *ret_door, json_t **ret_error)
{
	const struct desk_socket_options options = {
		.path = path,
		.person = globals->person,
		.read_only = globals->read_only,
		.waiting = &program->stop,
	};
	enum err e = desk_socket_open(&options, &program->client, ret_error);
	if (e == ERR_OK) {
		*ret_door = wire_client_door(program->client);
	}
	return e;
}

static int
program_open(
	void *ctx, const struct cli_globals *globals, struct door *ret_door, json_t **ret_error)
{
	struct program *program = ctx;
	const char *target = desk_target(program, globals);
	const char *socket = desk_socket_path(target);
	if (socket) {
		return open_socket(program, socket, globals, ret_door, ret_error) == ERR_OK
			? EXIT_DONE
			: door_exit_status(*ret_error);
	}
	struct desk_file_options options = {
		.path = target,
		.clock = program->clock,
		.read_only = globals->read_only,
	};
	enum err e = desk_file_open(&options, &program->file, ret_error);
	if (e == ERR_OK && globals->read_only) {
		desk_file_read_only(program->file);
	}
	if (e == ERR_OK) {
		e = desk_file_door(program->file, globals->person, ret_door, ret_error);
	}
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

static void
program_close(void *ctx, struct door *door)
{
	struct program *program = ctx;
	if (program->client) {
		wire_client_free(program->client);
		program->client = NULL;
		*door = (struct door){ .wake_fd = -1 };
	} else {
		desk_door_free(door);
	}
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
		.clock = program->clock,
	};
	enum err e = desk_file_create(&options, ret_result, ret_error);
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

static int
program_check(void *ctx, const char *dir, json_t **ret_result, json_t **ret_error)
{
	(void)ctx;
	enum err e = site_check(dir, ret_result, ret_error);
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

static int
program_authority(void *ctx, const char *dir, json_t **ret_result, json_t **ret_error)
{
	(void)ctx;
	enum err e = site_authority(dir, ret_result, ret_error);
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

/*
 * The sender is a program of its own, so that no desk ever loads the HTTP
 * library; it takes the place of this one and gives the same exit statuses.
 */
static int
program_send(void *ctx, const struct cli_globals *globals, bool once)
{
	struct program *program = ctx;
	const char *path = desk_path(program, globals);
	const char *sender = places_helper(program->arena, "toban-sender");
	if (!sender) {
		return EXIT_FAILED;
	}
	const char *argv[] = { sender, "--desk", path ? path : "", "--lang", lang_word(i18n_lang()),
		NULL, NULL, NULL };
	size_t n = ARRAY_LEN(argv) - 3;
	if (once) {
		argv[n++] = "--once";
	}
	if (globals->json) {
		argv[n++] = "--json";
	}
	/* The strings are not changed; the type is older than const. */
	execv(sender, (char *const *)(uintptr_t)argv);
	perror(sender);
	return EXIT_FAILED;
}

static struct serve_options
serve_options(struct program *program, const struct cli_globals *globals, int stop_fd)
{
	return (struct serve_options){
		.arena = program->arena,
		.desk = desk_path(program, globals),
		.clock = program->clock,
		.standing = program->standing != STAMP_NONE,
		.stop_fd = stop_fd,
		.lang = globals->lang,
	};
}

/*
 * Whether desks are answered, and where: what was asked for, what systemd hands over, the
 * place the service manager made, and for the default desk the account's own.
 * The engine beside a screen answers nobody.
 */
static void
choose_socket(struct program *program, const struct cli_globals *globals, const char *socket,
	struct serve_options *options)
{
	bool named = globals->desk || places_environment("TOBAN_DESK");
	if (options->stop_fd >= 0) {
		return;
	}
	if (!socket && !listen_is_handed_over()) {
		socket = places_own_socket(program->arena, named);
		options->answers = socket != NULL;
	} else {
		options->answers = true;
	}
	options->socket = socket;
}

static int
program_serve(void *ctx, const struct cli_globals *globals, const struct cli_service *service,
	json_t **ret_error)
{
	struct serve_options options = serve_options(ctx, globals, service->stop_fd);
	options.witness_file = service->witness_file;
	options.witness_syslog = service->witness_syslog;
	choose_socket(ctx, globals, service->socket, &options);
	enum err e = serve_run(&options, ret_error);
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

static int
program_clock_run(void *ctx, const struct cli_globals *globals, json_t **ret_result,
	json_t **ret_error)
{
	struct serve_options options = serve_options(ctx, globals, -1);
	enum err e = serve_once(&options, ret_result, ret_error);
	return e == ERR_OK ? EXIT_DONE : door_exit_status(*ret_error);
}

static void
program_sender_start(void *ctx, const struct cli_globals *globals)
{
	struct program *program = ctx;
	if (program->client) {
		return; /* the service has one */
	}
	program->sender.program = places_helper(program->arena, "toban-sender");
	program->sender.desk = desk_path(program, globals);
	if (program->sender.program && program->sender.desk) {
		helper_process_keep(&program->sender);
	}
}

static void
program_sender_stop(void *ctx)
{
	struct program *program = ctx;
	helper_process_stop(&program->sender);
	helper_process_wait(&program->sender);
}

/* The faults of the chosen keys, each with where it is; whether there was any. */
static bool
complain_keys(const struct ini_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		const struct ini_problem *p = &problems->items[i];
		bool coded = p->expected[0] == 'D' && p->expected[1] == '6';
		(void)fprintf(stderr, "toban: %s:%d: %s (%s)\n", p->path, p->line, p->text,
			coded ? p->expected : "D603");
	}
	return problems->n > 0;
}

static json_t *
program_keys(void *ctx)
{
	const struct program *program = ctx;
	struct ini_problems problems = { .arena = program->arena };
	struct str text = STR_INIT;
	struct str keymap = STR_INIT;
	const char *path = NULL;
	enum err e = key_file_read(program->arena, &problems, &path, &keymap);
	bool ok = e == ERR_OK && problems.n == 0;
	str_add(&text, path ? path : _("No keys of your own are set."));
	for (size_t i = 0; i < problems.n; i++) {
		const struct ini_problem *p = &problems.items[i];
		str_addf(&text, " %s:%d: %s", p->path, p->line, p->text);
	}
	json_t *row = json_pack("{s:s, s:b, s:s, s:s}", "name", "keys", "ok", ok, "text",
		str_text(&text), "what_to_do", ok ? "" : _("Mend the file of keys, or remove it."));
	str_release(&text);
	str_release(&keymap);
	return row;
}

static int
program_screen(void *ctx, const struct cli_globals *globals, struct door *door)
{
	struct program *program = ctx;
	struct ini_problems problems = { .arena = program->arena };
	struct str keymap = STR_INIT;
	const char *keymap_path = NULL;
	if (key_file_read(program->arena, &problems, &keymap_path, &keymap) != ERR_OK ||
		complain_keys(&problems)) {
		str_release(&keymap);
		return EXIT_USAGE;
	}
	struct screen_parts parts = {
		.file = program->file,
		.client = program->client,
		.clock = program->clock,
		.door = door,
		.arena = program->arena,
		.named = globals->person != NULL,
		.locked = program->locked,
		.keymap_path = keymap_path,
		.keymap = &keymap,
		.lang_named = globals->lang_named,
		.read_only = globals->read_only,
		.signer = &program->signers.signer,
		.waiting = &program->waiting,
		.stop = &program->stop,
		.ascii = globals->ascii,
		.color = globals->color,
	};
	enum err e = screen_run(&parts);
	str_release(&keymap);
	if (e == ERR_DENIED) {
		return EXIT_LOCKED;
	}
	return e == ERR_UNSUPPORTED ? EXIT_LINE_MODE : e == ERR_OK ? EXIT_DONE : EXIT_FAILED;
}

static void
program_begin_anew(void *ctx, const struct cli_globals *globals, const char *why)
{
	struct program *program = ctx;

	again_begin(program->arena, globals, why);
}

static const char *
locale_name(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *value = NULL;
	for (size_t i = 0; i < ARRAY_LEN(names) && !value; i++) {
		value = places_environment(names[i]);
	}
	return value;
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

/* Asks what is to be known before any text can be said; false after complaining. */
static bool
program_start(struct program *program)
{
	program->arena = arena_new();
	if (!program->arena || hash_start() != ERR_OK) {
		(void)fputs("toban: memory or randomness is missing (D411)\n", stderr);
		return false;
	}
	if (places_clock(&program->standing, &program->clock) != ERR_OK) {
		(void)fputs("toban: TOBAN_NOW is no time (D111)\n", stderr);
		return false;
	}
	return true;
}

static void
program_end(struct program *program)
{
	wire_client_free(program->client);
	desk_file_close(program->file);
	arena_free(program->arena);
}

int
main(int argc, char **argv)
{
	if (!hardening_hold_streams()) {
		return EXIT_FAILED;
	}
	/* Before the environment is looked at: it is whoever's who called. */
	if (hardening_is_privileged()) {
		(void)fputs("toban refuses to run setuid or setgid (D301)\n", stderr);
		return EXIT_DENIED;
	}
	hardening_start();
	struct program program = { .standing = STAMP_NONE, .locked = again_why(&argc, argv) };
	if (!program_start(&program)) {
		program_end(&program);
		return EXIT_FAILED;
	}
	log_start(wants_json(argc, argv) ? NULL : stderr, LOG_WARNING);
	i18n_start(cli_language(argc, argv, locale_name()), places_locale_dir(program.arena));
	signers_start(&program.signers, program.arena, &program.waiting);
	const char *desk = NULL;
	int status = EXIT_DENIED;
	if (worker_is_looker(argc, argv)) {
		status = worker_look();
	} else if (worker_is(argc, argv, &desk)) {
		status = worker_run(desk, &program.clock);
	} else {
		struct cli_host host = {
			.open = program_open,
			.close = program_close,
			.init = program_init,
			.check = program_check,
			.authority = program_authority,
			.keys = program_keys,
			.send = program_send,
			.serve = program_serve,
			.clock_run = program_clock_run,
			.sender_start = program_sender_start,
			.sender_stop = program_sender_stop,
			.screen = program_screen,
			.begin_anew = program_begin_anew,
			.signer = &program.signers.signer,
			.clock = program.clock,
			.ctx = &program,
		};
		status = cli_run(argc, argv, &host);
	}
	program_end(&program);
	return status;
}
