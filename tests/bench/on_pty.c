/* SPDX-License-Identifier: MIT */
/*
 * A program on a pty, measured from outside.
 */
#include "on_pty.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

struct pty
pty_start(const char *const *argv, int rows, int cols)
{
	struct pty pty = { .fd = -1, .rows = rows, .cols = cols };
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	pty.pid = forkpty(&pty.fd, NULL, NULL, &size);
	if (pty.pid < 0) {
		die("forkpty");
	}
	if (pty.pid == 0) {
		(void)setenv("TERM", "xterm-256color", 1);
		(void)setenv("LC_ALL", "C.UTF-8", 1);
		(void)unsetenv("LINES");
		(void)unsetenv("COLUMNS");
		(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	return pty;
}

/* The one question every one of these programs may ask a terminal: where the cursor is. */
static void
answer(struct pty *pty, const char *buffer, size_t len)
{
	static int asked;
	char reply[] = "\033[1;2R";

	for (const char *at = buffer; len >= 4 && (size_t)(at - buffer) <= len - 4; at++) {
		if (memcmp(at, "\033[6n", 4) == 0) {
			/* First an ambiguous character, one column; then kana, two. */
			reply[4] = asked++ % 2 == 0 ? '2' : '3';
			if (write(pty->fd, reply, sizeof(reply) - 1) < 0) {
				return; /* it has left; the caller will notice */
			}
		}
	}
}

struct burst
pty_read(struct pty *pty, int quiet_ms, int most_ms)
{
	struct burst burst = { 0 };
	int64_t begun = now_ns();
	char buffer[65536];

	for (;;) {
		struct pollfd fd = { .fd = pty->fd, .events = POLLIN };
		int wait = burst.bytes ? quiet_ms : most_ms;

		if (poll(&fd, 1, wait) <= 0) {
			return burst;
		}
		ssize_t n = read(pty->fd, buffer, sizeof(buffer));
		if (n <= 0) {
			return burst;
		}
		burst.last_ns = now_ns() - begun;
		if (!burst.first_ns) {
			burst.first_ns = burst.last_ns;
		}
		burst.bytes += (size_t)n;
		answer(pty, buffer, (size_t)n);
	}
}

struct burst
pty_press(struct pty *pty, const char *keys, size_t len, int quiet_ms)
{
	struct burst burst;
	int64_t begun = now_ns();
	int64_t sent;

	/* A long paste must be read while it is written, or both sides wait for each other. */
	for (size_t at = 0; at < len;) {
		struct pollfd fd = { .fd = pty->fd, .events = POLLIN | POLLOUT };
		char echo[4096];

		if (poll(&fd, 1, 1000) <= 0) {
			break;
		}
		if (fd.revents & POLLIN && len > sizeof(echo)) {
			(void)!read(pty->fd, echo, sizeof(echo));
		}
		if (fd.revents & POLLOUT) {
			size_t part = len - at < 2048 ? len - at : 2048;
			ssize_t n = write(pty->fd, keys + at, part);

			if (n <= 0) {
				break;
			}
			at += (size_t)n;
		}
	}
	sent = now_ns() - begun;
	burst = pty_read(pty, quiet_ms, 500);
	burst.first_ns += sent;
	burst.last_ns += sent;
	return burst;
}

static long
status_value(const struct pty *pty, const char *name)
{
	char path[64];
	char line[256];
	long value = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)pty->pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, strlen(name)) == 0) {
			value = strtol(line + strlen(name), NULL, 10);
		}
	}
	if (file) {
		(void)fclose(file);
	}
	return value;
}

long
pty_peak_kib(const struct pty *pty)
{
	return status_value(pty, "VmHWM:");
}

long
pty_wakes(const struct pty *pty)
{
	return status_value(pty, "voluntary_ctxt_switches:");
}

int64_t
pty_hangup(struct pty *pty)
{
	int64_t begun = now_ns();

	(void)close(pty->fd);
	pty->fd = -1;
	(void)waitpid(pty->pid, NULL, 0);
	pty->pid = 0;
	return now_ns() - begun;
}

void
pty_stop(struct pty *pty)
{
	if (pty->pid > 0) {
		(void)kill(pty->pid, SIGKILL);
		(void)waitpid(pty->pid, NULL, 0);
	}
	if (pty->fd >= 0) {
		(void)close(pty->fd);
	}
}
