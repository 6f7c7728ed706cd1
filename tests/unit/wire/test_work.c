/* SPDX-License-Identifier: MIT */
/*
 * Requests that a worker does, which the test is itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "house.h"

enum { LONG = 2 << 20 }; /* far more than a socket holds */

/* The worker's end of its socket. */
static int worker_fd = -1;

static bool
is_slow(void *ctx, const char *method, const json_t *args)
{
	(void)ctx;
	(void)args;
	return strcmp(method, "verify") == 0;
}

static pid_t
start_worker(void *ctx, const struct door *door, json_t **ret_seat, int *ret_fd)
{
	int ends[2];

	(void)ctx;
	(void)door;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
		return 0;
	}
	worker_fd = ends[1];
	*ret_seat = json_object();
	*ret_fd = ends[0];
	return 1; /* ended by end_worker() alone */
}

static void
end_worker(void *ctx, pid_t pid)
{
	(void)ctx;
	assert_int_equal(pid, 1);
	(void)close(worker_fd);
	worker_fd = -1;
}

static void
start(struct house *house)
{
	house_start(house);
	house->host.slow = is_slow;
	house->host.worker_start = start_worker;
	house->host.worker_end = end_worker;
}

/* Sends what no socket holds at once; `pad` stands where it is the desk's to choose. */
static void
ask_long(struct house *house, struct desk *desk, const char *pad)
{
	char *text = malloc(LONG);
	struct str frame = STR_INIT;
	bool too_long = false;
	json_t *document;

	memset(text, 'x', LONG);
	document = json_pack("{s:s#, s:s, s:{s:s#}}", "id", text, strcmp(pad, "id") ? 1 : LONG,
		"method", "verify", "args", "pad", text, strcmp(pad, "args") ? 1 : LONG);
	assert_true(wire_frame_put(&frame, document, WIRE_REQUEST_MOST, &too_long));
	for (size_t at = 0; at < frame.len;) {
		ssize_t put = send(desk->fd, frame.data + at, frame.len - at, MSG_DONTWAIT);

		at += put > 0 ? (size_t)put : 0;
		turn_all(house);
	}
	json_decref(document);
	str_release(&frame);
	free(text);
}

/* The order, as the worker reads it, while the service turns. */
static json_t *
take_order(struct house *house)
{
	struct wire_frames in = { .most = WIRE_ANSWER_MOST };
	json_t *order = NULL;
	char bytes[65536];

	while (wire_frames_take(&in, &order) == WIRE_PART) {
		ssize_t got = recv(worker_fd, bytes, sizeof(bytes), MSG_DONTWAIT);

		assert_true(got > 0);
		assert_true(wire_frames_add(&in, bytes, (size_t)got));
		turn_all(house);
	}
	wire_frames_release(&in);
	return order;
}

static void
answer(struct house *house)
{
	struct desk worker = { .fd = worker_fd };

	desk_put(&worker, json_pack("{s:{s:i}}", "result", "done", 1), NULL, 0);
	turn_all(house);
}

/* Also a long request is done beside the service: who makes theirs long keeps nobody waiting. */
static void
check_long(const char *pad)
{
	struct house house;
	struct desk desks[2];
	json_t *document;
	size_t len;

	start(&house);
	desks[0] = desk_open(&house, "a");
	desks[1] = desk_open(&house, "b");
	ask_long(&house, &desks[0], pad);
	assert_string_equal(house.asked, ""); /* not here */
	assert_true(worker_fd >= 0);
	desk_ask(&desks[1], "read", 1); /* the worker has not taken it in yet */
	turn_all(&house);
	document = desk_get(&desks[1]);
	assert_non_null(json_object_get(document, "result"));
	json_decref(document);
	document = take_order(&house);
	len = json_string_length(json_object_get(json_object_get(document, "args"), "pad"));
	assert_int_equal(len, strcmp(pad, "args") == 0 ? LONG : 1);
	json_decref(document);
	answer(&house);
	do {
		document = desk_get(&desks[0]);
		turn_all(&house);
	} while (!document);
	assert_non_null(json_object_get(json_object_get(document, "result"), "done"));
	json_decref(document);
	desk_close(&desks[0]);
	desk_close(&desks[1]);
	house_stop(&house);
}

static void
work__long_arguments__are_handed_over(void **state)
{
	(void)state;
	check_long("args");
}

static void
work__long_id__is_no_reason_to_do_it_here(void **state)
{
	(void)state;
	check_long("id");
}

static void
work__worker_gone_before_it_took_the_order__is_told(void **state)
{
	struct house house;
	struct desk desk;
	char code[8];

	(void)state;
	start(&house);
	desk = desk_open(&house, "a");
	ask_long(&house, &desk, "args");
	(void)shutdown(worker_fd, SHUT_RDWR);
	turn_all(&house);
	desk_get_code(&desk, code);
	assert_string_equal(code, "D442");
	desk_close(&desk);
	house_stop(&house);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work__long_arguments__are_handed_over),
		cmocka_unit_test(work__long_id__is_no_reason_to_do_it_here),
		cmocka_unit_test(work__worker_gone_before_it_took_the_order__is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
