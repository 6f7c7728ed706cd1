/* SPDX-License-Identifier: MIT */
/*
 * Waiting at a descriptor: what ends it, and who is told.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "toban/base/clock.h"
#include "toban/base/waiting.h"

enum { LONG_MS = 3600000 };

struct told {
	int times;
	int64_t first_ms;
	int most; /* gives up at this one */
	int fd;   /* becomes ready at the first */
};

static bool
look(void *ctx, int64_t ms)
{
	struct told *told = ctx;

	told->first_ms = told->times == 0 ? ms : told->first_ms;
	told->times++;
	if (told->fd >= 0) {
		assert_int_equal(write(told->fd, "x", 1), 1);
	}
	return told->times < told->most;
}

static void
waiting__ready_at_once__nobody_is_told(void **state)
{
	struct told told = { .most = 1, .fd = -1 };
	struct waiting waiting = { .fd = -1, .look = look, .ctx = &told };
	int64_t now = clock_uptime_ms();
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(
		waiting_poll(&waiting, fds[0], POLLIN, now, now + LONG_MS), WAITED_READY);
	assert_int_equal(told.times, 0);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
waiting__answer_while_told__is_ready(void **state)
{
	struct told told = { .most = 9 };
	struct waiting waiting = { .fd = -1, .look = look, .ctx = &told };
	int64_t now = clock_uptime_ms();
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	told.fd = fds[1];
	assert_int_equal(
		waiting_poll(&waiting, fds[0], POLLIN, now, now + LONG_MS), WAITED_READY);
	assert_int_equal(told.times, 1);
	assert_true(told.first_ms >= WAITING_FIRST_MS);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
waiting__given_up__stops(void **state)
{
	struct told told = { .most = 2, .fd = -1 };
	struct waiting waiting = { .fd = -1, .look = look, .ctx = &told };
	int64_t now = clock_uptime_ms();

	(void)state;
	assert_int_equal(waiting_poll(&waiting, -1, 0, now, now + LONG_MS), WAITED_STOPPED);
	assert_int_equal(told.times, 2);
}

static void
waiting__their_keys__are_heard_from_when_they_want(void **state)
{
	struct told told = { .most = 1, .fd = -1 };
	struct waiting waiting = { .fd_ms = 1, .look = look, .ctx = &told };
	int64_t now = clock_uptime_ms();
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	waiting.fd = fds[0];
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(waiting_poll(&waiting, -1, 0, now, now + LONG_MS), WAITED_STOPPED);
	assert_int_equal(told.times, 1);
	assert_true(told.first_ms >= 1);
	told.times = 0;
	waiting.fd_ms = LONG_MS;
	now = clock_uptime_ms();
	assert_int_equal(waiting_poll(&waiting, -1, 0, now, now + LONG_MS), WAITED_STOPPED);
	assert_true(told.first_ms >= WAITING_FIRST_MS);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
waiting__time_is_up__late(void **state)
{
	struct waiting silent = { .fd = -1 };
	int64_t now = clock_uptime_ms();

	(void)state;
	assert_int_equal(waiting_poll(NULL, -1, 0, now, now), WAITED_LATE);
	assert_int_equal(waiting_poll(&silent, -1, 0, now, now + 1), WAITED_LATE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waiting__ready_at_once__nobody_is_told),
		cmocka_unit_test(waiting__answer_while_told__is_ready),
		cmocka_unit_test(waiting__given_up__stops),
		cmocka_unit_test(waiting__their_keys__are_heard_from_when_they_want),
		cmocka_unit_test(waiting__time_is_up__late),
	};

	return cmocka_run_group_tests_name("waiting", tests, NULL, NULL);
}
