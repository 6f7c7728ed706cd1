/* SPDX-License-Identifier: MIT */
/*
 * The server with a host that only writes down what it is asked: who is let in, who is told of
 * changes, which descriptors go where.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "house.h"

/* --- greeting ------------------------------------------------------------------------------ */

static void
greeting__refused__told_and_closed(void **state)
{
	static const struct {
		const char *hello;
		const char *code;
	} cases[] = {
		{ "{\"hello\":{\"protocol\":1,\"as\":\"nobody\"}}", "D300" },
		{ "{\"hello\":{\"protocol\":2,\"as\":\"a\"}}", "D434" },
		{ "{\"hello\":{\"protocol\":\"1\",\"as\":\"a\"}}", "D436" },
		{ "{\"hello\":{\"protocol\":1,\"as\":7}}", "D436" },
		{ "{\"hello\":1}", "D436" },
		{ "{\"id\":1,\"method\":\"read\",\"args\":{\"n\":1}}", "D436" },
	};
	struct house house;
	char code[8];

	(void)state;
	house_start(&house);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct desk desk = desk_connect(&house);

		desk_put(&desk, json_loads(cases[i].hello, 0, NULL), NULL, 0);
		turn_all(&house);
		desk_get_code(&desk, code);
		assert_string_equal(code, cases[i].code);
		assert_true(desk_is_closed(&desk));
		assert_int_equal(wire_server_count(house.server), 0);
		desk_close(&desk);
	}
	assert_string_equal(house.asked, "");
	house_stop(&house);
}

static void
request__garbage__told_and_closed_others_stay(void **state)
{
	static const char *const garbage[] = { "GET / HTTP/1.1\r\n\r\n", "\377\377\377\377",
		"\1\1\1\1", "AAAAAAAAAAAAAAAAAAAAAAA" };
	struct house house;
	struct desk other;
	char code[8];

	(void)state;
	house_start(&house);
	other = desk_open(&house, "b");
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		struct desk desk = desk_open(&house, "a");

		assert_int_equal(send(desk.fd, garbage[i], strlen(garbage[i]), MSG_NOSIGNAL),
			strlen(garbage[i]));
		turn_all(&house);
		desk_get_code(&desk, code);
		assert_string_equal(code, "D435");
		desk_close(&desk);
	}
	turn_all(&house);
	assert_int_equal(wire_server_count(house.server), 1);
	desk_ask(&other, "read", 1);
	turn_all(&house);
	desk_get_code(&other, code);
	assert_string_equal(house.asked, "b1 ");
	desk_close(&other);
	house_stop(&house);
}

static void
push__who_wrote_is_not_told__others_once(void **state)
{
	struct house house;
	struct desk desks[DESKS];
	json_t *document;

	(void)state;
	house_start(&house);
	for (int i = 0; i < DESKS; i++) {
		desks[i] = desk_open(&house, "a");
	}
	desk_ask(&desks[0], "write", 1);
	desk_ask(&desks[0], "write", 2);
	desk_ask(&desks[0], "write", 3);
	turn_all(&house);
	for (int i = 0; i < 3; i++) {
		document = desk_get(&desks[0]);
		assert_non_null(json_object_get(document, "result"));
		json_decref(document);
	}
	assert_null(desk_get(&desks[0]));
	for (int i = 1; i < DESKS; i++) {
		document = desk_get(&desks[i]);
		assert_true(json_is_true(json_object_get(document, "changed")));
		json_decref(document);
	}
	for (int i = 0; i < DESKS; i++) {
		desk_close(&desks[i]);
	}
	house_stop(&house);
}

static void
push__reading_and_refusals__nobody_is_told(void **state)
{
	struct house house;
	struct desk a;
	struct desk b;
	char code[8];

	(void)state;
	house_start(&house);
	a = desk_open(&house, "a");
	b = desk_open(&house, "b");
	desk_ask(&a, "read", 1);
	desk_ask(&a, "refuse", 2);
	turn_all(&house);
	assert_null(desk_get(&b));
	json_decref(desk_get(&a));
	desk_get_code(&a, code);
	assert_string_equal(code, "D301");
	/* What another process wrote is told to everybody. */
	wire_server_changed(house.server);
	turn_all(&house);
	for (int i = 0; i < 2; i++) {
		json_t *document = desk_get(i ? &a : &b);

		assert_true(json_is_true(json_object_get(document, "changed")));
		json_decref(document);
	}
	desk_close(&a);
	desk_close(&b);
	house_stop(&house);
}

/* --- descriptors ----------------------------------------------------------------------------- */

static json_t *
with_fd(void)
{
	return json_pack(
		"{s:i, s:s, s:{s:i, s:i}}", "id", 1, "method", "read", "args", "n", 1, "fd", 77);
}

static void
descriptor__sent_along__reaches_the_door_and_is_closed(void **state)
{
	struct house house;
	struct desk desk;
	struct stat status;
	int file;
	size_t before;

	(void)state;
	house_start(&house);
	desk = desk_open(&house, "a");
	file = open(house.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(fstat(file, &status), 0);
	before = open_descriptors();
	for (int i = 0; i < 20; i++) {
		house.file = 0;
		desk_put(&desk, with_fd(), &file, 1);
		turn_all(&house);
		assert_int_equal(house.file, status.st_ino);
		json_decref(desk_get(&desk));
	}
	assert_int_equal(open_descriptors(), before);
	(void)close(file);
	desk_close(&desk);
	house_stop(&house);
}

static void
descriptor__not_sent_or_too_many__no_key_and_no_leak(void **state)
{
	struct house house;
	struct desk desk;
	size_t before;
	int files[4];

	(void)state;
	house_start(&house);
	for (size_t i = 0; i < 4; i++) {
		files[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	before = open_descriptors();
	desk = desk_open(&house, "a");
	house.had_key = true;
	desk_put(&desk, with_fd(), NULL, 0);
	turn_all(&house);
	assert_false(house.had_key);
	/* Nobody asked for these: they stay until the next comes or the desk goes. */
	for (int i = 0; i < 50; i++) {
		desk_put(&desk, json_pack("{s:i, s:s}", "id", 1, "method", "read"), files, 4);
	}
	turn_all(&house);
	assert_true(open_descriptors() <= before + 3);
	desk_close(&desk);
	turn_all(&house);
	assert_int_equal(open_descriptors(), before);
	for (size_t i = 0; i < 4; i++) {
		(void)close(files[i]);
	}
	house_stop(&house);
}

static void
descriptor__in_a_result__goes_along_and_is_closed_here(void **state)
{
	struct house house;
	struct desk desk;
	size_t before;
	char bytes[4096];
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr aligned;
	} control;
	struct iovec part = { bytes, sizeof(bytes) };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	int fd = -1;

	(void)state;
	house_start(&house);
	desk = desk_open(&house, "a");
	before = open_descriptors();
	desk_ask(&desk, "open", 1);
	turn_all(&house);
	assert_true(recvmsg(desk.fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) > 0);
	assert_non_null(CMSG_FIRSTHDR(&message));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	assert_int_equal(open_descriptors(), before + 1);
	(void)close(fd);
	desk_close(&desk);
	house_stop(&house);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(greeting__refused__told_and_closed),
		cmocka_unit_test(request__garbage__told_and_closed_others_stay),
		cmocka_unit_test(push__who_wrote_is_not_told__others_once),
		cmocka_unit_test(push__reading_and_refusals__nobody_is_told),
		cmocka_unit_test(descriptor__sent_along__reaches_the_door_and_is_closed),
		cmocka_unit_test(descriptor__not_sent_or_too_many__no_key_and_no_leak),
		cmocka_unit_test(descriptor__in_a_result__goes_along_and_is_closed_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
