/* SPDX-License-Identifier: MIT */
/*
 * The server with a host that only writes down what it is asked: whose turn it is,
 * who is told of changes, which descriptors go where.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

#include "toban/wire/frame.h"
#include "toban/wire/server.h"

enum { DESKS = 4 };

/* The service under test, and what its doors were asked. */
struct house {
	char dir[64];
	char path[96];
	struct wire_host host;
	struct wire_server *server;
	int64_t written;
	char asked[4096]; /* "a1 b1 ": the person and the number of each request */
	ino_t file;       /* of the descriptor that came with the last request; 0 none */
	bool had_key;     /* the request had a key "fd" when it reached the door */
};

struct chair {
	struct house *house;
	char person[16];
};

struct desk {
	int fd;
	struct wire_frames in;
};

/* --- the host -------------------------------------------------------------------------- */

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

static void
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

static void
house_stop(struct house *house)
{
	wire_server_free(house->server);
	(void)unlink(house->path);
	(void)rmdir(house->dir);
}

/* Turns until nothing is left to do at once. */
static void
turn_all(struct house *house)
{
	struct pollfd one = { .fd = wire_server_fd(house->server), .events = POLLIN };

	while (poll(&one, 1, 0) == 1) {
		(void)wire_server_turn(house->server);
	}
}

/* --- desks ------------------------------------------------------------------------------- */

static void
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

static void
desk_ask(struct desk *desk, const char *method, int n)
{
	desk_put(desk, json_pack("{s:i, s:s, s:{s:i}}", "id", n, "method", method, "args", "n", n),
		NULL, 0);
}

/* The next document that is there; NULL: none, or the end. */
static json_t *
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

/* The code of the error that is next; "" when something else is. */
static void
desk_get_code(struct desk *desk, char out[8])
{
	json_t *document = desk_get(desk);
	const char *code =
		json_string_value(json_object_get(json_object_get(document, "error"), "code"));

	(void)snprintf(out, 8, "%s", code ? code : "");
	json_decref(document);
}

static bool
desk_is_closed(const struct desk *desk)
{
	char byte;

	return recv(desk->fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static struct desk
desk_connect(const struct house *house)
{
	struct desk desk = { .in = { .most = WIRE_ANSWER_MOST } };
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	desk.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", house->path);
	assert_int_equal(connect(desk.fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return desk;
}

static struct desk
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

static void
desk_close(struct desk *desk)
{
	(void)close(desk->fd);
	wire_frames_release(&desk->in);
}

static size_t
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

/* --- turns --------------------------------------------------------------------------------- */

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
		cmocka_unit_test(turn__many_requests_of_one__others_come_between),
		cmocka_unit_test(turn__gone_after_asking__it_is_done_and_nobody_harmed),
		cmocka_unit_test(push__who_wrote_is_not_told__others_once),
		cmocka_unit_test(push__reading_and_refusals__nobody_is_told),
		cmocka_unit_test(descriptor__sent_along__reaches_the_door_and_is_closed),
		cmocka_unit_test(descriptor__not_sent_or_too_many__no_key_and_no_leak),
		cmocka_unit_test(descriptor__in_a_result__goes_along_and_is_closed_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
