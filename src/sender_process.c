/* SPDX-License-Identifier: MIT */
/*
 * Starting and ending the sender.  It waits on the read end of a pipe: however
 * this process ends, the pipe closes, and the sender finishes and leaves.
 */
#include "sender_process.h"

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

/* Where the sender finds its end of the pipe, and how that is said on its command line. */
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
spawn(struct sender_process *sender, int stop_fd)
{
	const char *argv[] = { sender->program, "--desk", sender->desk, "--stop-fd", STOP_FD_WORD,
		NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
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
			failed = posix_spawn(&sender->pid, sender->program, &actions, &attributes,
				(char *const *)(uintptr_t)argv, environ);
		}
		(void)posix_spawnattr_destroy(&attributes); /* cannot fail */
	}
	(void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
	return failed;
}

/* Takes note of one that ended by itself, so that it is no zombie. */
static bool
is_running(struct sender_process *sender)
{
	if (sender->pid && waitpid(sender->pid, NULL, WNOHANG) != 0) {
		sender->pid = 0;
		(void)close(sender->stop_fd); /* an empty pipe: nothing can be lost */
	}
	return sender->pid != 0;
}

void
sender_process_keep(struct sender_process *sender)
{
	if (is_running(sender)) {
		return;
	}
	int ends[2];
	int failed = pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
	if (!failed) {
		failed = spawn(sender, ends[0]);
		(void)close(ends[0]); /* the sender has its own */
		if (failed) {
			sender->pid = 0;
			(void)close(ends[1]); /* nobody waits at it */
		} else {
			sender->stop_fd = ends[1];
		}
	}
	if (failed) {
		log_line(LOG_WARNING, "the sender %s could not be started: %s", sender->program,
			strerror(failed));
	}
}

void
sender_process_stop(struct sender_process *sender)
{
	if (is_running(sender)) {
		(void)close(sender->stop_fd); /* that is the message */
	}
}

void
sender_process_wait(struct sender_process *sender)
{
	while (sender->pid && waitpid(sender->pid, NULL, 0) < 0 && errno == EINTR) {
	}
	sender->pid = 0;
}
