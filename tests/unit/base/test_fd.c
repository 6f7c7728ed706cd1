/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/fd.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "toban/base/fd.h"

/* A socket gives what is there, not what was asked for. */
static void
read_all__in_pieces__is_whole(void **state)
{
	char data[8] = "";
	size_t len = 0;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	assert_int_equal(fd_write_all(ends[1], "abc", 3), ERR_OK);
	assert_int_equal(fd_write_all(ends[1], "de", 2), ERR_OK);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(fd_read_all(ends[0], data, sizeof(data), &len), ERR_OK);
	assert_int_equal(len, 5);
	assert_string_equal(data, "abcde");
	assert_int_equal(close(ends[0]), 0);
}

static void
read_all__enough__leaves_the_rest(void **state)
{
	char data[4] = "";
	size_t len = 0;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fd_write_all(ends[1], "abcde", 5), ERR_OK);
	assert_int_equal(fd_read_all(ends[0], data, 3, &len), ERR_OK);
	assert_int_equal(len, 3);
	assert_string_equal(data, "abc");
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);
}

static void
write_all__no_room__is_full(void **state)
{
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, "a", 1), ERR_FULL);
	assert_int_equal(close(fd), 0);
	assert_int_equal(fd_write_all(-1, "a", 1), ERR_IO);
}

static void
read_all__bad_descriptor__changes_nothing(void **state)
{
	char data[4] = "";
	size_t len = 77;

	(void)state;
	assert_int_equal(fd_read_all(-1, data, sizeof(data), &len), ERR_IO);
	assert_int_equal(len, 77);
}

static void
sync_folder__no_folder__is_an_error(void **state)
{
	(void)state;
	assert_int_equal(fd_sync_folder("/"), ERR_OK);
	assert_int_equal(fd_sync_folder("/dev/null"), ERR_IO);
}

static void
err__numbers__mean(void **state)
{
	(void)state;
	assert_int_equal(fd_err(ENOSPC), ERR_FULL);
	assert_int_equal(fd_err(EDQUOT), ERR_FULL);
	assert_int_equal(fd_err(ENOMEM), ERR_NOMEM);
	assert_int_equal(fd_err(EIO), ERR_IO);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_all__in_pieces__is_whole),
		cmocka_unit_test(read_all__enough__leaves_the_rest),
		cmocka_unit_test(write_all__no_room__is_full),
		cmocka_unit_test(read_all__bad_descriptor__changes_nothing),
		cmocka_unit_test(sync_folder__no_folder__is_an_error),
		cmocka_unit_test(err__numbers__mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
