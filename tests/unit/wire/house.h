/* SPDX-License-Identifier: MIT */
/*
 * The server under test with a host that only writes down what it is asked, and desks at its
 * socket.  The methods of its doors: read, write, refuse, open (gives a descriptor), slow (longer
 * than the share of an account), big (an answer of 20 MiB).
 */
#ifndef TOBAN_TESTS_UNIT_WIRE_HOUSE_H
#define TOBAN_TESTS_UNIT_WIRE_HOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "toban/wire/frame.h"
#include "toban/wire/server.h"

enum { DESKS = 4 };

/* The service under test, and what its doors were asked. */
struct house {
	char dir[64];
	char path[96];
	struct wire_host host;
	struct wire_server *server;
	int64_t written;
	char asked[4096]; /* "a1 b1 ": the person and the number of each request */
	ino_t file;       /* of the descriptor that came with the last request; 0 none */
	bool had_key;     /* the request had a key "fd" when it reached the door */
};

/* A desk at its socket, and what it received. */
struct desk {
	int fd;
	struct wire_frames in;
};

void house_start(struct house *house);
void house_stop(struct house *house);
/* Turns until nothing is left to do at once. */
void turn_all(struct house *house);

/* Connects; says nothing, or who it is and hears the welcome. */
struct desk desk_connect(const struct house *house);
struct desk desk_open(struct house *house, const char *person);
void desk_close(struct desk *desk);

/* Takes over `document`; descriptors go along. */
void desk_put(struct desk *desk, json_t *document, const int *fds, size_t n);
void desk_ask(struct desk *desk, const char *method, int n);

/* The next document that is there; NULL: none, or the end. */
json_t *desk_get(struct desk *desk);
/* The code of the error that is next; "" when something else is. */
void desk_get_code(struct desk *desk, char out[8]);
bool desk_is_closed(const struct desk *desk);

/* Of this process. */
size_t open_descriptors(void);

#endif
