/* SPDX-License-Identifier: MIT */
/*
 * A disk that stands still as long as a test wants: preloaded into the program, it lets no
 * sync begin while somebody else holds a lock on the file that SYNC_GATE names.  Nothing is
 * timed; whoever waits is woken by the kernel, and a file SYNC_GATE.waits tells that
 * somebody does.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static void
tell(const char *gate)
{
	char path[4096];
	int fd;

	(void)snprintf(path, sizeof(path), "%s.waits", gate);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0) {
		(void)close(fd);
	}
}

static void
pass_gate(void)
{
	const char *path = getenv("SYNC_GATE");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0) {
		tell(path);
		(void)flock(fd, LOCK_SH);
	}
	if (fd >= 0) {
		(void)close(fd);
	}
}

/* dlsym() gives an object pointer, POSIX says what it is. */
static int
real(const char *name, int fd)
{
	int (*call)(int fd);
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(&call, &found, sizeof(call));
	pass_gate();
	return call(fd);
}

int
fsync(int fd)
{
	return real("fsync", fd);
}

int
fdatasync(int fd)
{
	return real("fdatasync", fd);
}
