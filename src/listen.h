/* SPDX-License-Identifier: MIT */
/*
 * The socket a service listens on: made here, or handed over by systemd.
 */
#ifndef TOBAN_LISTEN_H
#define TOBAN_LISTEN_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "toban/base/err.h"

struct listen {
	int fd;
	const char *path; /* NULL: handed over, its name is its maker's */
	dev_t device;     /* of the name that was made */
	ino_t inode;
};

#define LISTEN_NONE                                                                                \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/* Whether systemd hands a socket to this process (LISTEN_FDS). */
bool listen_is_handed_over(void);

/* Takes it, once.  ERR_UNSUPPORTED with *ret_error: it is no listening Unix stream socket. */
enum err listen_take(struct listen *ret_listen, json_t **ret_error);

/*
 * Makes one at `path`, which is borrowed, with mode 0660, in a folder that is made when it is not
 * there.  A name that a service left behind is taken over; ERR_EXISTS with D439: one answers
 * there, or the name belongs to something else.
 */
enum err listen_make(const char *path, struct listen *ret_listen, json_t **ret_error);

/* Takes the name away, if it is still the one that was made; the descriptor is not closed. */
void listen_forget(const struct listen *listen);

#endif
