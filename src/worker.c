/* SPDX-License-Identifier: MIT */
/*
 * A process beside the service.  It opens the file itself: an open database does not
 * survive a fork.  It ends with the service, however that ends.
 */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk_file.h"
#include "toban/base/log.h"
#include "toban/cli/cli.h"
#include "toban/desk/desk.h"
#include "toban/wire/worker.h"

/* Where it finds its socket. */
#define SOCKET_FD 3

/* No command: people have no use for it. */
#define WORD "--worker"
#define WORD_LOOK "--look"

extern char **environ;

/* --- beside it ---------------------------------------------------------------------------- */

/* 0 or an errno. */
static int
plan(posix_spawn_file_actions_t *actions, int socket)
{
	int failed = posix_spawn_file_actions_adddup2(actions, socket, SOCKET_FD);

	if (!failed) {
		failed = posix_spawn_file_actions_addopen(
			actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	}
	if (!failed) {
		failed = posix_spawn_file_actions_addopen(
			actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	}
	return failed;
}

/* 0 or an errno. */
static int
spawn(const char *path, int socket, pid_t *ret_pid)
{
	const char *argv[] = { "toban", path ? WORD : WORD_LOOK, path, NULL };
	posix_spawn_file_actions_t actions;
	int failed = posix_spawn_file_actions_init(&actions);

	if (failed) {
		return failed;
	}
	failed = plan(&actions, socket);
	if (!failed) {
		/* The strings are not changed; the type is older than const. */
		failed = posix_spawn(ret_pid, "/proc/self/exe", &actions, NULL,
			(char *const *)(uintptr_t)argv, environ);
	}
	(void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
	return failed;
}

pid_t
worker_start(const char *path, int *ret_fd)
{
	int ends[2];
	pid_t pid = 0;
	int failed = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0
		? 0
		: errno;

	if (!failed) {
		failed = spawn(path, ends[1], &pid);
		(void)close(ends[1]); /* the worker has its own */
		if (failed) {
			(void)close(ends[0]); /* nobody is at the other end */
		}
	}
	if (failed) {
		log_line(LOG_ERROR, "no worker could be started: %s", strerror(failed));
		return 0;
	}
	*ret_fd = ends[0];
	return pid;
}

void
worker_end(pid_t pid)
{
	(void)kill(pid, SIGKILL); /* it may have ended already; its writes are whole or not there */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
	}
}

/* --- within ------------------------------------------------------------------------------- */

bool
worker_is_looker(int argc, char **argv)
{
	return argc == 2 && strcmp(argv[1], WORD_LOOK) == 0;
}

bool
worker_is(int argc, char **argv, const char **ret_path)
{
	if (argc != 3 || strcmp(argv[1], WORD) != 0) {
		return false;
	}
	*ret_path = argv[2];
	return true;
}

struct worker {
	struct desk_file_options options;
	struct desk_file *file;
};

static enum err
open_door(void *ctx, const json_t *seat, struct door *ret_door, json_t **ret_error)
{
	struct worker *worker = ctx;
	enum err e = desk_file_open(&worker->options, &worker->file, ret_error);

	return e == ERR_OK
		? desk_door_seated(desk_file_desk(worker->file), seat, ret_door, ret_error)
		: e;
}

static void
close_door(void *ctx, struct door *door)
{
	(void)ctx;
	desk_door_free(door);
}

static void
speak(void *ctx, enum lang lang)
{
	(void)ctx;
	i18n_speak(lang);
}

int
worker_run(const char *path, const struct clock *clock)
{
	struct worker worker = {
		.options = { .path = path, .clock = *clock, .service = true },
	};
	const struct wire_worker_host host = { open_door, close_door, speak, &worker };
	enum err e;

	/* Where this is not known it ends when its answer is not taken. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	e = wire_work(SOCKET_FD, &host);
	desk_file_close(worker.file);
	return e == ERR_OK ? EXIT_DONE : EXIT_FAILED;
}

int
worker_look(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* as above */
	return wire_look(SOCKET_FD, desk_look) == ERR_OK ? EXIT_DONE : EXIT_FAILED;
}
