/* SPDX-License-Identifier: MIT */
/*
 * Slow requests, done by processes of their own so that nobody waits for them but who
 * asked: set aside, begun when one of few places is free, answered when they are done,
 * ended when the desk that asked is gone or the time is up.
 */
#include "work.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "message.h"
#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/log.h"
#include "toban/wire/error.h"

#define WORKERS_MOST 2
#define LOOKERS_MOST 2 /* who sits down does not wait for who verifies */
#define LOOK_MS 20000
#define WORK_MS (15 * 60 * 1000)

/* One slow request of a connection, or one that waits for a look. */
struct work {
	struct request request;
	bool look;
	uint64_t turn; /* who came first */
	struct link link;
	struct str order; /* to the worker; what it has not taken in yet begins at `order_at` */
	size_t order_at;
	json_t *seat;  /* for whom it is done; NULL: it was not begun */
	pid_t pid;     /* 0: waits for a place */
	int64_t until; /* uptime in ms */
};

/* --- setting aside ---------------------------------------------------------------------- */

static bool
set_aside(struct wire_server *server, const struct request *request)
{
	const struct wire_host *host = server->host;
	struct connection *connection = request->from;
	struct work *work;

	if (!host->slow || !host->slow(host->ctx, request->method, request->args)) {
		return false;
	}
	work = calloc(1, sizeof(*work));
	if (!work) {
		return false; /* then everybody waits for it */
	}
	*work = (struct work){ .request = *request,
		.turn = ++server->works,
		.link = LINK_NONE,
		.order = STR_WIPING };
	connection->work = work;
	connection->busy = true;
	return true;
}

size_t
work_set_aside(struct wire_server *server, struct request *requests, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (!set_aside(server, &requests[i])) {
			requests[kept++] = requests[i];
		}
	}
	return kept;
}

bool
work_later(struct request *request)
{
	struct connection *connection = request->from;
	struct work *work = calloc(1, sizeof(*work));

	if (!work) {
		return false;
	}
	*work = (struct work){ .request = *request,
		.look = true,
		.turn = ++connection->server->works,
		.link = LINK_NONE,
		.order = STR_WIPING };
	connection->work = work;
	connection->busy = true;
	return true;
}

/* --- its end ------------------------------------------------------------------------------ */

static void
release(struct connection *connection)
{
	struct work *work = connection->work;

	if (work->request.fd >= 0) {
		(void)close(work->request.fd); /* the worker has its own */
	}
	link_close(&work->link);
	str_release(&work->order);
	json_decref(work->request.document);
	json_decref(work->seat);
	free(work);
	connection->work = NULL;
	connection->busy = false;
}

void
work_drop(struct connection *connection)
{
	const struct wire_host *host = connection->server->host;

	if (connection->work) {
		if (connection->work->pid > 0) {
			host->worker_end(host->ctx, connection->work->pid);
		}
		release(connection);
	}
}

/* Makes the call again that waited for a look. */
static void
go_on(struct connection *connection, const json_t *outcome)
{
	struct wire_server *server = connection->server;
	struct request request = connection->work->request;

	connection->work->request.document = NULL; /* it is needed once more */
	connection->work->request.fd = -1;
	work_drop(connection);
	server->host->heard(server->host->ctx, &connection->door, outcome);
	run_batch(server, &request, 1);
}

/* Answers with a fault of the work itself, and ends it; a look is done in the turn then. */
static void
fail(struct connection *connection, const char *code)
{
	const struct wire_host *host = connection->server->host;

	if (connection->work->look) {
		log_line(LOG_WARNING, "a look at a PIN came to no end beside the service");
		go_on(connection, NULL);
		return;
	}
	log_line(LOG_WARNING, "%s did not come to its end: %s", connection->work->request.method,
		code);
	host->speak(host->ctx, connection->lang);
	connection_send(
		connection, answer_new(connection->work->request.id, "error", wire_error(code)));
	work_drop(connection);
}

/* A console may have been locked meanwhile: what was asked for is nobody else's. */
static json_t *
withheld(struct connection *connection)
{
	const struct wire_host *host = connection->server->host;

	host->speak(host->ctx, connection->lang);
	return host->withheld ? host->withheld(host->ctx, &connection->door, connection->work->seat)
			      : NULL;
}

/* Hands on what the worker answered, with the descriptor that came along. */
static void
finish(struct connection *connection, json_t *document)
{
	struct work *work = connection->work;
	json_t *result = json_object_get(document, "result");
	json_t *error = json_object_get(document, "error");
	json_t *refusal;

	if (work->look) {
		go_on(connection, document);
		json_decref(document);
		return;
	}
	if (!result && !error) {
		json_decref(document);
		fail(connection, "D442");
		return;
	}
	refusal = withheld(connection);
	if (refusal) {
		connection_send(connection, answer_new(work->request.id, "error", refusal));
		json_decref(document);
		work_drop(connection);
		return;
	}
	if (json_object_get(result, "fd") &&
		json_object_set_new(result, "fd", json_integer(work->link.in_fd)) == 0) {
		work->link.in_fd = -1;
	}
	connection_send(connection,
		answer_new(work->request.id, result ? "result" : "error",
			json_incref(result ? result : error)));
	json_decref(document);
	work_drop(connection);
}

/*
 * What the worker takes in of its order without being waited for: it may be as long as a request.
 * False: it is gone, or nothing more would be heard of it.
 */
static bool
push_order(struct connection *connection)
{
	struct work *work = connection->work;
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = work };
	enum link_end end =
		link_push(&work->link, &work->order, work->request.fd, &work->order_at);

	if (end != LINK_DONE) {
		return end == LINK_LATE;
	}
	str_release(&work->order);
	work->order_at = 0;
	return epoll_ctl(connection->server->epoll_fd, EPOLL_CTL_MOD, work->link.fd, &event) == 0;
}

void
work_hear(struct connection *connection)
{
	json_t *document = NULL;

	if (connection->work->order.len > 0 && !push_order(connection)) {
		fail(connection, "D442");
		return;
	}
	switch (link_receive(&connection->work->link, 0, &document)) {
	case LINK_DONE:
		finish(connection, document);
		break;
	case LINK_LATE:
		break;
	case LINK_GONE:
	case LINK_NO_MEMORY:
		fail(connection, "D442");
		break;
	}
}

int64_t
work_look(struct connection *connection, int64_t now)
{
	struct work *work = connection->work;

	if (!work || work->pid == 0) {
		return 0;
	}
	if (now >= work->until) {
		fail(connection, "D443");
		return 0;
	}
	return work->until;
}

/* --- beginning ---------------------------------------------------------------------------- */

/* What the worker must know: who asks, in which language, what. */
static json_t *
order_new(const struct connection *connection)
{
	const struct request *request = &connection->work->request;

	return json_pack("{s:O, s:s, s:s, s:O?}", "seat", connection->work->seat, "lang",
		lang_word(connection->lang), "method", request->method, "args", request->args);
}

static bool
make_order(struct work *work, json_t *order)
{
	bool too_long = false;
	bool made = order && wire_frame_put(&work->order, order, WIRE_ANSWER_MOST, &too_long);

	json_decref(order);
	return made;
}

static pid_t
start(struct connection *connection, int *ret_fd)
{
	const struct wire_host *host = connection->server->host;
	struct work *work = connection->work;

	return work->look ? host->looker_start(host->ctx, ret_fd)
			  : host->worker_start(host->ctx, &connection->door, &work->seat, ret_fd);
}

static void
begin(struct connection *connection)
{
	const struct wire_host *host = connection->server->host;
	struct work *work = connection->work;
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT, .data.ptr = work };
	int fd = -1;

	work->pid = start(connection, &fd);
	if (work->pid <= 0) {
		work->pid = 0;
		fail(connection, "D441");
		return;
	}
	work->link.fd = fd;
	work->link.in.most = WIRE_ANSWER_MOST;
	work->until = clock_uptime_ms() + (work->look ? LOOK_MS : WORK_MS);
	if (!make_order(work,
		    work->look ? host->awaits(host->ctx, &connection->door)
			       : order_new(connection)) ||
		epoll_ctl(connection->server->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0 ||
		!push_order(connection)) {
		fail(connection, "D441");
	}
}

/* How many works of an account run, or looks; of all accounts when `of` is NULL. */
static size_t
running(const struct wire_server *server, const struct connection *of, bool look)
{
	size_t n = 0;

	for (const struct connection *c = server->connections; c; c = c->next) {
		n += c->work && c->work->pid > 0 && c->work->look == look &&
			(!of || c->peer.uid == of->peer.uid);
	}
	return n;
}

/* Accounts of which none runs come first, then who came first. */
static struct connection *
next_of(struct wire_server *server, bool look)
{
	struct connection *best = NULL;
	size_t best_own = 0;

	for (struct connection *c = server->connections; c; c = c->next) {
		size_t own;

		if (!c->work || c->work->pid > 0 || c->work->look != look || c->dead) {
			continue;
		}
		own = running(server, c, look);
		if (!best || own < best_own ||
			(own == best_own && c->work->turn < best->work->turn)) {
			best = c;
			best_own = own;
		}
	}
	return best;
}

/* Who has the next place for works, or for looks; NULL: nobody waits, or there is none. */
static struct connection *
next_with_place(struct wire_server *server, bool look)
{
	size_t most = look ? LOOKERS_MOST : WORKERS_MOST;

	return running(server, NULL, look) < most ? next_of(server, look) : NULL;
}

void
work_begin_next(struct wire_server *server)
{
	static const bool looks[] = { true, false };

	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		struct connection *next;

		while ((next = next_with_place(server, looks[i]))) {
			begin(next);
		}
	}
}

bool
work_waits(struct wire_server *server)
{
	return next_with_place(server, true) || next_with_place(server, false);
}

struct connection *
work_owner(const struct wire_server *server, const void *mark)
{
	for (struct connection *c = server->connections; c; c = c->next) {
		if (c->work && c->work == mark) {
			return c;
		}
	}
	return NULL;
}
