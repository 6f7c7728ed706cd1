/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the server share: connections, and the requests of one turn.
 */
#ifndef TOBAN_SRC_WIRE_SERVER_H
#define TOBAN_SRC_WIRE_SERVER_H

#include "share.h"
#include "toban/wire/frame.h"
#include "toban/wire/server.h"

#define CONNECTIONS_MOST 512   /* of all accounts */
#define CONNECTIONS_OF_ONE 128 /* of one account */
#define CONNECTIONS_KEPT 8     /* beyond that, for root and the account of the service */
#define FRAME_MS 5000          /* for a greeting, and for the rest of a frame that was begun */
#define UNREAD_MS 30000        /* for a desk to take in some more of its answer */
#define LATE_MS 250            /* a look at the time that came later was the service's fault */
#define FULL_SAID_MS 60000     /* between two lines in the log that there is no room */
#define PUSH_CALM_MS 20        /* between two rounds of "changed" */
#define READ_MOST 65536        /* bytes of one connection in one turn */
#define LONG_OF_ONE ((size_t)16 << 20)   /* bytes of long requests on their way, of one account */
#define LONG_MOST ((size_t)64 << 20)     /* of all */
#define UNREAD_OF_ONE ((size_t)64 << 20) /* bytes of answers that one account does not read */

/* A request, and what came of it. */
struct request {
	struct connection *from; /* NULL: it waits for the next turn */
	json_t *document; /* holds all below */
	const json_t *id; /* NULL: none was given */
	const char *method;
	json_t *args;
	int fd; /* came with it, its number is in `args`; -1 none */
	enum err e;
	json_t *result; /* new references */
	json_t *error;
	int64_t wrote; /* how much was recorded by it */
	bool shares;   /* its writes may become durable together with those of others */
};

/* One desk at the socket. */
struct connection {
	struct wire_server *server;
	struct connection *next;
	int fd;
	struct wire_peer peer; /* `person` is not kept */
	bool greeted;          /* the door is open */
	bool busy;             /* its request is being worked on elsewhere: nothing is read */
	bool ended;            /* the other side sends no more */
	bool closing;          /* goes when all is written */
	bool dead;             /* goes at the end of this turn */
	bool news;             /* "changed" is to be told */
	struct door door;
	enum lang lang;
	struct wire_frames in;
	int in_fd;        /* came with a request; -1 none */
	bool holds;       /* `held` was taken and waits for a turn */
	bool served;      /* answered in this turn: in the next the others come first */
	struct request held;
	int64_t in_until; /* uptime in ms by which more must have come; 0: no hurry */
	struct str out;   /* from `out_at` on still to be written */
	size_t out_at;
	int out_fd; /* goes with the byte at `out_fd_at`; -1 none */
	size_t out_fd_at;
	int64_t out_until; /* by which some must have been taken; 0: nothing waits */
	uint32_t events;   /* what is waited for */
	struct work *work; /* its slow request (work.h); NULL: none */
};

struct wire_server {
	const struct wire_host *host;
	int listen_fd;
	int epoll_fd;
	int timer_fd;
	int again_fd;     /* rings when a turn left something to do */
	int spare_fd;     /* given up to refuse somebody when no descriptor is left */
	int64_t rings_at; /* what the timer is set to; 0: not */
	int64_t push_at;  /* uptime before which nobody is told of changes again */
	struct connection *connections;
	size_t n;
	struct request *batch; /* room for one of each connection */
	struct shares shares;
	bool wrote;
	uint64_t works; /* slow requests so far */
	int64_t full_said_at; /* uptime when the log was told last that there is no room */
};

/* --- connection.c ------------------------------------------------------------------- */

/* Takes over `fd`; NULL without memory, or when it cannot be watched. */
struct connection *connection_new(struct wire_server *server, int fd, const struct wire_peer *peer);
void connection_free(struct connection *connection);

/* Reads what is there, up to READ_MOST, and writes what can be written. */
void connection_read(struct connection *connection);
void connection_write(struct connection *connection);

/* Whether a request can be taken: one is whole, the answer before was taken in. */
bool connection_ready(const struct connection *connection);

/* Queues a document; takes it over.  What cannot be queued ends the connection. */
void connection_send(struct connection *connection, json_t *document);

/* Says `code` instead of going on, then closes. */
void connection_refuse(struct connection *connection, const char *code);

/* Sets what is waited for and until when; the next moment of both, 0 none. */
int64_t connection_settle(struct connection *connection, int64_t now);

/* Bytes of a request that is on its way and long; bytes of answers that wait. */
size_t connection_long(const struct connection *connection);
size_t connection_unread(const struct connection *connection);

/* --- run.c ---------------------------------------------------------------------------- */

/* Takes the request of a ready connection into *ret_request; false: it was a greeting or a fault.
 */
bool request_take(struct connection *connection, struct request *ret_request);

/* Does the requests of one turn, as far as the shares of their accounts go; queues the answers. */
void run_batch(struct wire_server *server, struct request *requests, size_t n);

#endif
