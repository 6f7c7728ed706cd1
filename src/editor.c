/* SPDX-License-Identifier: MIT */
/*
 * Starting the person's own program for texts and waiting for it.
 */
#include "editor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "places.h"

/* Words of the variable, and how long one that was asked to end may take. */
enum { WORDS_MAX = 16, LEAVE_MS = 1000 };

extern char **environ;

/* Splits at blanks, in place; the file comes last.  False: there is no word, or too many. */
static bool
make_words(char *command, const char *path, const char *words[WORDS_MAX + 2])
{
	char *rest = NULL;
	size_t n = 0;
	for (char *word = strtok_r(command, " \t", &rest); word;
		word = strtok_r(NULL, " \t", &rest)) {
		if (n == WORDS_MAX) {
			return false;
		}
		words[n++] = word;
	}
	words[n] = path;
	words[n + 1] = NULL;
	return n > 0;
}

/* What the screen blocks or ignores is no matter of the program it starts. */
static int
plan_signals(posix_spawnattr_t *attributes)
{
	static const int theirs[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGWINCH,
		SIGCONT };
	sigset_t none;
	sigset_t plain;
	(void)sigemptyset(&none);
	(void)sigemptyset(&plain);
	for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
		(void)sigaddset(&plain, theirs[i]);
	}
	int failed = posix_spawnattr_setsigmask(attributes, &none);
	if (!failed) {
		failed = posix_spawnattr_setsigdefault(attributes, &plain);
	}
	return failed ? failed
		      : posix_spawnattr_setflags(
				attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/* Nothing but the terminal is passed on; 0 or an errno. */
static int
spawn(const char *const *words, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int failed = posix_spawn_file_actions_init(&actions);
	if (failed) {
		return failed;
	}
	failed = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (!failed) {
		failed = posix_spawnattr_init(&attributes);
	}
	if (!failed) {
		/* Stopped alone it would hold the terminal, and no shell would know. */
		void (*before)(int) = signal(SIGTSTP, SIG_IGN);
		failed = plan_signals(&attributes);
		if (!failed) {
			/* The strings are not changed; the type is older than const. */
			failed = posix_spawnp(ret_pid, words[0], &actions, &attributes,
				(char *const *)(uintptr_t)words, environ);
		}
		(void)signal(SIGTSTP, before);
		(void)posix_spawnattr_destroy(&attributes); /* cannot fail */
	}
	(void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
	return failed;
}

/* Waits until the program ended, or asks it to end when the terminal goes. */
static enum err
wait_for(pid_t pid, const struct ui_wait *wait, int *ret_status)
{
	struct pollfd fds[] = { { .fd = pidfd_open(pid, 0), .events = POLLIN },
		{ .fd = wait->fd, .events = POLLIN } };
	int limit = -1;
	bool asked = false;
	while (fds[0].fd >= 0 && !(fds[0].revents & POLLIN)) {
		int n = poll(fds, asked ? 1 : 2, limit);
		if (n == 0 && asked) {
			(void)kill(
				pid, SIGKILL); /* it does not want to: the text was saved before */
			limit = -1;
		} else if (n > 0 && !asked && fds[1].revents && wait->gone(wait->ctx)) {
			(void)kill(pid, SIGHUP);
			asked = true;
			limit = LEAVE_MS;
		}
	}
	if (fds[0].fd >= 0) {
		(void)close(fds[0].fd); /* nothing was written to it */
	}
	pid_t ended;
	do {
		ended = waitpid(pid, ret_status, 0);
	} while (ended < 0 && errno == EINTR);
	return ended == pid ? ERR_OK : ERR_IO;
}

enum err
editor_run(const char *path, const struct ui_wait *wait, int *ret_status)
{
	const char *visual = places_environment("VISUAL");
	const char *named = visual ? visual : places_environment("EDITOR");
	char *command = named ? strdup(named) : NULL;
	const char *words[WORDS_MAX + 2];
	pid_t pid = 0;
	enum err e = ERR_NOT_FOUND;
	if (named && !command) {
		return ERR_NOMEM;
	}
	if (command && make_words(command, path, words) && spawn(words, &pid) == 0) {
		e = wait_for(pid, wait, ret_status);
	}
	free(command);
	return e;
}
