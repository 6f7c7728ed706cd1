/* SPDX-License-Identifier: MIT */
/*
 * A desk behind the socket of a service.
 */
#ifndef TOBAN_DESK_SOCKET_H
#define TOBAN_DESK_SOCKET_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/wire/client.h"

/* How such a desk is named: unix:PATH. */
#define DESK_SOCKET_WORD "unix:"

/* The path a target names; NULL: it names no socket. */
const char *desk_socket_path(const char *target);

struct desk_socket_options {
	const char *path;
	const char *person; /* NULL: whoever the account is */
	bool read_only;
	const struct waiting *waiting; /* told when an answer takes long; NULL nobody */
};

/* Opens it, as wire_client_new(). */
enum err desk_socket_open(const struct desk_socket_options *options,
	struct wire_client **ret_client, json_t **ret_error);

#endif
