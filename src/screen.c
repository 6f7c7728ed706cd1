/* SPDX-License-Identifier: MIT */
/*
 * The desk on the terminal: the sender is started beside it and ends with it.
 */
#include "screen.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "toban/base/i18n.h"
#include "toban/base/log.h"
#include "toban/base/text.h"
#include "toban/ui/ui.h"
#include "places.h"

extern char **environ;

struct screen {
	struct desk_file *file;
	struct door *door;
	pid_t sender; /* 0: none runs */
	int stop_fd;  /* closing it ends the sender */
};

/*
 * The sender waits on the read end of a pipe: however this process ends, the
 * pipe closes and the sender finishes what it is doing and leaves.
 */
static void
sender_start(struct screen *screen, struct arena *arena)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return; /* messages wait in the outbox; doctor and the board show them */
	}
	const char *program = places_helper(arena, "toban-sender");
	const char *argv[] = { program, "--desk", desk_file_path(screen->file), "--stop-fd", "3",
		NULL };
	posix_spawn_file_actions_t actions;
	bool ready = posix_spawn_file_actions_init(&actions) == 0;
	ready = ready && posix_spawn_file_actions_adddup2(&actions, ends[0], 3) == 0 &&
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
		posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) == 0 &&
		posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0;
	/* posix_spawn() does not change the strings; its type is older than const. */
	if (!ready ||
		posix_spawn(&screen->sender, program, &actions, NULL,
			(char *const *)(uintptr_t)argv, environ) != 0) {
		screen->sender = 0;
		log_line(LOG_WARNING, "the sender %s could not be started", program);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(ends[0]);
	screen->stop_fd = ends[1];
}

static void
sender_stop(struct screen *screen)
{
	if (screen->stop_fd >= 0) {
		(void)close(screen->stop_fd);
	}
	/* It has a few seconds of network at most; the terminal is not kept waiting for it. */
}

static enum err
become(void *ctx, const char *person, json_t **ret_error)
{
	struct screen *screen = ctx;
	struct door next;
	enum err e = desk_file_door(screen->file, person, &next, ret_error);
	if (e != ERR_OK) {
		return e;
	}
	desk_door_free(screen->door);
	*screen->door = next;
	return ERR_OK;
}

static bool
is_set(const char *name)
{
	const char *value = getenv(name);
	return value && *value;
}

static int
ambiguous_columns(void)
{
	const char *value = getenv("TOBAN_AMBIGUOUS");
	if (value && strcmp(value, "1") == 0) {
		return 1;
	}
	return value && strcmp(value, "2") == 0 ? 2 : 0;
}

enum err
screen_run(const struct screen_parts *parts)
{
	struct screen screen = { .file = parts->file, .door = parts->door, .stop_fd = -1 };
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct ui_options options = {
		.door = parts->door,
		.clock = desk_file_clock(parts->file),
		.test_marks = is_set("TOBAN_TEST"),
		.no_color = is_set("NO_COLOR"),
		.ascii = is_set("TOBAN_ASCII"),
		.ambiguous = ambiguous_columns(),
		.choose_seat = !parts->named,
		.become = become,
		.become_ctx = &screen,
		.emergency_dir = runtime && *runtime ? runtime : "/tmp",
	};
	sender_start(&screen, parts->arena);
	/* While curses owns the terminal nothing else may write on it. */
	log_start(NULL, LOG_ERROR);
	enum err e = ui_run(&options);
	log_start(stderr, LOG_WARNING);
	sender_stop(&screen);
	return e;
}

void
screen_complain(const json_t *error)
{
	struct str line = STR_INIT;
	const char *text = json_string_value(json_object_get(error, "text"));
	const char *todo = json_string_value(json_object_get(error, "what_to_do"));
	const char *code = json_string_value(json_object_get(error, "code"));
	str_addf(&line, "toban: %s %s (%s)", text ? text : _("The desk cannot be opened."),
		todo ? todo : "", code ? code : "D420");
	struct str shown = STR_INIT;
	text_show(&shown, str_text(&line), line.len, TEXT_LINE);
	str_add_char(&shown, '\n');
	/* Nothing can be done when even the complaint cannot be written. */
	(void)fputs(str_text(&shown), stderr);
	str_release(&line);
	str_release(&shown);
}
