/* SPDX-License-Identifier: MIT */
/*
 * Listening: the name in the file system outlives a service that was killed, so
 * whoever comes next must tell a name that is left from one that is in use.
 */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "toban/base/i18n.h"
#include "toban/base/log.h"
#include "toban/base/str.h"
#include "toban/desk/door.h"
#include "toban/wire/error.h"
#include "places.h"

#define HANDED_FD 3 /* where sd_listen_fds(3) begins */
#define BACKLOG 512 /* they wait while the service works, none is turned away */

static enum err
fail(enum err e, const char *pattern, const char *path, int number, json_t **ret_error)
{
	struct str text = STR_INIT;

	str_say(&text, pattern,
		(const struct str_arg[]){ { "path", path }, { "cause", strerror(number) } }, 2);
	*ret_error = door_error("D439", "unusable", str_text(&text),
		_("Nothing was changed. Stop what is there, or name another socket with "
		  "--socket."));
	str_release(&text);
	return e;
}

/* --- handed over ---------------------------------------------------------------------- */

bool
listen_is_handed_over(void)
{
	const char *pid = places_environment("LISTEN_PID");
	const char *n = places_environment("LISTEN_FDS");

	return pid && n && strtoll(pid, NULL, 10) == (long long)getpid();
}

static bool
has_option(int fd, int option, int wanted)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0 && value == wanted;
}

enum err
listen_take(struct listen *ret_listen, json_t **ret_error)
{
	bool one = strcmp(places_environment("LISTEN_FDS"), "1") == 0;

	/* The sender and other children are not to take it for theirs. */
	(void)unsetenv("LISTEN_PID"); /* these names cannot be refused */
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_FDNAMES");
	if (!one || !has_option(HANDED_FD, SO_DOMAIN, AF_UNIX) ||
		!has_option(HANDED_FD, SO_TYPE, SOCK_STREAM) ||
		!has_option(HANDED_FD, SO_ACCEPTCONN, 1) ||
		fcntl(HANDED_FD, F_SETFD, FD_CLOEXEC) != 0) {
		return fail(ERR_UNSUPPORTED,
			_("The system's manager handed over something else than one listening Unix "
			  "stream socket."),
			"", 0, ret_error);
	}
	*ret_listen = (struct listen){ .fd = HANDED_FD };
	return ERR_OK;
}

/* --- made here ---------------------------------------------------------------------------- */

static bool
fill_address(struct sockaddr_un *address, const char *path)
{
	size_t len = strlen(path);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (len == 0 || len >= sizeof(address->sun_path)) {
		return false;
	}
	memcpy(address->sun_path, path, len);
	return true;
}

/* Whether a process listens there. */
static bool
is_answered(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool answered = fd >= 0 &&
		(connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
			errno == EAGAIN); /* so many wait that it does not even queue us */

	if (fd >= 0) {
		(void)close(fd); /* nothing was said */
	}
	return answered;
}

/* Removes a name that was left behind; anything else stays and is refused. */
static enum err
clear_name(const struct sockaddr_un *address, json_t **ret_error)
{
	const char *path = address->sun_path;
	struct stat status;

	if (lstat(path, &status) != 0) {
		return errno == ENOENT
			? ERR_OK
			: fail(ERR_IO, _("The socket {path} cannot be made: {cause}."), path, errno,
				  ret_error);
	}
	if (!S_ISSOCK(status.st_mode) || status.st_uid != geteuid()) {
		return fail(ERR_EXISTS,
			_("At {path} there is something that is no socket of this account."), path,
			0, ret_error);
	}
	if (is_answered(address)) {
		return fail(
			ERR_EXISTS, _("Another service answers at {path}."), path, 0, ret_error);
	}
	log_line(LOG_INFO, "%s was left behind and is taken over", path);
	return unlink(path) == 0 ? ERR_OK
				 : fail(ERR_IO, _("The socket {path} cannot be made: {cause}."),
					   path, errno, ret_error);
}

/* Binds and listens; 0 or an errno. */
static int
bind_name(int fd, const struct sockaddr_un *address)
{
	/* Nobody connects before listen(), so that the mode is there in time. */
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 ||
		chmod(address->sun_path, 0660) != 0 || listen(fd, BACKLOG) != 0) {
		return errno;
	}
	return 0;
}

static enum err
make(const struct sockaddr_un *address, struct listen *ret_listen, json_t **ret_error)
{
	struct stat status;
	enum err e = clear_name(address, ret_error);
	int fd = e == ERR_OK ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
	int failed = fd < 0 ? errno : bind_name(fd, address);

	if (e != ERR_OK) {
		return e;
	}
	if (!failed && lstat(address->sun_path, &status) != 0) {
		failed = errno;
	}
	if (failed) {
		if (fd >= 0) {
			(void)close(fd); /* nobody came yet */
		}
		return fail(ERR_IO, _("The socket {path} cannot be made: {cause}."),
			address->sun_path, failed, ret_error);
	}
	*ret_listen = (struct listen){ .fd = fd, .device = status.st_dev, .inode = status.st_ino };
	return ERR_OK;
}

/* Two services that start at once look at the name one after the other. */
static int
lock_folder(const char *path)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int failed = fd < 0 ? errno : 0;

	free(copy);
	while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR) {
	}
	errno = failed;
	return fd;
}

enum err
listen_make(const char *path, struct listen *ret_listen, json_t **ret_error)
{
	struct sockaddr_un address;
	int folder;
	enum err e;

	if (!fill_address(&address, path)) {
		return fail(ERR_INVALID, _("The path {path} is too long for a socket."), path, 0,
			ret_error);
	}
	(void)places_make_folder(path); /* what is missing is told by the next call */
	folder = lock_folder(path);
	if (folder < 0) {
		return fail(ERR_IO, _("The socket {path} cannot be made: {cause}."), path, errno,
			ret_error);
	}
	e = make(&address, ret_listen, ret_error);
	(void)close(folder); /* gives back the lock */
	if (e == ERR_OK) {
		ret_listen->path = path;
	}
	return e;
}

void
listen_forget(const struct listen *listen)
{
	struct stat status;

	if (listen->path && lstat(listen->path, &status) == 0 && status.st_dev == listen->device &&
		status.st_ino == listen->inode) {
		(void)unlink(listen->path); /* else the next service takes it over */
	}
}
