/* SPDX-License-Identifier: MIT */
/*
 * Waiting at a descriptor and telling of it.
 */
#include "toban/base/waiting.h"

#include <errno.h>
#include <poll.h>

#include "toban/base/clock.h"

enum { SECOND_MS = 1000, LONGEST_MS = 60000 };

/* When look() is called next. */
static int64_t
next_look(int64_t since, int64_t now)
{
	int64_t waited = now - since;

	return waited < WAITING_FIRST_MS ? since + WAITING_FIRST_MS
					 : since + (waited / SECOND_MS + 1) * SECOND_MS;
}

/* When their keys are watched from. */
static int64_t
next_fd(const struct waiting *waiting, int64_t since, int64_t now, int64_t look)
{
	int64_t from = since + waiting->fd_ms;

	return now < from && from < look ? from : look;
}

static int
wait_ms(int64_t now, int64_t end)
{
	int64_t left = end - now;

	return left <= 0 ? 0 : left > LONGEST_MS ? LONGEST_MS : (int)left;
}

enum waited
waiting_poll(const struct waiting *waiting, int fd, short events, int64_t since, int64_t until)
{
	bool told = waiting && waiting->look;

	for (;;) {
		int64_t now = clock_uptime_ms();
		int64_t look = told ? next_look(since, now) : until;
		int64_t next = told ? next_fd(waiting, since, now, look) : until;
		bool heard = told && now - since >= waiting->fd_ms;
		struct pollfd fds[] = {
			{ .fd = fd, .events = events },
			{ .fd = heard ? waiting->fd : -1, .events = POLLIN },
		};
		int n;

		if (now >= until) {
			return WAITED_LATE;
		}
		n = poll(fds, 2, wait_ms(now, next < until ? next : until));
		if (fds[0].revents || (n < 0 && errno != EINTR)) {
			return WAITED_READY;
		}
		now = clock_uptime_ms();
		if (told && (fds[1].revents || now >= look) &&
			!waiting->look(waiting->ctx, now - since)) {
			return WAITED_STOPPED;
		}
	}
}
