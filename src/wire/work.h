/* SPDX-License-Identifier: MIT */
/*
 * Slow requests that are done elsewhere while the server goes on.
 */
#ifndef TOBAN_SRC_WIRE_WORK_H
#define TOBAN_SRC_WIRE_WORK_H

#include "link.h"
#include "server.h"

/* Takes the slow ones out of the requests of a turn; how many are left. */
size_t work_set_aside(struct wire_server *server, struct request *requests, size_t n);

/* Keeps a request whose call ended with ERR_LATER until its look is over; false without memory. */
bool work_later(struct request *request);

/* Begins what there is a place for; whether that would begin any. */
void work_begin_next(struct wire_server *server);
bool work_waits(struct wire_server *server);

/* The connection whose work has this mark in the epoll set; NULL: none. */
struct connection *work_owner(const struct wire_server *server, const void *mark);

/* Takes in what the worker says. */
void work_hear(struct connection *connection);

/* Ends a work whose time is up; when to look again, 0: there is none. */
int64_t work_look(struct connection *connection, int64_t now);

/* The desk that asked is gone: nobody waits any more. */
void work_drop(struct connection *connection);

#endif
