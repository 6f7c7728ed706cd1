/* SPDX-License-Identifier: MIT */
/*
 * The lease of a desk's engine: a lock that dies with its process.  Whoever waits
 * for it has a child that sleeps in the kernel's queue; the lock belongs to the
 * open file, which both have, so that it stays when the child has done its part.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "toban/base/log.h"
#include "toban/desk/engine.h"
#include "toban/store/wake.h"

#define HOLDER "holder" /* its name in the store */

static enum err
lease_open(const char *path, int *ret_fd)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		log_line(LOG_ERROR, "the engine's lock %s cannot be opened: %s", path,
			strerror(errno));
		return ERR_IO;
	}
	*ret_fd = fd;
	return ERR_OK;
}

/* Whether the name still leads to the file: a lock on one that was removed keeps nobody out. */
static bool
is_same_file(const char *path, int fd)
{
	struct stat named;
	struct stat held;

	return lstat(path, &named) == 0 && fstat(fd, &held) == 0 && named.st_dev == held.st_dev &&
		named.st_ino == held.st_ino;
}

enum err
lease_take(const char *path, int *ret_fd)
{
	int fd = -1;
	enum err e = lease_open(path, &fd);

	if (e) {
		return e;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		e = errno == EWOULDBLOCK ? ERR_BUSY : ERR_IO;
	} else if (!is_same_file(path, fd)) {
		e = ERR_BUSY; /* the next try finds the new file */
	}
	if (e) {
		(void)close(fd); /* holds nothing that counts */
		return e;
	}
	*ret_fd = fd;
	return ERR_OK;
}

/*
 * Waits until no service has its mark, without keeping it: services share the mark,
 * and one that starts is not to find it taken.
 */
static void
wait_for_no_service(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	while (fcntl(fd, F_OFD_SETLKW, &whole) != 0 && errno == EINTR) {
	}
	(void)close(fd); /* gives it back; the parent's descriptor is closed as well */
}

/* Whoever waits for months keeps open what the wait is for, not its parent's connections. */
static void
keep_only(int a, int b)
{
	unsigned low = (unsigned)(a < b ? a : b);
	unsigned high = (unsigned)(a < b ? b : a);

	if (a < 0 || b < 0) {
		low = high; /* one of them alone */
	}
	/* An old kernel keeps them: nothing is done with them in any case. */
	(void)(low > 0 && close_range(0, low - 1, 0));
	(void)(high > low + 1 && close_range(low + 1, high - 1, 0));
	(void)close_range(high + 1, ~0U, 0);
}

/* The child: waits in the queue, and ends with its parent. */
static _Noreturn void
wait_in_queue(int fd, int service_fd, pid_t parent)
{
	int rc;

	keep_only(fd, service_fd);
	/* Asked first, looked at then: the parent may have ended in between. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
		_exit(EXIT_FAILURE);
	}
	if (service_fd >= 0) {
		wait_for_no_service(service_fd);
	}
	do {
		rc = flock(fd, LOCK_EX);
	} while (rc != 0 && errno == EINTR);
	_exit(rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

enum err
lease_wait_start(const char *path, const char *service, struct lease_wait *ret_wait)
{
	struct lease_wait wait = { .done_fd = -1, .lock_fd = -1 };
	int service_fd = -1;
	pid_t parent = getpid();
	enum err e = service ? lease_open(service, &service_fd) : ERR_OK;

	if (!e) {
		e = lease_open(path, &wait.lock_fd);
	}
	wait.pid = e ? -1 : fork();
	if (wait.pid == 0) {
		wait_in_queue(wait.lock_fd, service_fd, parent);
	}
	if (service_fd >= 0) {
		(void)close(service_fd); /* the child's: it holds nothing here */
	}
	if (e) {
		return e;
	}
	if (wait.pid > 0) {
		wait.done_fd = pidfd_open(wait.pid, 0);
	}
	if (wait.done_fd < 0) {
		log_line(LOG_ERROR, "the wait for the engine's lock failed: %s", strerror(errno));
		lease_wait_stop(&wait);
		return ERR_IO;
	}
	*ret_wait = wait;
	return ERR_OK;
}

/* Takes the child's end; whether it had got the lock. */
static bool
take_child(struct lease_wait *wait)
{
	int status = 0;
	pid_t got = wait->pid > 0 ? 0 : -1;

	while (wait->pid > 0 && (got = waitpid(wait->pid, &status, 0)) < 0 && errno == EINTR) {
	}
	wait->pid = 0;
	if (wait->done_fd >= 0) {
		(void)close(wait->done_fd); /* only polled */
		wait->done_fd = -1;
	}
	return got > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

enum err
lease_wait_finish(struct lease_wait *wait, const char *path, int *ret_fd)
{
	bool locked = take_child(wait);
	int fd = wait->lock_fd;

	wait->lock_fd = -1;
	if (locked && is_same_file(path, fd)) {
		*ret_fd = fd;
		return ERR_OK;
	}
	(void)close(fd); /* holds nothing that counts */
	return ERR_BUSY;
}

void
lease_wait_stop(struct lease_wait *wait)
{
	if (wait->pid > 0) {
		(void)kill(wait->pid, SIGKILL); /* it is ours and not yet waited for */
		(void)take_child(wait);         /* what it had got goes with the descriptor */
	}
	if (wait->lock_fd >= 0) {
		(void)close(wait->lock_fd); /* gives up the lock, if there is one */
		wait->lock_fd = -1;
	}
}

bool
lease_is_held(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool held;

	if (fd < 0) {
		return false;
	}
	/* Shared: two who ask at once are not in each other's way. */
	held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	(void)close(fd); /* gives back what the question took */
	return held;
}

/* --- the service ------------------------------------------------------------------------ */

enum err
service_mark(const char *path, int *ret_fd)
{
	struct flock whole = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int fd = -1;
	enum err e = lease_open(path, &fd);
	int rc;

	if (e) {
		return e;
	}
	do {
		rc = fcntl(fd, F_OFD_SETLKW, &whole);
	} while (rc != 0 && errno == EINTR);
	/* The new times are the news: a lock alone wakes nobody. */
	if (rc != 0 || futimens(fd, NULL) != 0) {
		log_line(LOG_ERROR, "the mark of the service %s cannot be set: %s", path,
			strerror(errno));
		(void)close(fd); /* takes the mark back, if it was set */
		return ERR_IO;
	}
	*ret_fd = fd;
	return ERR_OK;
}

bool
service_is_there(const char *path)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool there;

	if (fd < 0) {
		return false;
	}
	/* A lock for writing is that of an engine at the end of its wait. */
	there = fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type == F_RDLCK;
	(void)close(fd); /* only asked */
	return there;
}

enum err
service_watch(const char *path, int *ret_fd)
{
	int file = -1;
	enum err e = lease_open(path, &file); /* what is not there cannot be watched */
	int fd = e ? -1 : inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (file >= 0) {
		(void)close(file); /* only made */
	}
	if (fd < 0 || inotify_add_watch(fd, path, IN_ATTRIB | IN_DONT_FOLLOW) < 0) {
		log_line(LOG_ERROR, "the mark of the service %s cannot be watched: %s", path,
			strerror(errno));
		if (fd >= 0) {
			(void)close(fd); /* watches nothing */
		}
		return ERR_IO;
	}
	*ret_fd = fd;
	return ERR_OK;
}

/* --- who has it --------------------------------------------------------------------- */

enum err
engine_holder_put(struct store *store, const struct engine_holder *holder)
{
	json_t *json;
	char *text;
	enum err e;

	if (!holder) {
		return store_engine_put(store, HOLDER, NULL);
	}
	json = json_pack("{s:I, s:s, s:s, s:I}", "pid", (json_int_t)holder->pid, "host",
		holder->host, "kind", holder->kind, "since", (json_int_t)holder->since);
	text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(json);
	e = text ? store_engine_put(store, HOLDER, text) : ERR_NOMEM;
	free(text);
	return e;
}

enum err
engine_holder_get(struct store *store, struct arena *arena, struct engine_holder *ret_holder)
{
	const char *text = NULL;
	enum err e = store_engine_get(store, arena, HOLDER, &text);
	json_t *json = e ? NULL : json_loads(text, 0, NULL);
	const char *host = json_string_value(json_object_get(json, "host"));
	const char *kind = json_string_value(json_object_get(json, "kind"));

	if (!e && (!host || !kind)) {
		e = ERR_NOT_FOUND; /* not written by this program */
	}
	if (!e) {
		*ret_holder = (struct engine_holder){
			.pid = json_integer_value(json_object_get(json, "pid")),
			.host = arena_strdup(arena, host),
			.kind = arena_strdup(arena, kind),
			.since = json_integer_value(json_object_get(json, "since")),
		};
		e = ret_holder->host && ret_holder->kind ? ERR_OK : ERR_NOMEM;
	}
	json_decref(json);
	return e;
}
