/* SPDX-License-Identifier: MIT */
/*
 * A service with desks at its socket, for benchmarks and fault tests: raw frames, no
 * client of ours in between.
 */
#ifndef TOBAN_TESTS_BENCH_WIRED_H
#define TOBAN_TESTS_BENCH_WIRED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct wired {
	char dir[64];
	char desk[96];
	char socket[96];
	pid_t pid; /* of the service; 0: none runs */
};

/* One desk's connection; a frame that came is in `text` until the next is read. */
struct wired_desk {
	int fd;
	char *bytes;
	size_t len;
	size_t cap;
	char *text; /* NUL-terminated */
};

/* Makes a trial desk in a folder of its own with the program TOBAN of the environment. */
void wired_start(struct wired *w);

/* Starts the service and waits until it listens; its log goes to `dir`/log. */
void wired_serve(struct wired *w);

/* Ends the service by `signal` and waits for it. */
void wired_end(struct wired *w, int signal);

/* Removes everything. */
void wired_stop(struct wired *w);

/* Runs the program with these words (NULL at the end); its exit status. */
int wired_run(const struct wired *w, const char *const *words);

/* Connects and greets as `person`; false when the service did not take it. */
bool wired_open(const struct wired *w, const char *person, struct wired_desk *ret_desk);
void wired_close(struct wired_desk *desk);

/* Sends one document; false when the service is gone. */
bool wired_send(struct wired_desk *desk, const char *json);

/* Reads what is there without waiting; true when a whole frame is in `text`. */
bool wired_take(struct wired_desk *desk);

/* Waits for an answer (not a "changed"), at most `ms`; false: none came. */
bool wired_answer(struct wired_desk *desk, int ms);

/* Reports a case as the desk's person; its id to `id`. */
bool wired_report(struct wired_desk *desk, char id[16]);

#endif
