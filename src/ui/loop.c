/* SPDX-License-Identifier: MIT */
/*
 * The event loop's sources.  Signals are read from a descriptor, so that a
 * resize or a hang-up is handled between two keys and never inside curses.
 */
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "toban/base/attr.h"

enum { MINUTE_MS = 60000 };

struct signal_event {
	int number;
	unsigned event;
};

static const struct signal_event signals[] = {
	{ SIGWINCH, LOOP_RESIZE },
	{ SIGHUP, LOOP_GONE },
	{ SIGTERM, LOOP_GONE },
	{ SIGQUIT, LOOP_GONE },
	{ SIGINT, LOOP_INTERRUPT },
	{ SIGTSTP, LOOP_SUSPEND },
	{ SIGXCPU, LOOP_GONE },
	{ SIGPWR, LOOP_GONE },
	{ SIGPIPE, 0 }, /* what was written to tells it with EPIPE */
	{ SIGCONT, LOOP_CONTINUED },
	{ SIGCHLD, LOOP_CHILD },
	/* Nobody sends these on purpose, and left alone they end a program with its text. */
	{ SIGUSR1, 0 },
	{ SIGUSR2, 0 },
	{ SIGALRM, 0 },
	{ SIGVTALRM, 0 },
	{ SIGPROF, 0 },
	{ SIGIO, 0 },
	{ SIGSTKFLT, 0 },
};

enum err
loop_start(struct loop *loop, int wake_fd)
{
	sigset_t set;

	*loop = (struct loop){ .signal_fd = -1, .tick_fd = -1, .alarm_fd = -1, .wake_fd = wake_fd };
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		sigaddset(&set, signals[i].number);
	}
	for (int number = SIGRTMIN; number <= SIGRTMAX; number++) {
		sigaddset(&set, number); /* as the last ones above */
	}
	if (sigprocmask(SIG_BLOCK, &set, &loop->before) != 0) {
		return ERR_IO;
	}
	loop->masked = true;
	loop->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	loop->tick_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	loop->alarm_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (loop->signal_fd < 0 || loop->tick_fd < 0 || loop->alarm_fd < 0) {
		return ERR_IO;
	}
	return ERR_OK;
}

static void
close_if_open(int fd)
{
	if (fd >= 0) {
		(void)close(fd); /* nothing was written to it */
	}
}

void
loop_stop(struct loop *loop)
{
	close_if_open(loop->signal_fd);
	close_if_open(loop->tick_fd);
	close_if_open(loop->alarm_fd);
	if (loop->masked) {
		(void)sigprocmask(SIG_SETMASK, &loop->before, NULL);
		loop->masked = false;
	}
}

void
loop_leave(void)
{
	(void)signal(SIGHUP, SIG_IGN); /* drops a pending one, too; fails for no valid signal */
}

static void
ring_in(int fd, int64_t ms)
{
	struct itimerspec when = { .it_value = {
					   .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 } };

	(void)timerfd_settime(fd, 0, &when, NULL); /* can only fail for a bad descriptor */
}

void
loop_alarm(struct loop *loop, int ms)
{
	ring_in(loop->alarm_fd, ms);
}

void
loop_tick_at(struct loop *loop, stamp now)
{
	int64_t past = now % MINUTE_MS;

	/* One millisecond more: the minute must have changed when the frame is painted. */
	ring_in(loop->tick_fd, MINUTE_MS - (past < 0 ? past + MINUTE_MS : past) + 1);
}

static unsigned
read_signals(int fd)
{
	struct signalfd_siginfo info;
	unsigned events = 0;

	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
			if ((uint32_t)signals[i].number == info.ssi_signo) {
				events |= signals[i].event;
			}
		}
	}
	return events;
}

bool
loop_gone(struct loop *loop)
{
	struct signalfd_siginfo info;
	bool gone = false;

	while (read(loop->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		gone = gone || info.ssi_signo == SIGHUP || info.ssi_signo == SIGTERM;
	}
	return gone;
}

static unsigned
read_timer(int fd, unsigned event)
{
	uint64_t times;

	return read(fd, &times, sizeof(times)) == (ssize_t)sizeof(times) ? event : 0;
}

bool
loop_input_waits(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

bool
loop_hung_up(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = 0 };

	return poll(&fd, 1, 0) == 1 && (fd.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

unsigned
loop_wait(struct loop *loop)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = loop->signal_fd, .events = POLLIN },
		{ .fd = loop->tick_fd, .events = POLLIN },
		{ .fd = loop->alarm_fd, .events = POLLIN },
		{ .fd = loop->wake_fd, .events = POLLIN },
	};
	unsigned events = 0;

	if (poll(fds, ARRAY_LEN(fds), -1) < 0) {
		return errno == EINTR ? 0 : LOOP_GONE;
	}
	if (fds[0].revents & POLLIN) {
		events |= LOOP_INPUT;
	}
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
		events |= LOOP_GONE;
	}
	if (fds[1].revents) {
		events |= read_signals(loop->signal_fd);
	}
	if (fds[2].revents) {
		events |= read_timer(loop->tick_fd, LOOP_TICK);
	}
	if (fds[3].revents) {
		events |= read_timer(loop->alarm_fd, LOOP_ALARM);
	}
	if (fds[4].revents) {
		events |= LOOP_WAKE;
	}
	return events;
}
