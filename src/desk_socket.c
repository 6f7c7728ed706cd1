/* SPDX-License-Identifier: MIT */
/*
 * Joins the socket's client with what the method table says of methods.
 */
#include "desk_socket.h"

#include <stdbool.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "toban/desk/desk.h"

const char *
desk_socket_path(const char *target)
{
	size_t len = strlen(DESK_SOCKET_WORD);

	return target && strncmp(target, DESK_SOCKET_WORD, len) == 0 ? target + len : NULL;
}

static bool
is_read(const char *method)
{
	for (const struct method *m = desk_methods(); m->name; m++) {
		if (strcmp(m->name, method) == 0) {
			return m->kind == METHOD_READ;
		}
	}
	return true; /* there is no such method: it can do nothing twice */
}

enum err
desk_socket_open(const struct desk_socket_options *options, struct wire_client **ret_client,
	json_t **ret_error)
{
	const char *person = options->person;
	const struct wire_client_options client = {
		.path = options->path,
		.person = person,
		.is_read = is_read,
		.read_only = options->read_only,
		.waiting = options->waiting,
	};

	if (person && !utf8_valid(person, strlen(person))) {
		*ret_error = door_error("D105", "invalid", _("The name of a person is no UTF-8."),
			_("Nothing was changed. Correct what stands after --as."));
		return ERR_INVALID;
	}
	return wire_client_new(&client, ret_client, ret_error);
}
