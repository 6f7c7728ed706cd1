/* SPDX-License-Identifier: MIT */
/*
 * The host and the desks of the tests: see house.h.
 */
#include "house.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "toban/base/clock.h"

enum { SLOW_MS = 30, BIG = 20 << 20 };

struct chair {
	struct house *house;
	char person[16];
};

/* --- the host -------------------------------------------------------------------------- */

/* More than the share of an account in one turn. */
static void
take_time(void)
{
	int64_t end = clock_steady_ms() + SLOW_MS;

	while (clock_steady_ms() < end) {
	}
}

static json_t *
big_text(void)
{
	char *text = malloc(BIG);
	json_t *big;

	assert_non_null(text);
	memset(text, 'x', BIG);
	big = json_stringn(text, BIG);
	free(text);
	return big;
}

static enum err
ask(void *ctx, const char *method, const json_t *args, json_t **ret_result, json_t **ret_error)
{
	struct chair *chair = ctx;
	struct house *house = chair->house;
	const json_t *fd = json_object_get(args, "fd");
	size_t used = strlen(house->asked);
	struct stat status;

	(void)snprintf(house->asked + used, sizeof(house->asked) - used, "%s%lld ", chair->person,
		(long long)json_integer_value(json_object_get(args, "n")));
	house->had_key = fd != NULL;
	house->file = fd && fstat((int)json_integer_value(fd), &status) == 0 ? status.st_ino : 0;
	if (strcmp(method, "refuse") == 0) {
		*ret_error = door_error("D301", "denied", "no", "");
		return ERR_DENIED;
	}
	house->written += strcmp(method, "write") == 0;
	*ret_result = json_pack("{s:s}", "to", chair->person);
	if (strcmp(method, "slow") == 0) {
		take_time();
	} else if (strcmp(method, "big") == 0) {
		json_object_set_new(*ret_result, "big", big_text());
	}
	if (strcmp(method, "open") == 0) {
		json_object_set_new(
			*ret_result, "fd", json_integer(open("/dev/null", O_RDONLY | O_CLOEXEC)));
	}
	return ERR_OK;
}

static enum err
open_door(void *ctx, const struct wire_peer *peer, struct door *ret_door, json_t **ret_error)
{
	struct chair *chair = calloc(1, sizeof(*chair));

	assert_int_equal(peer->uid, geteuid());
	assert_int_equal(peer->pid, getpid());
	if (!peer->person || strcmp(peer->person, "nobody") == 0) {
		free(chair);
		*ret_error = door_error("D300", "denied", "who?", "");
		return ERR_DENIED;
	}
	chair->house = ctx;
	(void)snprintf(chair->person, sizeof(chair->person), "%s", peer->person);
	*ret_door = (struct door){ .call = ask, .wake_fd = -1, .ctx = chair };
	return ERR_OK;
}

static void
close_door(void *ctx, struct door *door)
{
	(void)ctx;
	free(door->ctx);
}

static json_t *
describe(void *ctx)
{
	(void)ctx;
	return json_pack("{s:b}", "trial", 1);
}

static int64_t
written(void *ctx)
{
	return ((struct house *)ctx)->written;
}

static void
speak(void *ctx, enum lang lang)
{
	(void)ctx;
	(void)lang;
}

void
house_start(struct house *house)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*house = (struct house){ .dir = "/tmp/toban-wire-XXXXXX" };
	house->host = (struct wire_host){ .open = open_door,
		.close = close_door,
		.describe = describe,
		.written = written,
		.speak = speak,
		.ctx = house };
	assert_non_null(mkdtemp(house->dir));
	(void)snprintf(house->path, sizeof(house->path), "%s/s", house->dir);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", house->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(wire_server_new(fd, &house->host, &house->server), ERR_OK);
}

void
house_stop(struct house *house)
{
	wire_server_free(house->server);
	(void)unlink(house->path);
	(void)rmdir(house->dir);
}

void
turn_all(struct house *house)
{
	struct pollfd one = { .fd = wire_server_fd(house->server), .events = POLLIN };

	while (poll(&one, 1, 0) == 1) {
		(void)wire_server_turn(house->server);
	}
}

/* --- desks ------------------------------------------------------------------------------- */

void
desk_put(struct desk *desk, json_t *document, const int *fds, size_t n)
{
	struct str frame = STR_INIT;
	bool too_long = false;
	union {
		char bytes[CMSG_SPACE(4 * sizeof(int))];
		struct cmsghdr aligned;
	} control = { .bytes = { 0 } };
	struct iovec part;
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	assert_true(wire_frame_put(&frame, document, WIRE_REQUEST_MOST, &too_long));
	part = (struct iovec){ frame.data, frame.len };
	if (n > 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(n * sizeof(int));
		control.aligned.cmsg_level = SOL_SOCKET;
		control.aligned.cmsg_type = SCM_RIGHTS;
		control.aligned.cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(&control.aligned), fds, n * sizeof(int));
	}
	assert_int_equal(sendmsg(desk->fd, &message, MSG_NOSIGNAL), frame.len);
	json_decref(document);
	str_release(&frame);
}

void
desk_ask(struct desk *desk, const char *method, int n)
{
	desk_put(desk, json_pack("{s:i, s:s, s:{s:i}}", "id", n, "method", method, "args", "n", n),
		NULL, 0);
}

json_t *
desk_get(struct desk *desk)
{
	char bytes[4096];
	json_t *document = NULL;
	ssize_t got;

	while (wire_frames_take(&desk->in, &document) == WIRE_PART) {
		got = recv(desk->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (got <= 0) {
			return NULL;
		}
		assert_true(wire_frames_add(&desk->in, bytes, (size_t)got));
	}
	return document;
}

void
desk_get_code(struct desk *desk, char out[8])
{
	json_t *document = desk_get(desk);
	const char *code =
		json_string_value(json_object_get(json_object_get(document, "error"), "code"));

	(void)snprintf(out, 8, "%s", code ? code : "");
	json_decref(document);
}

bool
desk_is_closed(const struct desk *desk)
{
	char byte;

	return recv(desk->fd, &byte, 1, MSG_DONTWAIT) == 0;
}

struct desk
desk_connect(const struct house *house)
{
	struct desk desk = { .in = { .most = WIRE_ANSWER_MOST } };
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	desk.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", house->path);
	assert_int_equal(connect(desk.fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return desk;
}

struct desk
desk_open(struct house *house, const char *person)
{
	struct desk desk = desk_connect(house);
	json_t *welcome;

	desk_put(&desk,
		json_pack(
			"{s:{s:i, s:s, s:s}}", "hello", "protocol", 1, "lang", "ja", "as", person),
		NULL, 0);
	turn_all(house);
	welcome = desk_get(&desk);
	assert_true(json_is_true(json_object_get(json_object_get(welcome, "welcome"), "trial")));
	json_decref(welcome);
	return desk;
}

void
desk_close(struct desk *desk)
{
	(void)close(desk->fd);
	wire_frames_release(&desk->in);
}

size_t
open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	while (readdir(dir)) {
		n++;
	}
	(void)closedir(dir);
	return n;
}
