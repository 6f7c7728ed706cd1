/* SPDX-License-Identifier: MIT */
/*
 * Starting and ending a helper.  It waits on the read end of a pipe: however
 * this process ends, the pipe closes, and the helper finishes and leaves.
 */
#include "helper_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "toban/base/log.h"

/* Where the helper finds its end of the pipe, and how that is said on its command line. */
#define STOP_FD 3
#define STOP_FD_WORD "3"

extern char **environ;

/* The streams of a program that has nothing to say to a terminal; 0 or an errno. */
static int
plan_streams(posix_spawn_file_actions_t *actions, int stop_fd)
{
	int failed = posix_spawn_file_actions_adddup2(actions, stop_fd, STOP_FD);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO && !failed; fd++) {
		failed = posix_spawn_file_actions_addopen(
			actions, fd, "/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
	}
	return failed;
}

/*
 * A process group of its own: what a person types at the screen to stop or end
 * it is not meant for messages that are under way.  No signal is blocked, as
 * they are in a screen that reads them from a descriptor.  0 or an errno.
 */
static int
plan_signals(posix_spawnattr_t *attributes)
{
	sigset_t none;
	(void)sigemptyset(&none); /* cannot fail */
	int failed = posix_spawnattr_setsigmask(attributes, &none);
	if (!failed) {
		failed = posix_spawnattr_setpgroup(attributes, 0);
	}
	return failed ? failed
		      : posix_spawnattr_setflags(
				attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
}

/* Starts it with `stop_fd` as its end of the pipe; 0 or an errno. */
static int
spawn(struct helper_process *helper, int stop_fd)
{
	const char *argv[] = { helper->program, "--desk", helper->desk, NULL, NULL, NULL, NULL };
	size_t n = 3;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	if (helper->command) {
		argv[n++] = helper->command;
	}
	argv[n++] = "--stop-fd";
	argv[n] = STOP_FD_WORD;
	int failed = posix_spawn_file_actions_init(&actions);
	if (failed) {
		return failed;
	}
	failed = posix_spawnattr_init(&attributes);
	if (!failed) {
		failed = plan_streams(&actions, stop_fd);
		if (!failed) {
			failed = plan_signals(&attributes);
		}
		if (!failed) {
			/* The strings are not changed; the type is older than const. */
			failed = posix_spawn(&helper->pid, helper->program, &actions, &attributes,
				(char *const *)(uintptr_t)argv, environ);
		}
		(void)posix_spawnattr_destroy(&attributes); /* cannot fail */
	}
	(void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
	return failed;
}

/* Takes note of one that ended by itself, so that it is no zombie. */
static bool
is_running(struct helper_process *helper)
{
	if (helper->pid && waitpid(helper->pid, NULL, WNOHANG) != 0) {
		helper->pid = 0;
		(void)close(helper->stop_fd); /* an empty pipe: nothing can be lost */
	}
	return helper->pid != 0;
}

void
helper_process_keep(struct helper_process *helper)
{
	if (is_running(helper)) {
		return;
	}
	int ends[2];
	int failed = pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
	if (!failed) {
		failed = spawn(helper, ends[0]);
		(void)close(ends[0]); /* the helper has its own */
		if (failed) {
			helper->pid = 0;
			(void)close(ends[1]); /* nobody waits at it */
		} else {
			helper->stop_fd = ends[1];
		}
	}
	if (failed) {
		log_line(LOG_WARNING, "%s could not be started: %s", helper->program,
			strerror(failed));
	}
}

void
helper_process_stop(struct helper_process *helper)
{
	if (is_running(helper)) {
		(void)close(helper->stop_fd); /* that is the message */
	}
}

void
helper_process_wait(struct helper_process *helper)
{
	while (helper->pid && waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR) {
	}
	helper->pid = 0;
}
