/* SPDX-License-Identifier: MIT */
/*
 * A library to preload that makes the Nth call of its kind go wrong: writes,
 * syncs, truncations, unlinks and renames of regular files are counted.
 *
 *     SYSFAULT=MODE:N
 *
 * MODE is one of: kill (before the call), killed (after it), torn (half a write,
 * then killed), eio, enospc (this call fails), eio-few (the three after it, too),
 * eio-ever, enospc-ever (this one and all that follow).  enospc spares calls that
 * need no room.  slow lets N ms pass before each sync, and changes nothing else.
 */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum mode {
	NOTHING,
	KILL,
	KILLED,
	TORN,
	EIO_ONCE,
	EIO_FEW,
	EIO_EVER,
	ENOSPC_ONCE,
	ENOSPC_EVER,
	SLOW
};

/* As many calls as fail in a row with eio-few: a sync and what is tried to mend it. */
#define FEW 4

static const char *const words[] = { "", "kill", "killed", "torn", "eio", "eio-few", "eio-ever",
	"enospc", "enospc-ever", "slow" };

/* The process under test has one thread; a preloaded library has no other place for it. */
static struct {
	enum mode mode;
	long point;
	long count;
	bool read;
} fault;

/* What the caller of a counted call must do. */
enum verdict { GO_ON, FAIL, HALF };

int sysfault_hit(void);

/* Whether the point was reached; the driver asks by dlsym(). */
int
sysfault_hit(void)
{
	return fault.mode != NOTHING && fault.count >= fault.point;
}

static void
read_wish(void)
{
	const char *wish = getenv("SYSFAULT");
	const char *colon = wish == NULL ? NULL : strchr(wish, ':');

	fault.read = true;
	for (size_t i = 1; colon != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i]) == (size_t)(colon - wish) &&
			strncmp(wish, words[i], strlen(words[i])) == 0) {
			fault.mode = (enum mode)i;
			fault.point = strtol(colon + 1, NULL, 10);
		}
	}
}

static void
die(void)
{
	(void)kill(getpid(), SIGKILL);
}

/* Counts a call; `room` tells whether it may need room on the disk. */
static enum verdict
before(bool room)
{
	bool here;
	bool ever;

	if (!fault.read) {
		read_wish();
	}
	fault.count++;
	here = fault.count == fault.point;
	ever = fault.count >= fault.point;
	switch (fault.mode) {
	case KILL:
		if (here) {
			die();
		}
		return GO_ON;
	case TORN:
		return here ? HALF : GO_ON;
	case EIO_FEW:
		errno = EIO;
		return ever && fault.count < fault.point + FEW ? FAIL : GO_ON;
	case EIO_ONCE:
	case EIO_EVER:
		errno = EIO;
		return here || (ever && fault.mode == EIO_EVER) ? FAIL : GO_ON;
	case ENOSPC_ONCE:
	case ENOSPC_EVER:
		errno = ENOSPC;
		return room && (here || (ever && fault.mode == ENOSPC_EVER)) ? FAIL : GO_ON;
	default:
		return GO_ON;
	}
}

static void
after(void)
{
	if (fault.mode == KILLED && fault.count == fault.point) {
		die();
	}
}

static bool
regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Looks the real function up; dlsym() gives an object pointer, POSIX says what it is. */
#define REAL(type, name)                                                                           \
	type real;                                                                                 \
	void *found = dlsym(RTLD_NEXT, name);                                                      \
	memcpy(&real, &found, sizeof(real))

typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off_t);
typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef int (*fd_fn)(int);
typedef int (*truncate_fn)(int, off_t);
typedef int (*unlink_fn)(const char *);
typedef int (*rename_fn)(int, const char *, int, const char *, unsigned);

static ssize_t
do_pwrite(const char *name, int fd, const void *data, size_t len, off_t at)
{
	REAL(pwrite_fn, name);
	ssize_t done;

	if (!regular(fd)) {
		return real(fd, data, len, at);
	}
	switch (before(true)) {
	case FAIL:
		return -1;
	case HALF:
		(void)real(fd, data, len / 2, at);
		die();
		return -1;
	default:
		done = real(fd, data, len, at);
		after();
		return done;
	}
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	return do_pwrite("pwrite", fd, data, len, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off_t at)
{
	return do_pwrite("pwrite64", fd, data, len, at);
}

ssize_t
write(int fd, const void *data, size_t len)
{
	REAL(write_fn, "write");
	ssize_t done;

	if (!regular(fd)) {
		return real(fd, data, len);
	}
	if (before(true) == FAIL) {
		return -1;
	}
	done = real(fd, data, len);
	after();
	return done;
}

static int
do_sync(const char *name, int fd)
{
	REAL(fd_fn, name);
	int rc;

	if (before(true) == FAIL) {
		return -1;
	}
	if (fault.mode == SLOW) {
		(void)poll(NULL, 0, (int)fault.point);
	}
	rc = real(fd);
	after();
	return rc;
}

int
fsync(int fd)
{
	return do_sync("fsync", fd);
}

int
fdatasync(int fd)
{
	return do_sync("fdatasync", fd);
}

static int
do_truncate(const char *name, int fd, off_t len)
{
	REAL(truncate_fn, name);
	int rc;

	if (before(len > 0) == FAIL) {
		return -1;
	}
	rc = real(fd, len);
	after();
	return rc;
}

int
ftruncate(int fd, off_t len)
{
	return do_truncate("ftruncate", fd, len);
}

int
ftruncate64(int fd, off_t len)
{
	return do_truncate("ftruncate64", fd, len);
}

int
unlink(const char *path)
{
	REAL(unlink_fn, "unlink");
	int rc;

	if (before(false) == FAIL) {
		return -1;
	}
	rc = real(path);
	after();
	return rc;
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	REAL(rename_fn, "renameat2");
	int rc;

	if (before(true) == FAIL) {
		return -1;
	}
	rc = real(from_dir, from, to_dir, to, flags);
	after();
	return rc;
}
