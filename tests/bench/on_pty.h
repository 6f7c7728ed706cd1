/* SPDX-License-Identifier: MIT */
/*
 * Any program on a pty, measured from outside: bytes and times of what it
 * writes.  Knows nothing of the program, so that all are measured alike.
 */
#ifndef TOBAN_TESTS_BENCH_ON_PTY_H
#define TOBAN_TESTS_BENCH_ON_PTY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pty {
	int fd;
	pid_t pid;
	int rows;
	int cols;
};

/* What one interaction brought. */
struct burst {
	size_t bytes;
	int64_t first_ns; /* from the key to the first byte; 0: nothing came */
	int64_t last_ns;  /* from the key to the last byte before the terminal was quiet */
};

/* Starts `argv` (ended by NULL) with TERM=xterm-256color.  Exits the benchmark on failure. */
struct pty pty_start(const char *const *argv, int rows, int cols);

/* Reads until nothing came for `quiet_ms`; at most `most_ms` in all when nothing comes. */
struct burst pty_read(struct pty *pty, int quiet_ms, int most_ms);

/* Sends keys and reads what they cause; answers a question for the cursor's place. */
struct burst pty_press(struct pty *pty, const char *keys, size_t len, int quiet_ms);

/* The largest resident size so far in KiB; 0 when unknown. */
long pty_peak_kib(const struct pty *pty);

/* How often the program gave up the processor by itself: its wake-ups. */
long pty_wakes(const struct pty *pty);

/* Takes the terminal away; the nanoseconds until the program has ended. */
int64_t pty_hangup(struct pty *pty);

/* Kills and reaps. */
void pty_stop(struct pty *pty);

#endif
