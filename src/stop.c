/* SPDX-License-Identifier: MIT */
/*
 * Signals and a pipe as one descriptor, so that whoever waits for work waits for
 * the end with the same call.
 */
#include "stop.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

int
stop_descriptor(int fd)
{
	sigset_t signals;
	int both = epoll_create1(EPOLL_CLOEXEC);
	int signal_fd;
	struct epoll_event event = { .events = EPOLLIN };

	(void)sigemptyset(&signals); /* these three cannot fail with such arguments */
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	if (both < 0 || sigprocmask(SIG_BLOCK, &signals, NULL) != 0) {
		return -1;
	}
	signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	if (signal_fd < 0 || epoll_ctl(both, EPOLL_CTL_ADD, signal_fd, &event) != 0) {
		return -1;
	}
	if (fd >= 0 &&
		(fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
			epoll_ctl(both, EPOLL_CTL_ADD, fd, &event) != 0)) {
		return -1;
	}
	return both;
}
