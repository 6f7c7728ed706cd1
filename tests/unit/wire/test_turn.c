/* SPDX-License-Identifier: MIT */
/*
 * Whose request is done when: those of one desk, of many desks of one account, of who is gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "house.h"

static void
turn__many_requests_of_one__others_come_between(void **state)
{
	struct house house;
	struct desk desks[2];

	(void)state;
	house_start(&house);
	desks[0] = desk_open(&house, "a");
	desks[1] = desk_open(&house, "b");
	for (int i = 1; i <= 9; i++) {
		desk_ask(&desks[0], "read", i);
	}
	desk_ask(&desks[1], "read", 1);
	turn_all(&house);
	/* The one request of b comes with the first of a, whichever is looked at first. */
	assert_non_null(strstr(house.asked, "b1 "));
	assert_true(strstr(house.asked, "b1 ") < strstr(house.asked, "a2 "));
	assert_non_null(strstr(house.asked, "a8 a9 "));
	for (int i = 1; i <= 9; i++) {
		json_t *answer = desk_get(&desks[0]);

		assert_int_equal(json_integer_value(json_object_get(answer, "id")), i);
		json_decref(answer);
	}
	desk_close(&desks[0]);
	desk_close(&desks[1]);
	house_stop(&house);
}

/* How many requests reached a door. */
static size_t
count_asked(const struct house *house)
{
	size_t n = 0;

	for (const char *at = house->asked; (at = strchr(at, ' ')) != NULL; at++) {
		n++;
	}
	return n;
}

/* An account that asks much at four desks gets one answer in a turn, each desk in its turn. */
static void
turn__slow_requests_of_one_account__one_at_a_time(void **state)
{
	static const char *const names[DESKS] = { "a", "b", "c", "d" };
	struct house house;
	struct desk desks[DESKS];
	struct pollfd one;

	(void)state;
	house_start(&house);
	one = (struct pollfd){ .fd = wire_server_fd(house.server), .events = POLLIN };
	for (int i = 0; i < DESKS; i++) {
		desks[i] = desk_open(&house, names[i]);
	}
	for (int i = 0; i < DESKS; i++) {
		desk_ask(&desks[i], "slow", 1);
		desk_ask(&desks[i], "slow", 2);
	}
	for (size_t turn = 1; turn <= 2 * DESKS; turn++) {
		assert_int_equal(poll(&one, 1, 0), 1);
		(void)wire_server_turn(house.server);
		assert_int_equal(count_asked(&house), turn);
	}
	/* Nobody comes for the second time before everybody came once. */
	for (int i = 0; i < DESKS; i++) {
		char first[8];

		(void)snprintf(first, sizeof(first), "%s1 ", names[i]);
		assert_non_null(strstr(house.asked, first));
		assert_true(strstr(house.asked, first) - house.asked < 3 * DESKS);
	}
	for (int i = 0; i < DESKS; i++) {
		desk_close(&desks[i]);
	}
	turn_all(&house);
	assert_int_equal(count_asked(&house), 2 * DESKS);
	house_stop(&house);
}

/* What waits for a turn goes with the server, its descriptor, too. */
static void
turn__held_when_the_server_ends__is_given_back(void **state)
{
	struct house house;
	struct desk desks[2];
	size_t before = open_descriptors();

	(void)state;
	house_start(&house);
	desks[0] = desk_open(&house, "a");
	desks[1] = desk_open(&house, "b");
	for (int i = 0; i < 2; i++) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		desk_put(&desks[i],
			json_pack("{s:i, s:s, s:{s:i, s:i}}", "id", 1, "method", "slow", "args",
				"n", 1, "fd", 0),
			&fd, 1);
		(void)close(fd);
	}
	(void)wire_server_turn(house.server);
	assert_int_equal(count_asked(&house), 1);
	desk_close(&desks[0]);
	desk_close(&desks[1]);
	house_stop(&house);
	assert_int_equal(open_descriptors(), before);
}

/* Answers that an account does not read have an end; asking goes on when it reads. */
static void
turn__answers_not_read__no_more_is_asked(void **state)
{
	struct house house;
	struct desk desks[5];

	(void)state;
	house_start(&house);
	for (int i = 0; i < 5; i++) {
		desks[i] = desk_open(&house, "a");
	}
	for (int i = 0; i < 5; i++) {
		desk_ask(&desks[i], "big", i);
		turn_all(&house);
	}
	assert_int_equal(count_asked(&house), 4);
	desk_close(&desks[0]);
	turn_all(&house);
	assert_int_equal(count_asked(&house), 5);
	for (int i = 1; i < 5; i++) {
		desk_close(&desks[i]);
	}
	house_stop(&house);
}

static void
turn__gone_after_asking__it_is_done_and_nobody_harmed(void **state)
{
	struct house house;
	struct desk desk;

	(void)state;
	house_start(&house);
	desk = desk_open(&house, "a");
	desk_ask(&desk, "write", 1);
	desk_ask(&desk, "write", 2);
	desk_close(&desk);
	turn_all(&house);
	assert_non_null(strstr(house.asked, "a1 "));
	assert_int_equal(wire_server_count(house.server), 0);
	house_stop(&house);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turn__many_requests_of_one__others_come_between),
		cmocka_unit_test(turn__slow_requests_of_one_account__one_at_a_time),
		cmocka_unit_test(turn__held_when_the_server_ends__is_given_back),
		cmocka_unit_test(turn__answers_not_read__no_more_is_asked),
		cmocka_unit_test(turn__gone_after_asking__it_is_done_and_nobody_harmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
