/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that somebody else opened: which may make whoever has them wait, and closing
 * those.  A child makes a file system of its own in a name space of its own, as any account can,
 * and answers neither reading nor closing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/fd_given.h"

/* --- the file system ----------------------------------------------------------------------- */

/* As in <linux/fuse.h>, which names a member like a function that is not used here. */
enum {
	FUSE_LOOKUP = 1,
	FUSE_FORGET = 2,
	FUSE_GETATTR = 3,
	FUSE_OPEN = 14,
	FUSE_READ = 15,
	FUSE_STATFS = 17,
	FUSE_FLUSH = 25,
	FUSE_INIT = 26,
	FUSE_OPENDIR = 27,
	FUSE_INTERRUPT = 36,
	FUSE_BATCH_FORGET = 42
};

struct fuse_in_header {
	uint32_t len;
	uint32_t opcode;
	uint64_t unique;
	uint64_t nodeid;
	uint32_t more[4];
};

struct fuse_out_header {
	uint32_t len;
	int32_t error;
	uint64_t unique;
};

struct fuse_attr {
	uint64_t ino;
	uint64_t size;
	uint64_t blocks_and_times[4];
	uint32_t nsec[3];
	uint32_t mode;
	uint32_t nlink;
	uint32_t uid_gid_rdev[3];
	uint32_t blksize;
	uint32_t flags;
};

struct fuse_attr_out {
	uint64_t attr_valid;
	uint64_t more;
	struct fuse_attr attr;
};

struct fuse_entry_out {
	uint64_t nodeid;
	uint64_t generation;
	uint64_t entry_valid;
	uint64_t attr_valid;
	uint64_t more;
	struct fuse_attr attr;
};

struct fuse_open_out {
	uint64_t fh;
	uint64_t more;
};

struct fuse_init_out {
	uint32_t major;
	uint32_t minor;
	uint32_t more[3];
	uint32_t max_write;
	uint32_t rest[10];
};

struct fuse_statfs_out {
	uint64_t blocks;
	uint64_t more[4];
	uint32_t bsize;
	uint32_t namelen;
	uint32_t rest[8];
};

static void
answer(int dev, uint64_t unique, int error, const void *data, size_t len)
{
	char bytes[1024];
	struct fuse_out_header head = {
		.len = (uint32_t)(sizeof(head) + len), .error = error, .unique = unique
	};

	memcpy(bytes, &head, sizeof(head));
	if (len > 0) {
		memcpy(bytes + sizeof(head), data, len);
	}
	(void)!write(dev, bytes, head.len);
}

/* The folder, or the one file in it. */
static struct fuse_attr
attributes(uint64_t node)
{
	return (struct fuse_attr){ .ino = node,
		.mode = node == 1 ? S_IFDIR | 0755 : S_IFREG | 0644,
		.nlink = 1,
		.size = 100000,
		.blksize = 4096 };
}

static void
answer_one(int dev, const struct fuse_in_header *in)
{
	struct fuse_init_out init = { .major = 7, .minor = 31, .max_write = 65536 };
	struct fuse_attr_out attr = { .attr_valid = 1000, .attr = attributes(in->nodeid) };
	struct fuse_entry_out entry = {
		.nodeid = 2, .entry_valid = 1000, .attr_valid = 1000, .attr = attributes(2)
	};
	struct fuse_open_out open = { .fh = 1 };
	struct fuse_statfs_out fs = { .bsize = 4096, .namelen = 255, .blocks = 9 };
	const char *name = (const char *)(in + 1);

	switch (in->opcode) {
	case FUSE_INIT:
		answer(dev, in->unique, 0, &init, sizeof(init));
		break;
	case FUSE_GETATTR:
		answer(dev, in->unique, 0, &attr, sizeof(attr));
		break;
	case FUSE_LOOKUP:
		answer(dev, in->unique, strcmp(name, "f") ? -ENOENT : 0, &entry,
			strcmp(name, "f") ? 0 : sizeof(entry));
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer(dev, in->unique, 0, &open, sizeof(open));
		break;
	case FUSE_STATFS:
		answer(dev, in->unique, 0, &fs, sizeof(fs));
		break;
	case FUSE_READ:
	case FUSE_FLUSH:
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break; /* never */
	default:
		answer(dev, in->unique, -ENOSYS, NULL, 0);
	}
}

static pid_t
serve(int dev)
{
	pid_t pid = fork();

	while (pid == 0) {
		static union {
			char bytes[1 << 20];
			struct fuse_in_header head;
		} in;

		if (read(dev, in.bytes, sizeof(in.bytes)) >= (ssize_t)sizeof(in.head)) {
			answer_one(dev, &in.head);
		} else if (errno != EINTR && errno != ENOENT) {
			_exit(0);
		}
	}
	return pid;
}

/* --- a name space of one's own --------------------------------------------------------------- */

static bool
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	return fd >= 0 && close(fd) == 0 && done;
}

static bool
enter(void)
{
	char uid[40];
	char gid[40];

	(void)snprintf(uid, sizeof(uid), "0 %u 1", (unsigned)getuid());
	(void)snprintf(gid, sizeof(gid), "0 %u 1", (unsigned)getgid());
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && put("/proc/self/setgroups", "deny") &&
		put("/proc/self/uid_map", uid) && put("/proc/self/gid_map", gid) &&
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount("tmpfs", "/tmp", "tmpfs", 0, NULL) == 0 && mkdir("/tmp/fuse", 0755) == 0 &&
		mkdir("/tmp/none", 0755) == 0 && mkdir("/tmp/over", 0755) == 0;
}

/* The file, of the file system itself or of an overlay over it; -1: not to be had here. */
static int
open_file(bool overlay, pid_t *ret_server)
{
	int dev = enter() ? open("/dev/fuse", O_RDWR | O_CLOEXEC) : -1;
	char options[100];

	(void)snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", dev);
	if (dev < 0 || mount("f", "/tmp/fuse", "fuse", 0, options) != 0) {
		return -1;
	}
	*ret_server = serve(dev);
	(void)close(dev); /* the server's alone: with it the file system ends */
	if (overlay &&
		mount("o", "/tmp/over", "overlay", 0, "lowerdir=/tmp/fuse:/tmp/none") != 0) {
		return -1;
	}
	return open(overlay ? "/tmp/over/f" : "/tmp/fuse/f", O_RDONLY | O_CLOEXEC);
}

/* --- handing over ---------------------------------------------------------------------------- */

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
};

static void
hand_over(int socket, bool overlay)
{
	pid_t server = 0;
	int fd = open_file(overlay, &server);
	union control control = { .bytes = { 0 } };
	struct iovec part = { &server, sizeof(server) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		control.aligned.cmsg_level = SOL_SOCKET;
		control.aligned.cmsg_type = SCM_RIGHTS;
		control.aligned.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.aligned), &fd, sizeof(fd));
	}
	(void)!sendmsg(socket, &message, 0);
	(void)pause();
}

/* What the child opened, or -1; its server, 0 none. */
static int
take_over(int socket, pid_t *ret_server)
{
	union control control;
	struct iovec part = { ret_server, sizeof(*ret_server) };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	const struct cmsghdr *c;
	int fd = -1;

	assert_int_equal(recvmsg(socket, &message, MSG_CMSG_CLOEXEC), sizeof(*ret_server));
	c = CMSG_FIRSTHDR(&message);
	if (c) {
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	}
	return fd;
}

#define MANY 65 /* of which none is closed while nobody answers: more than are taken over */

static void
check_own_file_system(bool overlay)
{
	pid_t server = 0;
	bool may_wait;
	bool had_room = true;
	bool has_room;
	int ends[2];
	pid_t child;
	int fd;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	child = fork();
	if (child == 0) {
		hand_over(ends[1], overlay);
		_exit(0);
	}
	fd = take_over(ends[0], &server);
	may_wait = fd < 0 || fd_given_may_wait(fd);
	for (int i = 0; fd >= 0 && i < MANY; i++) {
		int other = i + 1 < MANY ? dup(fd) : fd;

		had_room = had_room && (i >= 64 || fd_given_room());
		fd_given_close(other); /* comes back although nobody answers */
		assert_int_equal(fcntl(other, F_GETFD), -1);
	}
	has_room = fd_given_room();
	if (server > 0) {
		(void)kill(server, SIGKILL); /* who waits for it waits no more */
	}
	while (!fd_given_room()) {
		(void)sched_yield();
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);
	if (fd < 0) {
		skip(); /* no name spaces, or no FUSE, for this account */
	}
	assert_true(may_wait);
	assert_true(had_room);
	assert_false(has_room);
}

static void
may_wait__file_system_of_ones_own__does(void **state)
{
	(void)state;
	check_own_file_system(false);
}

static void
may_wait__overlay_over_one__does(void **state)
{
	(void)state;
	check_own_file_system(true);
}

static void
may_wait__sockets_and_pipes__do(void **state)
{
	int ends[2][2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends[0]), 0);
	assert_int_equal(pipe(ends[1]), 0);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		for (size_t k = 0; k < ARRAY_LEN(ends[i]); k++) {
			assert_true(fd_given_may_wait(ends[i][k]));
			fd_given_close(ends[i][k]);
			assert_int_equal(fcntl(ends[i][k], F_GETFD), -1);
		}
	}
}

static void
may_wait__files_of_this_machine__do_not(void **state)
{
	static const char *const paths[] = { "/proc/self/exe", "/dev/null", "/proc/version", "/" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		int fd = open(paths[i], O_RDONLY | O_CLOEXEC);

		assert_true(fd >= 0);
		assert_false(fd_given_may_wait(fd));
		assert_int_equal(close(fd), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(may_wait__file_system_of_ones_own__does),
		cmocka_unit_test(may_wait__overlay_over_one__does),
		cmocka_unit_test(may_wait__sockets_and_pipes__do),
		cmocka_unit_test(may_wait__files_of_this_machine__do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
