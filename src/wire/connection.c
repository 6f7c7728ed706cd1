/* SPDX-License-Identifier: MIT */
/*
 * One desk at the socket: what came from it, what waits to be written to it, and how
 * long it is waited for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "message.h"
#include "server.h"
#include "work.h"
#include "toban/base/clock.h"
#include "toban/base/fd_given.h"
#include "toban/base/log.h"
#include "toban/wire/error.h"

/* Room for more descriptors than anybody has a use for; the kernel drops what is beyond it. */
#define FDS_MOST 4

union control {
	char bytes[CMSG_SPACE(FDS_MOST * sizeof(int))];
	struct cmsghdr aligned;
};

static void
close_if_open(int *fd)
{
	if (*fd >= 0) {
		(void)close(*fd); /* a copy: what is behind it is the sender's concern */
		*fd = -1;
	}
}

struct connection *
connection_new(struct wire_server *server, int fd, const struct wire_peer *peer)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	struct epoll_event event = { .events = EPOLLIN };

	if (!connection) {
		return NULL;
	}
	*connection = (struct connection){
		.server = server,
		.fd = fd,
		.peer = { .uid = peer->uid, .pid = peer->pid },
		.door = { .wake_fd = -1 },
		.in = { .most = WIRE_REQUEST_MOST, .values_most = WIRE_VALUES_MOST },
		.in_fd = -1,
		.in_until = clock_uptime_ms() + FRAME_MS,
		.out = STR_WIPING,
		.out_fd = -1,
		.events = EPOLLIN,
	};
	event.data.ptr = connection;
	if (epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		free(connection);
		return NULL;
	}
	return connection;
}

static void
drop_held(struct connection *connection)
{
	if (connection->holds) {
		close_if_open(&connection->held.fd);
		json_decref(connection->held.document);
		connection->holds = false;
	}
}

void
connection_free(struct connection *connection)
{
	const struct wire_host *host = connection->server->host;

	work_drop(connection);
	drop_held(connection);
	if (connection->greeted) {
		host->close(host->ctx, &connection->door);
	}
	close_if_open(&connection->in_fd);
	close_if_open(&connection->out_fd);
	(void)close(connection->fd); /* leaves the epoll set, too */
	wire_frames_release(&connection->in);
	str_release(&connection->out);
	free(connection);
}

/*
 * A descriptor that could make the service wait is not kept, not even until its request is read: a
 * child that is started meanwhile would have to close it.
 */
static void
take_descriptor(struct connection *connection, int fd)
{
	close_if_open(&connection->in_fd);
	if (fd_given_may_wait(fd)) {
		fd_given_close(fd);
	} else {
		connection->in_fd = fd;
	}
}

/* Keeps the newest descriptor of a message and closes the others. */
static void
take_descriptors(struct connection *connection, struct msghdr *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		size_t n = c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS
			? (c->cmsg_len - CMSG_LEN(0)) / sizeof(int)
			: 0;

		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			if (i == 0) {
				take_descriptor(connection, fd);
			} else {
				fd_given_close(fd); /* one for each request is the rule */
			}
		}
	}
}

static ssize_t
receive(struct connection *connection, char *bytes, size_t size)
{
	union control control;
	struct iovec part = { bytes, size };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t got;

	/* Without the room for them the kernel lets go of them, and waits for nobody. */
	if (fd_given_room()) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
	}
	do {
		got = recvmsg(connection->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got >= 0) {
		take_descriptors(connection, &message);
	}
	return got;
}

void
connection_read(struct connection *connection)
{
	char bytes[READ_MOST];
	ssize_t got = receive(connection, bytes, sizeof(bytes));

	if (got < 0) {
		connection->dead = errno != EAGAIN;
	} else if (got == 0) {
		connection->ended = true;
	} else if (!wire_frames_add(&connection->in, bytes, (size_t)got)) {
		connection->dead = true; /* no memory for a word of explanation either */
	}
	if (got > 0) {
		explicit_bzero(bytes, (size_t)got);
	}
}

bool
connection_ready(const struct connection *connection)
{
	return !connection->busy && !connection->closing && !connection->dead &&
		connection->out_at == connection->out.len &&
		(connection->holds || wire_frames_ready(&connection->in));
}

/* Writes [out_at, end), with the descriptor if it goes with the first of these bytes. */
static ssize_t
send_part(struct connection *connection, size_t end)
{
	union control control;
	struct iovec part = { connection->out.data + connection->out_at, end - connection->out_at };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (connection->out_fd >= 0 && connection->out_fd_at == connection->out_at) {
		memset(&control, 0, sizeof(control));
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof(int));
		control.aligned.cmsg_level = SOL_SOCKET;
		control.aligned.cmsg_type = SCM_RIGHTS;
		control.aligned.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.aligned), &connection->out_fd, sizeof(int));
	}
	return sendmsg(connection->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
all_written(struct connection *connection)
{
	connection->out_at = 0;
	connection->out_until = 0;
	if (connection->out.cap > READ_MOST) {
		str_release(&connection->out); /* a long answer must not hold memory for months */
	} else {
		str_clear(&connection->out);
	}
}

void
connection_write(struct connection *connection)
{
	while (!connection->dead && connection->out_at < connection->out.len) {
		bool later = connection->out_fd >= 0 && connection->out_fd_at > connection->out_at;
		bool now = connection->out_fd >= 0 && connection->out_fd_at == connection->out_at;
		ssize_t put =
			send_part(connection, later ? connection->out_fd_at : connection->out.len);

		if (put < 0 && errno != EINTR) {
			connection->dead = errno != EAGAIN;
			return;
		}
		if (put > 0) {
			connection->out_at += (size_t)put;
			connection->out_until = clock_uptime_ms() + UNREAD_MS;
			if (now) {
				close_if_open(&connection->out_fd);
			}
		}
	}
	if (connection->out_at > 0 && connection->out_at == connection->out.len) {
		all_written(connection);
	}
}

/* The descriptor a result speaks of goes along and is no number to the other side. */
static void
take_result_fd(struct connection *connection, json_t *document)
{
	json_t *result = json_object_get(document, "result");
	const json_t *number = json_object_get(result, "fd");

	if (json_is_integer(number)) {
		connection->out_fd = (int)json_integer_value(number);
		connection->out_fd_at = connection->out.len;
		(void)json_object_set_new(
			result, "fd", json_true()); /* replaces: no memory needed */
	}
}

void
connection_send(struct connection *connection, json_t *document)
{
	bool too_long = false;

	if (document) {
		take_result_fd(connection, document);
	}
	if (document && !wire_frame_put(&connection->out, document, WIRE_ANSWER_MOST, &too_long) &&
		too_long) {
		json_t *answer =
			answer_new(json_object_get(document, "id"), "error", wire_error("D438"));

		close_if_open(&connection->out_fd);
		connection->dead = !answer ||
			!wire_frame_put(&connection->out, answer, WIRE_ANSWER_MOST, &too_long);
		json_decref(answer);
	}
	connection->dead = connection->dead || !document || connection->out.failed;
	json_decref(document);
	if (connection->out_until == 0) {
		connection->out_until = clock_uptime_ms() + UNREAD_MS;
	}
}

void
connection_refuse(struct connection *connection, const char *code)
{
	if (connection->closing || connection->dead) {
		return;
	}
	log_line(LOG_INFO, "a desk of uid %u is told %s and closed", (unsigned)connection->peer.uid,
		code);
	connection_send(connection, answer_new(NULL, "error", wire_error(code)));
	connection->closing = true;
	drop_held(connection);
	wire_frames_release(&connection->in);
}

size_t
connection_long(const struct connection *connection)
{
	return connection->in.bytes.cap > 2 * READ_MOST ? connection->in.bytes.cap : 0;
}

size_t
connection_unread(const struct connection *connection)
{
	return connection->out.len - connection->out_at;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a == 0 ? b : b == 0 || a < b ? a : b;
}

/*
 * A closed connection rings whether it is asked to or not: while nothing is waited for
 * it stays out of the set.
 */
static void
watch(struct connection *connection, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = connection };
	int how = connection->events == 0 ? EPOLL_CTL_ADD
		: events == 0             ? EPOLL_CTL_DEL
					  : EPOLL_CTL_MOD;

	if (events == connection->events) {
		return;
	}
	connection->events = events;
	if (epoll_ctl(connection->server->epoll_fd, how, connection->fd, &event) != 0) {
		connection->dead = true; /* it would never be heard of again */
	}
}

int64_t
connection_settle(struct connection *connection, int64_t now)
{
	bool whole = connection->holds || wire_frames_ready(&connection->in);
	bool part = !whole && wire_frames_held(&connection->in) > 0;
	bool unread = connection_unread(connection) > 0;
	uint32_t events = unread ? EPOLLOUT : 0;

	if (connection->closing || connection->busy || whole || unread ||
		(connection->greeted && !part)) {
		connection->in_until = 0;
	} else if (connection->in_until == 0) {
		connection->in_until = now + FRAME_MS;
	}
	if (!connection->ended && !connection->closing && !connection->busy && !whole && !unread) {
		events |= EPOLLIN;
	}
	if (connection->busy && events == 0) {
		events = EPOLLPRI; /* never comes: only that the other side is gone is heard */
	}
	watch(connection, events);
	if ((connection->ended || connection->closing) && !unread && !whole && !connection->busy) {
		connection->dead = true;
	}
	return sooner(connection->in_until, connection->out_until);
}
