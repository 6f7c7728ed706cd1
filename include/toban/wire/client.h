/* SPDX-License-Identifier: MIT */
/*
 * A desk's side of the socket: a door whose other side is a service, and which finds
 * it again after a restart (docs/wire.md).
 */
#ifndef TOBAN_WIRE_CLIENT_H
#define TOBAN_WIRE_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/base/waiting.h"
#include "toban/desk/door.h"

struct wire_client; /* opaque */

struct wire_client_options {
	const char *path;   /* of the socket; borrowed for the client's life */
	const char *person; /* --as; NULL: whoever the account is */
	/* Whether a method only reads, and so may be asked again; borrowed as well. */
	bool (*is_read)(const char *method);
	const struct waiting *waiting; /* told when an answer takes long; NULL nobody; borrowed */
	bool read_only; /* what writes to the record is refused here (D310) and not sent */
};

/*
 * Connects and greets.  ERR_DENIED, ERR_BUSY and others with *ret_error: nobody answers
 * (D430), the account may not (D432), no room (D433), another version (D434), or what
 * the desk says to the person who was named.
 */
enum err wire_client_new(const struct wire_client_options *options, struct wire_client **ret_client,
	json_t **ret_error);

/* Its door; lives as long as the client, also while another person takes the seat. */
struct door wire_client_door(struct wire_client *client);

/* Another person takes the seat; on failure the one before stays. */
enum err wire_client_become(struct wire_client *client, const char *person, json_t **ret_error);

void wire_client_free(struct wire_client *client); /* NULL allowed */

#endif
