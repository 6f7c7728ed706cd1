/* SPDX-License-Identifier: MIT */
/*
 * The service's side of the socket: many desks, one process, one thread.  It carries
 * requests to doors and answers back, and adds nothing (docs/wire.md).
 */
#ifndef TOBAN_WIRE_SERVER_H
#define TOBAN_WIRE_SERVER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "toban/base/i18n.h"
#include "toban/desk/door.h"

struct wire_server; /* opaque */

/* Who is at the other end: the kernel says so, but for `person`. */
struct wire_peer {
	uid_t uid;
	pid_t pid;
	const char *person; /* --as, a claim; NULL: none */
};

/* What the service does for the socket. */
struct wire_host {
	/* A door for a peer that was greeted; *ret_error when it is refused. */
	enum err (*open)(
		void *ctx, const struct wire_peer *peer, struct door *ret_door, json_t **ret_error);
	void (*close)(void *ctx, struct door *door);
	/* What a welcome says of the desk: a new object; NULL: nothing. */
	json_t *(*describe)(void *ctx);
	/* Grows with every write through the doors that other desks have to hear of. */
	int64_t (*written)(void *ctx);
	/*
	 * Whether what a method writes may share a sync with what others write.  NULL: nothing
	 * may, then the next two are not needed.
	 */
	bool (*shares)(void *ctx, const char *method);
	/* Calls between the two are durable, and counted, when the end says ERR_OK (store.h). */
	enum err (*group_begin)(void *ctx);
	enum err (*group_end)(void *ctx);
	/*
	 * Whether a request may take long: a worker does it (worker.h).  NULL: none may, then
	 * the next two are not needed.
	 */
	bool (*slow)(void *ctx, const char *method, const json_t *args);
	/*
	 * Starts a worker: its process, or 0; its socket, which does not block, and what it is to
	 * know of the door's session, a new reference.
	 */
	pid_t (*worker_start)(
		void *ctx, const struct door *door, json_t **ret_seat, int *ret_fd);
	/*
	 * Why what a worker answered for `seat` is not handed to that door any more, a new
	 * error: whoever asked does not sit there now.  NULL: it is; may itself be NULL.
	 */
	json_t *(*withheld)(void *ctx, const struct door *door, const json_t *seat);
	/* Ends it, whether it is done or not. */
	void (*worker_end)(void *ctx, pid_t pid);
	/*
	 * What a call that returned ERR_LATER waits for, a new reference; a looker's process, as
	 * worker_start(); and what it said (NULL: it could not), before the call is made again.
	 * NULL all three where no door returns that.
	 */
	json_t *(*awaits)(void *ctx, const struct door *door);
	pid_t (*looker_start)(void *ctx, int *ret_fd);
	void (*heard)(void *ctx, const struct door *door, const json_t *outcome);
	/* Sentences are in this language from now on. */
	void (*speak)(void *ctx, enum lang lang);
	void *ctx;
};

/*
 * Serves who connects to `listen_fd`, which is taken over on success.  `host` is borrowed.
 * ERR_NOMEM, ERR_IO.
 */
enum err wire_server_new(
	int listen_fd, const struct wire_host *host, struct wire_server **ret_server);

/* Readable when wire_server_turn() has something to do; no timer is needed beside it. */
int wire_server_fd(const struct wire_server *server);

/*
 * Does what can be done without waiting, one request of each desk at most; true when
 * something was recorded through the doors.
 */
bool wire_server_turn(struct wire_server *server);

/* Somebody else, or the desk itself, recorded something: every desk is told. */
void wire_server_changed(struct wire_server *server);

/* Desks that are connected. */
size_t wire_server_count(const struct wire_server *server);

/* Closes every connection and the socket.  NULL allowed. */
void wire_server_free(struct wire_server *server);

#endif
