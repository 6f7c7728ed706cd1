/* SPDX-License-Identifier: MIT */
/*
 * A process that does one slow request for the service (server.h), so that the service
 * answers others meanwhile.
 */
#ifndef TOBAN_WIRE_WORKER_H
#define TOBAN_WIRE_WORKER_H

#include "toban/base/err.h"
#include "toban/base/i18n.h"
#include "toban/desk/door.h"
#include "toban/wire/error.h"

struct wire_worker_host {
	/* The door of the session that asks, as the service described it. */
	enum err (*open)(void *ctx, const json_t *seat, struct door *ret_door, json_t **ret_error);
	void (*close)(void *ctx, struct door *door);
	void (*speak)(void *ctx, enum lang lang);
	void *ctx;
};

/*
 * Does the one request that comes at the socket `fd`, and closes it.  ERR_IO: nobody took
 * the answer.
 */
enum err wire_work(int fd, const struct wire_worker_host *host);

/* The same of a looker, which needs no desk: `look` makes the answer of what came. */
enum err wire_look(int fd, json_t *(*look)(const json_t *order));

#endif
