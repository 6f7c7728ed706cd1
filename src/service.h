/* SPDX-License-Identifier: MIT */
/*
 * The part of `toban serve` that answers desks: the socket joined with the desk.
 */
#ifndef TOBAN_SERVICE_H
#define TOBAN_SERVICE_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/base/i18n.h"
#include "desk_file.h"

struct service; /* opaque */

struct service_options {
	struct desk_file *file; /* borrowed for the service's life */
	const char *socket;     /* path; NULL: systemd hands one over */
	const char *claim_path; /* the lock of whoever answers for this desk */
	bool standing;          /* the clock stands still: TOBAN_NOW */
};

/*
 * Begins to listen.  ERR_EXISTS with D439: another service answers for this desk or on
 * this socket.  A desk that is no trial is refused when its time or its
 * definitions would come from the environment.
 */
enum err service_start(
	const struct service_options *options, struct service **ret_service, json_t **ret_error);

/* Readable when service_turn() has something to do; -1 for NULL. */
int service_fd(const struct service *service);

/* Answers who can be answered without waiting; true: something was recorded. */
bool service_turn(struct service *service);

/* Another process, or the desk itself, recorded something.  NULL allowed. */
void service_changed(struct service *service);

/* Says goodbye and takes the socket away.  NULL allowed. */
void service_stop(struct service *service);

#endif
