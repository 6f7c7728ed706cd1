/* SPDX-License-Identifier: MIT */
/*
 * A desk's end of the socket: whole frames out and in, each within a time.
 */
#ifndef TOBAN_SRC_WIRE_LINK_H
#define TOBAN_SRC_WIRE_LINK_H

#include <stdint.h>

#include "toban/base/waiting.h"
#include "toban/wire/frame.h"

struct link {
	int fd; /* does not block; -1: there is none */
	struct wire_frames in;
	int in_fd; /* came with an answer; -1 none */
	const struct waiting *waiting; /* told while it takes long; NULL nobody; outlives a close */
	int64_t since;                 /* uptime at which what is waited for was asked */
};

enum link_end {
	LINK_DONE,
	LINK_GONE, /* the other side closed, or what it says makes no sense */
	LINK_LATE, /* the time was up, or whoever waited gave up */
	LINK_NO_MEMORY
};

#define LINK_NONE                                                                                  \
	{                                                                                          \
		.fd = -1, .in_fd = -1                                                              \
	}

/* Connects, waiting at most `ms` for a place in the queue; 0 or an errno. */
int link_open(struct link *link, const char *path, int ms);
void link_close(struct link *link);

/*
 * Sends a frame, with the descriptor `fd` (-1: none), by uptime `until` in ms.
 * *ret_whole: all of it was handed over; if not, the other side cannot act on it.
 */
enum link_end link_send(
	struct link *link, const struct str *frame, int fd, int64_t until, bool *ret_whole);

/*
 * Sends what can be sent without waiting, from byte `*at` on, which follows; the descriptor `fd`
 * goes with the first.  LINK_LATE: not all of it yet.
 */
enum link_end link_push(const struct link *link, const struct str *frame, int fd, size_t *at);

/* The next document by `until`; 0: only what is there already, else LINK_LATE. */
enum link_end link_receive(struct link *link, int64_t until, json_t **ret_document);

#endif
