/* SPDX-License-Identifier: MIT */
/*
 * Bytes of a desk's connection.
 */
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "toban/base/clock.h"

#define READ_MOST 65536
#define CONNECT_MS 100 /* between looks whether it is still wanted */

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
};

/* Connects, waiting at most `ms` for a place in the queue; 0 or an errno. */
static int
connect_once(int fd, const struct sockaddr_un *address, int64_t ms)
{
	struct timeval most = { ms / 1000, ms % 1000 * 1000 };

	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most)) != 0 ||
		connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
		return errno;
	}
	return 0;
}

/*
 * Where many come at once the queue may be full; connecting then waits as writing does, in
 * parts, between which whoever waits may give up.  0 or an errno.
 */
static int
connect_within(const struct link *link, int fd, const struct sockaddr_un *address, int ms)
{
	int64_t now = clock_uptime_ms();
	int64_t until = now + ms;
	int flags = fcntl(fd, F_GETFL);
	int failed = EAGAIN;

	if (ms <= 0) {
		return connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? 0
											    : errno;
	}
	if (fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0) {
		return errno;
	}
	while (failed == EAGAIN && now < until) {
		int64_t left = until - now;

		failed = connect_once(fd, address, left < CONNECT_MS ? left : CONNECT_MS);
		if (failed == EAGAIN &&
			waiting_poll(link->waiting, -1, 0, link->since, clock_uptime_ms() + 1) ==
				WAITED_STOPPED) {
			return EAGAIN;
		}
		now = clock_uptime_ms();
	}
	return failed || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 ? failed : errno;
}

int
link_open(struct link *link, const char *path, int ms)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;
	int failed;

	*link = (struct link){
		.fd = -1, .in_fd = -1, .waiting = link->waiting, .since = link->since
	};
	link->in.most = WIRE_ANSWER_MOST;
	if (len == 0 || len >= sizeof(address.sun_path)) {
		return ENAMETOOLONG;
	}
	memcpy(address.sun_path, path, len);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return errno;
	}
	failed = connect_within(link, fd, &address, ms);
	if (failed) {
		(void)close(fd); /* was never used */
		return failed;
	}
	link->fd = fd;
	return 0;
}

void
link_close(struct link *link)
{
	if (link->fd >= 0) {
		(void)close(link->fd); /* what was not sent is sent again or told of */
	}
	if (link->in_fd >= 0) {
		(void)close(link->in_fd); /* nobody asked for it */
	}
	wire_frames_release(&link->in);
	link->fd = -1;
	link->in_fd = -1;
}

/* Waits for `events`; false when the time is up, or nobody waits any more. */
static bool
wait_for(const struct link *link, short events, int64_t until)
{
	return waiting_poll(link->waiting, link->fd, events, link->since, until) == WAITED_READY;
}

static ssize_t
send_part(int socket, const char *bytes, size_t len, int fd)
{
	union control control;
	struct iovec part = { (char *)(uintptr_t)bytes, len }; /* is only read */
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		memset(&control, 0, sizeof(control));
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		control.aligned.cmsg_level = SOL_SOCKET;
		control.aligned.cmsg_type = SCM_RIGHTS;
		control.aligned.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.aligned), &fd, sizeof(fd));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

enum link_end
link_push(const struct link *link, const struct str *frame, int fd, size_t *at)
{
	while (*at < frame->len) {
		ssize_t put = send_part(
			link->fd, frame->data + *at, frame->len - *at, *at == 0 ? fd : -1);

		if (put >= 0) {
			*at += (size_t)put;
		} else if (errno == EAGAIN) {
			return LINK_LATE;
		} else if (errno != EINTR) {
			return LINK_GONE;
		}
	}
	return LINK_DONE;
}

enum link_end
link_send(struct link *link, const struct str *frame, int fd, int64_t until, bool *ret_whole)
{
	size_t at = 0;
	enum link_end end = link_push(link, frame, fd, &at);

	while (end == LINK_LATE && wait_for(link, POLLOUT, until)) {
		end = link_push(link, frame, fd, &at);
	}
	*ret_whole = end == LINK_DONE;
	return end;
}

static void
take_descriptor(struct link *link, struct msghdr *message)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);

	/* There is room for one: the kernel drops others. */
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
		c->cmsg_len >= CMSG_LEN(sizeof(int))) {
		if (link->in_fd >= 0) {
			(void)close(link->in_fd); /* an answer that is over */
		}
		memcpy(&link->in_fd, CMSG_DATA(c), sizeof(link->in_fd));
	}
}

/* Reads once; LINK_LATE: nothing is there. */
static enum link_end
read_some(struct link *link)
{
	char bytes[READ_MOST];
	union control control;
	struct iovec part = { bytes, sizeof(bytes) };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	ssize_t got;
	bool kept;

	do {
		got = recvmsg(link->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got <= 0) {
		return got < 0 && errno == EAGAIN ? LINK_LATE : LINK_GONE;
	}
	take_descriptor(link, &message);
	kept = wire_frames_add(&link->in, bytes, (size_t)got);
	explicit_bzero(bytes, (size_t)got);
	return kept ? LINK_DONE : LINK_NO_MEMORY;
}

enum link_end
link_receive(struct link *link, int64_t until, json_t **ret_document)
{
	for (;;) {
		enum link_end end;

		switch (wire_frames_take(&link->in, ret_document)) {
		case WIRE_TAKEN:
			return LINK_DONE;
		case WIRE_TOO_LONG:
		case WIRE_NO_JSON:
			return LINK_GONE;
		case WIRE_NO_MEMORY:
			return LINK_NO_MEMORY;
		case WIRE_PART:
			break;
		}
		end = read_some(link);
		if (end == LINK_LATE && until != 0 && wait_for(link, POLLIN, until)) {
			continue;
		}
		if (end != LINK_DONE) {
			return end;
		}
	}
}
