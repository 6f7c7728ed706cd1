/* SPDX-License-Identifier: MIT */
/*
 * The worker's end: one order in, one answer out.
 */
#include "toban/wire/worker.h"

#include <unistd.h>

#include "link.h"
#include "message.h"
#include "toban/base/clock.h"

#define ORDER_MS 10000
#define ANSWER_MS 60000

/* The number of the descriptor that came along, where `args` speak of one. */
static void
place_fd(json_t *args, int fd)
{
	if (json_object_get(args, "fd") &&
		(fd < 0 || json_object_set_new(args, "fd", json_integer(fd)) != 0)) {
		(void)json_object_del(args, "fd"); /* it is there */
	}
}

static json_t *
work(const struct wire_worker_host *host, json_t *order, int fd)
{
	const char *method = json_string_value(json_object_get(order, "method"));
	json_t *args = json_object_get(order, "args");
	struct door door = { .wake_fd = -1 };
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e;

	host->speak(host->ctx, lang_read(order, LANG_EN));
	place_fd(args, fd);
	e = host->open(host->ctx, json_object_get(order, "seat"), &door, &error);
	if (e == ERR_OK) {
		e = door.call(door.ctx, method ? method : "",
			json_is_object(args) ? args : NULL, &result, &error);
		host->close(host->ctx, &door);
	}
	return answer_new(NULL, e == ERR_OK ? "result" : "error", e == ERR_OK ? result : error);
}

static enum err
send_answer(struct link *link, json_t *answer)
{
	json_t *number = json_object_get(json_object_get(answer, "result"), "fd");
	int fd = json_is_integer(number) ? (int)json_integer_value(number) : -1;
	struct str frame = STR_WIPING;
	bool too_long = false;
	bool whole = false;

	if (answer && !wire_frame_put(&frame, answer, WIRE_ANSWER_MOST, &too_long) && too_long) {
		json_t *refusal = answer_new(NULL, "error", wire_error("D438"));

		(void)wire_frame_put(&frame, refusal, WIRE_ANSWER_MOST, &too_long);
		json_decref(refusal);
	}
	(void)link_send(link, &frame, fd, clock_uptime_ms() + ANSWER_MS, &whole);
	str_release(&frame);
	if (fd >= 0) {
		(void)close(fd); /* sent along, or of no use */
	}
	return whole ? ERR_OK : ERR_IO;
}

enum err
wire_work(int fd, const struct wire_worker_host *host)
{
	struct link link = LINK_NONE;
	json_t *order = NULL;
	json_t *answer;
	enum err e = ERR_IO;

	link.fd = fd;
	link.in.most = WIRE_ANSWER_MOST; /* more than a request: it says who asks, too */
	if (link_receive(&link, clock_uptime_ms() + ORDER_MS, &order) == LINK_DONE) {
		answer = work(host, order, link.in_fd);
		e = send_answer(&link, answer);
		json_decref(answer);
		json_decref(order);
	}
	link_close(&link);
	return e;
}

enum err
wire_look(int fd, json_t *(*look)(const json_t *order))
{
	struct link link = LINK_NONE;
	json_t *order = NULL;
	enum err e = ERR_IO;

	link.fd = fd;
	link.in.most = WIRE_ANSWER_MOST; /* more than a request: it says who asks, too */
	if (link_receive(&link, clock_uptime_ms() + ORDER_MS, &order) == LINK_DONE) {
		json_t *answer = look(order);

		e = send_answer(&link, answer);
		json_decref(answer);
		json_decref(order);
	}
	link_close(&link);
	return e;
}
