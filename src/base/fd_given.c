/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that somebody else opened: see fd_given.h.
 */
#include "toban/base/fd_given.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STACK_BYTES (256 * 1024)

/* Those of somebody who means no harm are closed at once. */
#define CLOSING_MOST 64

static atomic_int closing; /* threads that were begun and have not ended */

/*
 * What a file system of the kernel's own tells of its files, and FUSE does not.  Of an overlay it
 * is told by what lies below, whose content it is: other attributes are its own.
 */
#define OF_THE_KERNEL (STATX_ATTR_COMPRESSED | STATX_ATTR_NODUMP)

/* Whether a line of mountinfo is of this device, and its file system answers at once. */
static bool
is_mount(const char *line, unsigned major, unsigned minor)
{
	const char *type = strstr(line, " - ");
	unsigned a;
	unsigned b;

	return sscanf(line, "%*d %*d %u:%u ", &a, &b) == 2 && a == major && b == minor && type &&
		strncmp(type + 3, "fuse", 4) != 0;
}

/* Reading this list asks no file system anything. */
static bool
is_mounted_here(unsigned major, unsigned minor)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	while (file && !found && getline(&line, &size, file) >= 0) {
		found = is_mount(line, major, minor);
	}
	free(line);
	if (file) {
		(void)fclose(file); /* only read from */
	}
	return found;
}

bool
fd_given_may_wait(int fd)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &st) != 0 ||
		S_ISSOCK(st.stx_mode) || (S_ISCHR(st.stx_mode) && isatty(fd))) {
		return true; /* a socket may linger, a terminal drain; a file would be asked */
	}
	return st.stx_dev_major == 0 && !(st.stx_attributes_mask & OF_THE_KERNEL) &&
		!is_mounted_here(st.stx_dev_major, st.stx_dev_minor);
}

static void *
close_it(void *fd)
{
	(void)close((int)(intptr_t)fd); /* nothing was written to it */
	atomic_fetch_sub(&closing, 1);
	return NULL;
}

/* Signals are for who started this: one must not wait for a thread that waits for ever. */
static bool
begin(int fd)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all;
	sigset_t before;
	bool begun;

	sigfillset(&all);
	if (pthread_attr_init(&attr) != 0) {
		return false;
	}
	begun = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) == 0 &&
		pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
		pthread_sigmask(SIG_SETMASK, &all, &before) == 0;
	if (begun) {
		begun = pthread_create(&thread, &attr, close_it, (void *)(intptr_t)fd) == 0;
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* as it was: cannot fail */
	}
	(void)pthread_attr_destroy(&attr); /* cannot fail */
	return begun;
}

void
fd_given_close(int fd)
{
	atomic_fetch_add(&closing, 1);
	if (!begin(fd)) {
		atomic_fetch_sub(&closing, 1);
		return;
	}
	/* It is taken out of the table first, and waited for afterwards. */
	while (fcntl(fd, F_GETFD) >= 0) {
		(void)sched_yield();
	}
}

bool
fd_given_room(void)
{
	return atomic_load(&closing) < CLOSING_MOST;
}
