/* SPDX-License-Identifier: MIT */
/*
 * The requests of one turn: from documents to calls of doors and back.
 */
#include <unistd.h>

#include "message.h"
#include "repeat.h"
#include "server.h"
#include "work.h"
#include "toban/base/clock.h"
#include "toban/base/log.h"
#include "toban/wire/error.h"

static void
speak(const struct wire_server *server, const struct connection *connection)
{
	server->host->speak(server->host->ctx, connection->lang);
}

/* --- greeting ------------------------------------------------------------------------- */

static void
greet(struct connection *connection, const struct hello *hello)
{
	const struct wire_host *host = connection->server->host;
	struct wire_peer peer = connection->peer;
	json_t *error = NULL;
	enum err e;

	connection->lang = hello->lang;
	speak(connection->server, connection);
	if (hello->protocol != WIRE_PROTOCOL) {
		connection_refuse(connection, "D434");
		return;
	}
	peer.person = hello->person;
	e = host->open(host->ctx, &peer, &connection->door, &error);
	if (e != ERR_OK) {
		connection_send(connection, answer_new(NULL, "error", error));
		connection->closing = true;
		return;
	}
	connection->greeted = true;
	connection_send(connection, welcome_new(host->describe(host->ctx), connection->door.post));
}

/* --- taking --------------------------------------------------------------------------- */

/* The descriptor a request speaks of, by its number here; one that did not come is not spoken of.
 */
static void
take_fd(struct connection *connection, struct request *request)
{
	if (!json_object_get(request->args, "fd")) {
		return;
	}
	request->fd = connection->in_fd;
	connection->in_fd = -1;
	if (request->fd < 0 ||
		json_object_set_new(request->args, "fd", json_integer(request->fd)) != 0) {
		(void)json_object_del(request->args, "fd"); /* it is there */
	}
}

static bool
read_request(struct connection *connection, json_t *document, struct request *ret_request)
{
	json_t *args = json_object_get(document, "args");
	const char *method = json_string_value(json_object_get(document, "method"));
	const json_t *id = json_object_get(document, "id");

	if (!method || !id || (args && !json_is_object(args) && !json_is_null(args))) {
		return false;
	}
	*ret_request = (struct request){
		.from = connection,
		.document = document,
		.id = id,
		.method = method,
		.args = json_is_object(args) ? args : NULL,
		.fd = -1,
	};
	take_fd(connection, ret_request);
	connection->lang = lang_read(document, connection->lang);
	return true;
}

static bool
take_document(struct connection *connection, json_t *document, struct request *ret_request)
{
	struct hello hello;

	if (connection->greeted) {
		if (read_request(connection, document, ret_request)) {
			return true;
		}
		connection_refuse(connection, "D436");
	} else if (hello_read(document, &hello)) {
		greet(connection, &hello);
	} else {
		connection_refuse(connection, "D436");
	}
	json_decref(document);
	return false;
}

bool
request_take(struct connection *connection, struct request *ret_request)
{
	json_t *document = NULL;
	const char *code = "D436";

	if (connection->holds) {
		connection->holds = false;
		*ret_request = connection->held;
		return true;
	}
	connection->in_until = 0; /* what follows has a time of its own */
	switch (wire_frames_take(&connection->in, &document)) {
	case WIRE_TAKEN:
		return take_document(connection, document, ret_request);
	case WIRE_TOO_LONG:
		code = "D435";
		break;
	case WIRE_NO_JSON:
	case WIRE_PART:
		break;
	case WIRE_NO_MEMORY:
		connection->dead = true;
		return false;
	}
	speak(connection->server, connection);
	connection_refuse(connection, code);
	return false;
}

/* --- doing ---------------------------------------------------------------------------- */

static void
run_one(struct wire_server *server, struct request *request)
{
	const struct wire_host *host = server->host;
	const struct door *door = &request->from->door;
	int64_t before = host->written(host->ctx);

	speak(server, request->from);
	request->e = door->call(
		door->ctx, request->method, request->args, &request->result, &request->error);
	if (request->e == ERR_LATER && !work_later(request)) {
		host->heard(host->ctx, door, NULL);
		request->e = door->call(door->ctx, request->method, request->args, &request->result,
			&request->error);
	}
	request->wrote = host->written(host->ctx) - before;
}

/* It stays with its connection until the account has a share again. */
static void
hold(struct request *request)
{
	struct connection *connection = request->from;

	connection->holds = true;
	connection->held = *request;
	request->from = NULL;
	request->shares = false;
}

static void
answer(struct request *request)
{
	struct connection *connection = request->from;

	if (request->e == ERR_LATER) {
		return; /* its work has it now */
	}
	connection->served = true;
	connection_send(connection,
		request->e == ERR_OK ? answer_new(request->id, "result", request->result)
				     : answer_new(request->id, "error", request->error));
	if (request->fd >= 0) {
		(void)close(request->fd); /* the door made its own if it keeps it */
	}
	json_decref(request->document);
}

/* Calls the door, and answers at once what stands for itself, if the account has a share left. */
static void
run_in_turn(struct wire_server *server, struct request *request, enum share_kind kind)
{
	struct share *share = shares_find(&server->shares, request->from->peer.uid);
	int64_t began = clock_steady_ms();

	if (share_is_used(share, kind)) {
		hold(request);
		return;
	}
	run_one(server, request);
	if (kind != SHARE_WRITES) {
		answer(request);
	}
	share_count(share, kind, began);
}

/* Everybody is told but who wrote it: their own answer says so. */
static void
tell_others(struct wire_server *server, const struct request *requests, size_t n)
{
	int64_t all = 0;

	for (size_t i = 0; i < n; i++) {
		all += requests[i].wrote;
	}
	if (all == 0) {
		return;
	}
	server->wrote = true;
	for (struct connection *c = server->connections; c; c = c->next) {
		int64_t own = 0;

		for (size_t i = 0; i < n; i++) {
			own += requests[i].from == c ? requests[i].wrote : 0;
		}
		c->news = c->greeted && (c->news || own < all);
	}
}

/* What came of a call that is not to be counted. */
static void
forget_outcome(struct request *request)
{
	const json_t *fd = json_object_get(request->result, "fd");

	if (json_is_integer(fd)) {
		(void)close((int)json_integer_value(fd)); /* was made for the answer alone */
	}
	json_decref(request->result);
	json_decref(request->error);
	request->result = NULL;
	request->error = NULL;
}

/* Calls all that share a group; how it ended. */
static enum err
run_shared(struct wire_server *server, struct request *requests, size_t n)
{
	const struct wire_host *host = server->host;
	enum err e = host->group_begin(host->ctx);

	if (e != ERR_OK) {
		return e;
	}
	for (size_t i = 0; i < n; i++) {
		if (requests[i].shares) {
			run_in_turn(server, &requests[i], SHARE_WRITES);
		}
	}
	return host->group_end(host->ctx);
}

/* Many writes and one sync; when nothing came of that, each by itself. */
static void
run_group(struct wire_server *server, struct request *requests, size_t n)
{
	enum err e = run_shared(server, requests, n);

	for (size_t i = 0; i < n && e != ERR_OK; i++) {
		struct request *request = &requests[i];

		if (!request->shares) {
			continue;
		}
		forget_outcome(request);
		if (e == ERR_UNKNOWN) {
			speak(server, request->from);
			request->e = e;
			request->error = wire_error("D440");
		} else {
			run_one(server, request);
		}
	}
}

/*
 * What only reads comes first: it must not see what may yet be taken back.  Of what is written
 * together nothing is answered before all of it was done.
 */
void
run_batch(struct wire_server *server, struct request *requests, size_t n)
{
	const struct wire_host *host = server->host;
	size_t sharing = 0;

	for (size_t i = 0; i < n; i++) {
		requests[i].shares = host->shares && host->shares(host->ctx, requests[i].method);
		sharing += requests[i].shares;
	}
	for (size_t i = 0; i < n; i++) {
		if (!requests[i].shares) {
			run_in_turn(server, &requests[i], SHARE_CALLS);
		} else if (sharing == 1) {
			run_in_turn(server, &requests[i], SHARE_WRITES);
		}
	}
	if (sharing > 1) {
		run_group(server, requests, n);
	}
	for (size_t i = 0; i < n; i++) {
		if (requests[i].shares) {
			answer(&requests[i]);
		}
	}
	tell_others(server, requests, n);
}
