/* SPDX-License-Identifier: MIT */
/*
 * The loop's part of the server: who comes, who has something to say, whose time is
 * up, and who is told that the record changed.  Nothing here waits.
 */
#include "toban/wire/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "message.h"
#include "server.h"
#include "work.h"
#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/log.h"
#include "toban/wire/error.h"

#define EVENTS_MOST 128 /* looked at in one turn */
#define COMERS_MOST 64  /* taken in in one turn */

/* --- the machinery ------------------------------------------------------------------ */

static int
open_spare(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool
watch(int epoll_fd, int fd, void *mark)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = mark };

	return fd >= 0 && epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool
start(struct wire_server *server)
{
	int flags = fcntl(server->listen_fd, F_GETFL);

	server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	server->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	server->again_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	server->spare_fd = open_spare();
	/* The connection of each event is its mark: these three have the place of their number. */
	return server->epoll_fd >= 0 && flags >= 0 &&
		fcntl(server->listen_fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
		fcntl(server->listen_fd, F_SETFD, FD_CLOEXEC) == 0 &&
		watch(server->epoll_fd, server->listen_fd, &server->listen_fd) &&
		watch(server->epoll_fd, server->timer_fd, &server->timer_fd) &&
		watch(server->epoll_fd, server->again_fd, &server->again_fd);
}

enum err
wire_server_new(int listen_fd, const struct wire_host *host, struct wire_server **ret_server)
{
	struct wire_server *server = calloc(1, sizeof(*server));

	if (!server) {
		return ERR_NOMEM;
	}
	*server = (struct wire_server){ .host = host,
		.listen_fd = listen_fd,
		.epoll_fd = -1,
		.timer_fd = -1,
		.again_fd = -1,
		.spare_fd = -1 };
	server->batch = calloc(CONNECTIONS_MOST + CONNECTIONS_KEPT, sizeof(*server->batch));
	server->shares.items =
		calloc(CONNECTIONS_MOST + CONNECTIONS_KEPT, sizeof(*server->shares.items));
	if (!server->batch || !server->shares.items || !start(server)) {
		server->listen_fd = -1; /* stays the caller's */
		wire_server_free(server);
		return ERR_IO;
	}
	*ret_server = server;
	return ERR_OK;
}

void
wire_server_free(struct wire_server *server)
{
	if (!server) {
		return;
	}
	const int fds[] = { server->listen_fd, server->epoll_fd, server->timer_fd, server->again_fd,
		server->spare_fd };

	while (server->connections) {
		struct connection *next = server->connections->next;

		connection_free(server->connections);
		server->connections = next;
	}
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		if (fds[i] >= 0) {
			(void)close(fds[i]); /* nothing is written to them */
		}
	}
	free(server->batch);
	free(server->shares.items);
	free(server);
}

int
wire_server_fd(const struct wire_server *server)
{
	return server->epoll_fd;
}

size_t
wire_server_count(const struct wire_server *server)
{
	return server->n;
}

/* --- who comes -------------------------------------------------------------------------- */

/* Tells one that cannot stay, as far as it can be told without waiting. */
static void
turn_away(int fd, const char *code)
{
	struct str out = STR_INIT;
	bool too_long = false;
	json_t *answer = answer_new(NULL, "error", wire_error(code));

	if (answer && wire_frame_put(&out, answer, WIRE_ANSWER_MOST, &too_long)) {
		/* A new connection has room for a sentence; if not, it is closed without. */
		(void)send(fd, out.data, out.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	json_decref(answer);
	str_release(&out);
	(void)close(fd); /* nothing else was written */
}

static bool
is_house(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

static bool
has_room(const struct wire_server *server, uid_t uid)
{
	size_t most = CONNECTIONS_MOST + (is_house(uid) ? CONNECTIONS_KEPT : 0);
	size_t own = 0;

	for (const struct connection *c = server->connections; c; c = c->next) {
		own += c->peer.uid == uid;
	}
	return server->n < most && own < CONNECTIONS_OF_ONE;
}

/* Whoever is turned away in crowds must not fill the log as well. */
static void
say_full(struct wire_server *server, uid_t uid)
{
	int64_t now = clock_uptime_ms();

	if (server->full_said_at == 0 || now - server->full_said_at >= FULL_SAID_MS) {
		server->full_said_at = now;
		log_line(LOG_WARNING, "no room for another desk of uid %u, and maybe of others",
			(unsigned)uid);
	}
}

static void
admit(struct wire_server *server, int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);
	struct connection *connection;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0) {
		(void)close(fd); /* nothing was said yet */
		return;
	}
	if (!has_room(server, who.uid)) {
		say_full(server, who.uid);
		turn_away(fd, "D433");
		return;
	}
	connection =
		connection_new(server, fd, &(struct wire_peer){ .uid = who.uid, .pid = who.pid });
	if (!connection) {
		turn_away(fd, "D433");
		return;
	}
	connection->next = server->connections;
	server->connections = connection;
	server->n++;
}

/* No descriptor is left: the spare one lets somebody be told, instead of ringing for ever. */
static void
turn_away_one(struct wire_server *server)
{
	int fd;

	(void)close(server->spare_fd); /* only held its place */
	fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		turn_away(fd, "D433");
	}
	server->spare_fd = open_spare();
}

static void
take_comers(struct wire_server *server)
{
	for (int i = 0; i < COMERS_MOST; i++) {
		int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			admit(server, fd);
		} else if ((errno == EMFILE || errno == ENFILE) && server->spare_fd >= 0) {
			log_line(LOG_ERROR, "no descriptor is left for another desk");
			turn_away_one(server);
		} else if (errno != ECONNABORTED && errno != EINTR) {
			return; /* nobody waits; or a fault that the next turn meets again */
		}
	}
}

/* --- limits ------------------------------------------------------------------------------- */

/* Long requests of one account, or of all, may not fill the memory: the one that came is ended. */
static void
limit_memory(struct wire_server *server, struct connection *connection)
{
	size_t own = 0;
	size_t all = 0;
	size_t unread = 0;

	if (connection_long(connection) == 0) {
		return;
	}
	for (const struct connection *c = server->connections; c; c = c->next) {
		bool is_own = c->peer.uid == connection->peer.uid;

		all += connection_long(c);
		own += is_own ? connection_long(c) : 0;
		unread += is_own ? connection_unread(c) : 0;
	}
	if (own > LONG_OF_ONE || all > LONG_MOST || unread > UNREAD_OF_ONE) {
		connection_refuse(connection, "D433");
	}
}

/* `now` is when it was looked; the end came for whoever was waited for that long. */
static void
end_late(struct connection *connection, int64_t now)
{
	bool late_in = connection->in_until != 0 && now >= connection->in_until;
	bool late_out = connection->out_until != 0 && now >= connection->out_until;

	if (late_in && now - connection->in_until > LATE_MS) {
		connection->in_until = now + FRAME_MS; /* the service had no time for it */
	} else if (late_in) {
		connection_refuse(connection, "D437");
	}
	if (late_out && now - connection->out_until > LATE_MS) {
		connection->out_until = now + UNREAD_MS;
	} else if (late_out) {
		log_line(LOG_INFO, "a desk of uid %u does not read its answers and is closed",
			(unsigned)connection->peer.uid);
		connection->dead = true;
	}
}

/* --- a turn -------------------------------------------------------------------------------- */

static void
drain(int fd)
{
	uint64_t times;

	(void)!read(fd, &times, sizeof(times)); /* only that it rang counts */
}

static void
hear(struct wire_server *server, struct connection *connection, uint32_t events)
{
	if (connection->busy && events & (EPOLLHUP | EPOLLERR)) {
		connection->dead = true; /* nobody waits for the answer */
		return;
	}
	if (events & ~(uint32_t)EPOLLOUT && connection->events & EPOLLIN) {
		connection_read(connection);
		limit_memory(server, connection);
	}
	if (events & ~(uint32_t)EPOLLIN && connection_unread(connection) > 0) {
		connection_write(connection);
	}
}

static void
hear_all(struct wire_server *server)
{
	struct epoll_event events[EVENTS_MOST];
	int n = epoll_wait(server->epoll_fd, events, EVENTS_MOST, 0);
	bool comers = false;

	for (int i = 0; i < n; i++) {
		void *mark = events[i].data.ptr;
		struct connection *owner = work_owner(server, mark);

		if (mark == &server->listen_fd) {
			comers = true;
		} else if (mark == &server->timer_fd) {
			drain(server->timer_fd);
			server->rings_at = 0;
		} else if (mark == &server->again_fd) {
			drain(server->again_fd);
		} else if (owner) {
			work_hear(owner);
		} else {
			hear(server, mark, events[i].events);
		}
	}
	if (comers) {
		take_comers(server); /* last: who is here comes first */
	}
}

/* Who does not read what they asked for is asked nothing more of, however many desks they have. */
static void
begin_shares(struct wire_server *server)
{
	server->shares.n = 0;
	for (const struct connection *c = server->connections; c; c = c->next) {
		size_t unread = connection_unread(c);

		if (unread > 0) {
			shares_find(&server->shares, c->peer.uid)->unread += unread;
		}
	}
}

/* The share of a desk whose request can be taken; NULL: none can. */
static struct share *
share_to_take(struct wire_server *server, const struct connection *connection)
{
	struct share *share = connection_ready(connection)
		? shares_find(&server->shares, connection->peer.uid)
		: NULL;

	return share && share->unread <= UNREAD_OF_ONE ? share : NULL;
}

/* Whether another turn has something to do at once. */
static bool
can_take(struct wire_server *server)
{
	bool can = false;

	begin_shares(server);
	for (const struct connection *c = server->connections; c && !can; c = c->next) {
		can = share_to_take(server, c) != NULL;
	}
	return can;
}

static size_t
take_requests(struct wire_server *server)
{
	size_t n = 0;

	begin_shares(server);
	for (struct connection *c = server->connections; c; c = c->next) {
		struct share *share = share_to_take(server, c);
		int64_t began = clock_steady_ms();

		if (!share || share_is_used(share, SHARE_TAKING)) {
			continue;
		}
		n += request_take(c, &server->batch[n]);
		share_count(share, SHARE_TAKING, began);
	}
	return n;
}

/* Who was answered goes behind who was not, each in their order. */
static void
let_others_first(struct wire_server *server)
{
	struct connection *served = NULL;
	struct connection **tail = &served;

	for (struct connection **c = &server->connections; *c;) {
		struct connection *one = *c;

		if (!one->served) {
			c = &one->next;
			continue;
		}
		one->served = false;
		*c = one->next;
		one->next = NULL;
		*tail = one;
		tail = &one->next;
	}
	for (tail = &server->connections; *tail;) {
		tail = &(*tail)->next;
	}
	*tail = served;
}

static void
tell_changes(struct wire_server *server, int64_t now)
{
	bool told = false;

	if (now < server->push_at) {
		return;
	}
	for (struct connection *c = server->connections; c; c = c->next) {
		/* Behind an answer that is not taken in yet it waits: one is always enough. */
		if (c->news && c->greeted && !c->closing && connection_unread(c) == 0) {
			connection_send(c, json_pack("{s:b}", "changed", 1));
			connection_write(c);
			c->news = false;
			told = true;
		}
	}
	if (told) {
		server->push_at = now + PUSH_CALM_MS;
	}
}

static void
ring_at(struct wire_server *server, int64_t at)
{
	struct itimerspec when = { .it_value = { at / 1000, at % 1000 * 1000000 } };

	if (at != server->rings_at) {
		server->rings_at = at;
		/* Cannot fail for such a time. */
		(void)timerfd_settime(server->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
	}
}

static void
bury(struct wire_server *server)
{
	for (struct connection **c = &server->connections; *c;) {
		struct connection *gone = *c;

		if (!gone->dead) {
			c = &gone->next;
			continue;
		}
		*c = gone->next;
		connection_free(gone);
		server->n--;
	}
}

/* What every connection waits for next, and when to look again without being asked to. */
static void
settle(struct wire_server *server)
{
	int64_t now = clock_uptime_ms();
	int64_t next = 0;
	bool again;
	const uint64_t once = 1;

	tell_changes(server, now);
	for (struct connection *c = server->connections; c; c = c->next) {
		end_late(c, now);

		int64_t working = work_look(c, now);
		int64_t at = connection_settle(c, now);

		at = at == 0 || (working != 0 && working < at) ? working : at;

		if (c->news && server->push_at > now && (at == 0 || server->push_at < at)) {
			at = server->push_at;
		}
		next = next == 0 || (at != 0 && at < next) ? at : next;
	}
	bury(server);
	again = work_waits(server) || can_take(server);
	ring_at(server, next);
	if (again) {
		(void)!write(server->again_fd, &once, sizeof(once)); /* full rings as well */
	}
}

bool
wire_server_turn(struct wire_server *server)
{
	size_t n;

	server->wrote = false;
	hear_all(server);
	n = work_set_aside(server, server->batch, take_requests(server));
	if (n > 0) {
		run_batch(server, server->batch, n);
		let_others_first(server);
	}
	work_begin_next(server);
	for (struct connection *c = server->connections; c; c = c->next) {
		if (connection_unread(c) > 0) {
			connection_write(c);
		}
	}
	settle(server);
	return server->wrote;
}

void
wire_server_changed(struct wire_server *server)
{
	for (struct connection *c = server->connections; c; c = c->next) {
		c->news = c->greeted;
	}
	settle(server);
}
